import { text } from '../../text/catalogue.ts';
import type { FailedFile } from '../../tracefile/read-files.ts';
import { FileError } from './file-error.tsx';

/** More are counted. */
const MAX_SHOWN = 10;

/** What could not be read, each file with its reason. */
export function FailedFiles({ files }: { readonly files: readonly FailedFile[] }) {
  return (
    <>
      {files.slice(0, MAX_SHOWN).map((file) => (
        <FileError key={file.name} file={file} />
      ))}
      {files.length > MAX_SHOWN && <p>{text.import.moreFailed(files.length - MAX_SHOWN)}</p>}
    </>
  );
}

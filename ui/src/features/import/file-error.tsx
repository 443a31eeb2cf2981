import { text } from '../../text/catalogue.ts';
import type { FailedFile } from '../../tracefile/read-files.ts';
import { Icon } from '../../widgets/icon.tsx';

/** Why a file cannot be read, and where. */
export function FileError({ file: { name, failure: error } }: { readonly file: FailedFile }) {
  return (
    <div className="problem" role="alert">
      <Icon name="error" />
      <div className="problem-text">
        <strong>{text.import.failed(name)}</strong>
        <p lang="en">{error.message}</p>
        {error.place !== '' && (
          <p>
            {text.import.place}: <code>{error.place}</code>
          </p>
        )}
        <code className="problem-code">{error.code}</code>
      </div>
    </div>
  );
}

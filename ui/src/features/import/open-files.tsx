import { text } from '../../text/catalogue.ts';
import type { DeskSummary } from '../../tracefile/trace-desk.ts';
import { FailedFiles } from './failed-files.tsx';
import { FileTraces } from './file-traces.tsx';

/** What the opened files hold, and what of them could not be read. */
export function OpenFiles({ summary, onClose }: { readonly summary: DeskSummary; readonly onClose: () => void }) {
  const { files, failed, traces, spanCount, invalidSpanCount, repeatedSpanCount } = summary;
  const isOfSeveral = files.length > 1;
  return (
    <section className="import-file" aria-labelledby="import-file">
      <FailedFiles files={failed} />
      <header>
        <h2 id="import-file">
          {text.import.opened(isOfSeveral ? text.import.files(files.length) : files.map(({ name }) => name).join())}
        </h2>
        <button type="button" className="button is-small" onClick={onClose}>
          {text.import.close(files.length)}
        </button>
      </header>
      <p className="import-lead">
        {isOfSeveral
          ? text.import.total(traces.length, spanCount)
          : text.import.summary(traces.length, spanCount, text.import.formats[files[0].format])}
      </p>
      {isOfSeveral && (
        <ul className="import-files" aria-label={text.import.list}>
          {files.map((file) => (
            <li key={file.name}>
              <strong>{file.name}</strong>{' '}
              {text.import.summary(file.traceCount, file.spanCount, text.import.formats[file.format])}
            </li>
          ))}
        </ul>
      )}
      {invalidSpanCount > 0 && <p>{text.import.invalid(invalidSpanCount)}</p>}
      {repeatedSpanCount > 0 && <p>{text.import.repeated(repeatedSpanCount)}</p>}
      {traces.length > 0 && <FileTraces traces={traces} isOfSeveral={isOfSeveral} />}
    </section>
  );
}

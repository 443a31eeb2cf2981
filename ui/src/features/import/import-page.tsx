import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { closeFile, useImportedFile } from '../../tracefile/imported-file.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { FileChooser } from './file-chooser.tsx';
import { FileError } from './file-error.tsx';
import { FileTraces } from './file-traces.tsx';
import './import.css';

/** Opens a file of traces and lists what is in it. */
export function ImportPage() {
  useTitle(text.import.page);
  const state = useImportedFile();
  return (
    <div className="import">
      <h1>{text.import.page}</h1>
      <p className="import-lead">{text.import.lead}</p>
      {state.kind === 'reading' && (
        <p className="import-reading" role="status">
          <span className="progress" />
          {text.import.reading(state.name, formatBytes(state.byteCount))}
        </p>
      )}
      {state.kind === 'failed' && <FileError name={state.name} error={state.error} />}
      {state.kind === 'open' && (
        <section className="import-file" aria-labelledby="import-file">
          <header>
            <h2 id="import-file">{text.import.opened(state.name)}</h2>
            <button type="button" className="button is-small" onClick={closeFile}>
              {text.import.close}
            </button>
          </header>
          <p className="import-lead">
            {text.import.summary(
              state.summary.traces.length,
              state.summary.spanCount,
              text.import.formats[state.summary.format],
            )}
          </p>
          {state.summary.invalidSpanCount > 0 && <p>{text.import.invalid(state.summary.invalidSpanCount)}</p>}
          {state.summary.traces.length > 0 && <FileTraces traces={state.summary.traces} />}
        </section>
      )}
      <FileChooser />
    </div>
  );
}

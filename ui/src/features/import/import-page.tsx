import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { closeFiles, useImportedFiles } from '../../tracefile/imported-files.ts';
import { useTitle } from '../../widgets/use-title.ts';
import { FailedFiles } from './failed-files.tsx';
import { FileChooser } from './file-chooser.tsx';
import { OpenFiles } from './open-files.tsx';
import './import.css';

/** Opens files of traces and lists what is in them. */
export function ImportPage() {
  useTitle(text.import.page);
  const state = useImportedFiles();
  return (
    <div className="import">
      <h1>{text.import.page}</h1>
      <p className="import-lead">{text.import.lead}</p>
      {state.kind === 'reading' && (
        <p className="import-reading" role="status">
          <span className="progress" />
          {text.import.reading(text.import.filesOf(state.names), formatBytes(state.byteCount))}
        </p>
      )}
      {state.kind === 'failed' && <FailedFiles files={state.failed} />}
      {state.kind === 'open' && <OpenFiles summary={state.summary} onClose={closeFiles} />}
      <FileChooser />
    </div>
  );
}

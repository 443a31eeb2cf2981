import { TRACE_FILE_LIMITS } from '@clew/wire/file/trace-file-limits';
import { useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import { MAX_FILE_BYTES, MAX_FILES } from '../../tracefile/file-limits.ts';
import { Icon } from '../../widgets/icon.tsx';
import { useOpenFiles } from './use-open-files.ts';

const MIB = 1024 * 1024;

/** A button that opens files, with what can be read. */
export function FileChooser() {
  const field = useRef<HTMLInputElement>(null);
  const open = useOpenFiles();
  return (
    <div className="file-chooser">
      <p className="file-chooser-act">
        <input
          ref={field}
          type="file"
          multiple
          className="visually-hidden"
          aria-label={text.import.choose}
          tabIndex={-1}
          onChange={(event) => {
            open(event.target.files ?? []);
            event.target.value = '';
          }}
        />
        <button type="button" className="button is-primary" onClick={() => field.current?.click()}>
          <Icon name="upload" />
          {text.import.choose}
        </button>
        <span>{text.import.orDrop}</span>
      </p>
      <h2>{text.import.forms}</h2>
      <ul>
        {text.import.formList.map((form) => (
          <li key={form}>{form}</li>
        ))}
      </ul>
      <p className="file-chooser-limits">
        {text.import.limits(MAX_FILES, MAX_FILE_BYTES / MIB, TRACE_FILE_LIMITS.maxSpans)}
      </p>
    </div>
  );
}

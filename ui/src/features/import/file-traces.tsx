import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatInstant, millisOfNanos } from '../../text/format-time.ts';
import type { FileTrace } from '../../tracefile/batch-traces.ts';

/** Rows shown at once; the rest comes on request. */
const FIRST_ROWS = 200;
const SHOWN_SERVICES = 4;

/** The traces of the opened files, the largest first. */
export function FileTraces(props: {
  readonly traces: readonly FileTrace[];
  /** Of several, each trace says where it is from. */
  readonly isOfSeveral: boolean;
}) {
  const { traces, isOfSeveral } = props;
  const [shown, setShown] = useState(FIRST_ROWS);
  const { columns } = text.import;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="file-traces" tabIndex={0} aria-label={columns.trace}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.trace}</th>
            <th scope="col">{columns.start}</th>
            <th scope="col" className="is-number">
              {columns.duration}
            </th>
            <th scope="col" className="is-number">
              {columns.spans}
            </th>
            <th scope="col" className="is-number">
              {columns.errors}
            </th>
            <th scope="col">{columns.services}</th>
            {isOfSeveral && <th scope="col">{columns.file}</th>}
          </tr>
        </thead>
        <tbody>
          {traces.slice(0, shown).map((trace) => (
            <tr key={trace.traceId}>
              <th scope="row">
                <Link to="/import/$traceId" params={{ traceId: trace.traceId }}>
                  {trace.rootName === '' ? text.import.noRoot : `${trace.rootService} ${trace.rootName}`}
                </Link>
                <code>{trace.traceId}</code>
              </th>
              <td>{formatInstant(millisOfNanos(trace.startTimeUnixNano))}</td>
              <td className="is-number">{formatDuration(trace.durationNano)}</td>
              <td className="is-number">{formatCount(trace.spanCount)}</td>
              <td className={`is-number ${trace.errorCount > 0 ? 'is-error' : ''}`}>{formatCount(trace.errorCount)}</td>
              <td>
                {trace.services.slice(0, SHOWN_SERVICES).join(', ')}
                {trace.services.length > SHOWN_SERVICES && ` +${trace.services.length - SHOWN_SERVICES}`}
              </td>
              {isOfSeveral && <td title={trace.fileNames.join('\n')}>{text.import.filesOf(trace.fileNames)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      {traces.length > shown && (
        <button type="button" className="button" onClick={() => setShown(traces.length)}>
          {text.import.more(traces.length - shown)}
        </button>
      )}
    </section>
  );
}

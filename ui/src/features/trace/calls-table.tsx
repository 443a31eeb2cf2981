import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import type { ServiceCalls } from './trace-graph.ts';
import type { TraceSummary } from './trace-summary.ts';

/** The calls of the map as a table. */
export function CallsTable(props: {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  readonly calls: readonly ServiceCalls[];
  /** Nanoseconds of the critical path; 0 while it is not known. */
  readonly total: number;
  readonly onOpen: (row: number) => void;
}) {
  const { trace, summary, calls, total } = props;
  const { services } = trace.columns;
  const { columns, hints } = text.traceMap;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className="calls-table" tabIndex={0} aria-label={text.traceMap.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{columns.from}</th>
            <th scope="col">{columns.to}</th>
            {(['count', 'errors', 'total', 'critical'] as const).map((column) => (
              <th key={column} scope="col" className="is-number" title={hints[column]}>
                {columns[column]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {calls.map((call) => (
            <tr key={`${call.from} ${call.to}`}>
              <td>
                <ServiceDot {...summary.colours[call.from]} /> {services[call.from]}
              </td>
              <th scope="row">
                <ServiceDot {...summary.colours[call.to]} />{' '}
                <button
                  type="button"
                  className="link-button"
                  title={text.traceMap.openLongest}
                  onClick={() => props.onOpen(call.longestRow)}
                >
                  {services[call.to]}
                </button>
              </th>
              <td className="is-number">{formatCount(call.count)}</td>
              <td className={`is-number ${call.errorCount > 0 ? 'is-error' : ''}`}>{formatCount(call.errorCount)}</td>
              <td className="is-number">{formatDuration(call.total)}</td>
              <td className="is-number">{total === 0 ? '' : text.dock.percent(call.critical / total)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import { groupSpans, type SpanGroup, type SpanGrouping } from '@clew/analysis';
import { useMemo, useState } from 'react';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { ServiceDot } from '../../widgets/service-dot.tsx';
import type { TraceSummary } from './trace-summary.ts';
import './span-table.css';

/** Rows shown at once; the rest comes on request, so that a trace of 50,000 names stays quick. */
const FIRST_ROWS = 200;
const GROUPINGS: readonly SpanGrouping[] = ['name', 'service', 'kind', 'status'];

const COLUMNS = ['count', 'errors', 'total', 'self', 'p50', 'p95', 'max'] as const;
type Column = (typeof COLUMNS)[number];

interface SpanTableProps {
  readonly trace: TraceModel;
  readonly summary: TraceSummary;
  /** Opens the longest span of a group. */
  readonly onOpen: (row: number) => void;
  /** Marks the spans of a group in the waterfall. */
  readonly onFind: (words: string) => void;
}

/** The spans of the trace by group, with their times: what took the time, and how evenly. */
export function SpanTable({ trace, summary, onOpen, onFind }: SpanTableProps) {
  const [by, setBy] = useState<SpanGrouping>('name');
  const [sort, setSort] = useState<{ readonly column: Column; readonly rising: boolean }>({
    column: 'self',
    rising: false,
  });
  const [shown, setShown] = useState(FIRST_ROWS);
  const groups = useMemo(() => groupSpans(trace.columns, trace.selfTime, by), [trace, by]);
  const busy = useMemo(() => trace.selfTime.reduce((sum, time) => sum + time, 0), [trace]);
  const sorted = useMemo(() => {
    const sign = sort.rising ? 1 : -1;
    return [...groups].sort((a, b) => sign * (a[sort.column] - b[sort.column]));
  }, [groups, sort]);
  const sortBy = (column: Column): void =>
    setSort((now) => ({ column, rising: now.column === column ? !now.rising : false }));

  return (
    <div className="span-table">
      <label className="span-table-by">
        {text.trace.table.groupBy}
        <select value={by} onChange={(event) => setBy(GROUPINGS.find((one) => one === event.target.value) ?? 'name')}>
          {GROUPINGS.map((one) => (
            <option key={one} value={one}>
              {text.trace.table.groupings[one]}
            </option>
          ))}
        </select>
        <span className="muted">{text.trace.table.groups(groups.length)}</span>
      </label>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section className="span-table-scroll" tabIndex={0} aria-label={text.trace.table.label}>
        <table>
          <thead>
            <tr>
              <th scope="col">{text.trace.table.groupings[by]}</th>
              {COLUMNS.map((column) => (
                <th
                  key={column}
                  scope="col"
                  className="is-number"
                  aria-sort={sort.column !== column ? 'none' : sort.rising ? 'ascending' : 'descending'}
                >
                  <button type="button" title={text.trace.table.hints[column]} onClick={() => sortBy(column)}>
                    {text.trace.table.columns[column]}
                    <span aria-hidden="true">{sort.column !== column ? '' : sort.rising ? ' ↑' : ' ↓'}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, shown).map((group) => (
              <GroupRow
                key={`${group.service ?? ''} ${group.key}`}
                {...{ group, by, busy, summary, trace, onOpen, onFind }}
              />
            ))}
          </tbody>
        </table>
        {sorted.length > shown && (
          <button type="button" className="button" onClick={() => setShown(sorted.length)}>
            {text.trace.table.more(sorted.length - shown)}
          </button>
        )}
      </section>
    </div>
  );
}

interface GroupRowProps extends SpanTableProps {
  readonly group: SpanGroup;
  readonly by: SpanGrouping;
  /** Nanoseconds of self time of the whole trace. */
  readonly busy: number;
}

function GroupRow({ group, by, busy, summary, trace, onOpen, onFind }: GroupRowProps) {
  const label = labelOf(group, by);
  const share = busy === 0 ? 0 : (100 * group.self) / busy;
  return (
    <tr>
      <th scope="row">
        {group.service !== undefined && <ServiceDot {...summary.colours[trace.columns.service[group.longestRow]]} />}
        {by === 'name' && <span className="muted">{group.service} </span>}
        {by === 'kind' || by === 'status' ? (
          label
        ) : (
          <button type="button" className="link" title={text.trace.table.find(label)} onClick={() => onFind(label)}>
            {label === '' ? text.trace.namelessSpan : label}
          </button>
        )}
      </th>
      <td className="is-number">{formatCount(group.count)}</td>
      <td className={`is-number ${group.errors > 0 ? 'is-error' : ''}`}>{formatCount(group.errors)}</td>
      <td className="is-number">{formatDuration(group.total)}</td>
      <td className="is-number">
        <svg className="share" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect width={share} height={6} />
        </svg>
        {formatDuration(group.self)} <span className="muted">{text.trace.dock.share(share)}</span>
      </td>
      <td className="is-number">{formatDuration(group.p50)}</td>
      <td className="is-number">{formatDuration(group.p95)}</td>
      <td className="is-number">
        <button type="button" className="link" title={text.trace.table.open} onClick={() => onOpen(group.longestRow)}>
          {formatDuration(group.max)}
        </button>
      </td>
    </tr>
  );
}

function labelOf(group: SpanGroup, by: SpanGrouping): string {
  if (by === 'kind') return text.trace.kinds[Number(group.key)] ?? group.key;
  if (by === 'status') return text.trace.statuses[Number(group.key)] ?? group.key;
  return group.key;
}

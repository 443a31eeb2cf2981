import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { formatCountDifference, formatDifference, formatRelative } from './format-difference.ts';

interface Total {
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly format: (value: number) => string;
  readonly difference: (more: number) => string;
  readonly note?: string;
  /** More of it is worse. */
  readonly isBad: boolean;
}

/** The traces in five figures each, side by side. */
export function TraceTotals({ a, b }: { readonly a: TraceModel; readonly b: TraceModel }) {
  const { totals } = text.compare;
  const servicesA = servicesOf(a);
  const servicesB = servicesOf(b);
  const onlyA = [...servicesA].filter((service) => !servicesB.has(service));
  const onlyB = [...servicesB].filter((service) => !servicesA.has(service));
  const notes = [
    ...(onlyA.length > 0 ? [totals.onlyIn('A', onlyA)] : []),
    ...(onlyB.length > 0 ? [totals.onlyIn('B', onlyB)] : []),
  ].join(' · ');
  const count = { format: formatCount, difference: formatCountDifference };
  const rows: Total[] = [
    {
      ...{ name: totals.duration, a: a.columns.durationNano, b: b.columns.durationNano, isBad: true },
      ...{ format: formatDuration, difference: formatDifference },
    },
    { ...count, name: totals.spans, a: a.columns.spanCount, b: b.columns.spanCount, isBad: false },
    { ...count, name: totals.errors, a: a.errorRows.length, b: b.errorRows.length, isBad: true },
    { ...count, name: totals.services, a: servicesA.size, b: servicesB.size, note: notes, isBad: false },
    { ...count, name: totals.depth, a: a.maxDepth + 1, b: b.maxDepth + 1, isBad: false },
  ];
  return (
    <dl className="compare-totals" aria-label={totals.label}>
      {rows.map((row) => (
        <div key={row.name} className="compare-total">
          <dt>{row.name}</dt>
          <dd className="compare-total-values">
            <span>
              <i>A</i> {row.format(row.a)}
            </span>
            <span>
              <i>B</i> {row.format(row.b)}
            </span>
          </dd>
          <dd className={differenceClass(row)}>
            {row.a !== row.b && <i className={`triangle ${row.b > row.a ? 'is-up' : 'is-down'}`} />}
            {row.a === row.b ? totals.equal : `${row.difference(row.b - row.a)} ${formatRelative(row.a, row.b)}`}
          </dd>
          {row.note !== undefined && row.note !== '' && (
            <dd className="compare-total-note" title={row.note}>
              {row.note}
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

function differenceClass({ a, b, isBad }: Total): string {
  if (a === b || !isBad) return 'compare-total-difference';
  return `compare-total-difference ${b > a ? 'is-worse' : 'is-better'}`;
}

function servicesOf({ columns }: TraceModel): Set<string> {
  const seen = new Uint8Array(columns.services.length);
  for (const service of columns.service) seen[service] = 1;
  return new Set(columns.services.filter((_, index) => seen[index] === 1));
}

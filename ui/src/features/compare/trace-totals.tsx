import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import { formatCountDifference, formatDifference } from './format-difference.ts';
import { type Total, TotalsList } from './totals-list.tsx';

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
  return <TotalsList label={totals.label} totals={rows} />;
}

function servicesOf({ columns }: TraceModel): Set<string> {
  const seen = new Uint8Array(columns.services.length);
  for (const service of columns.service) seen[service] = 1;
  return new Set(columns.services.filter((_, index) => seen[index] === 1));
}

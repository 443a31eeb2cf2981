import type { CompareAnswer, ComparedPopulation } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import {
  formatCountDifference,
  formatDifference,
  formatPercent,
  formatPoints,
  formatRate,
} from './format-difference.ts';
import { type Total, TotalsList } from './totals-list.tsx';

/** Rate, errors and durations of both sides' matching spans. */
export function PopulationTotals({ a, b }: Pick<CompareAnswer, 'a' | 'b'>) {
  const { figures } = text.compare.populations;
  const duration = (name: string, of: 'mean' | 'p50' | 'p95' | 'p99'): Total[] =>
    a.durationNano === null || b.durationNano === null
      ? []
      : [
          {
            ...{ name, a: a.durationNano[of], b: b.durationNano[of], isBad: true },
            ...{ format: formatDuration, difference: formatDifference },
          },
        ];
  const share = ({ spanCount, errorCount }: ComparedPopulation): number =>
    spanCount === 0 ? 0 : errorCount / spanCount;
  const totals: Total[] = [
    {
      ...{ name: figures.spans, a: Math.round(a.spanCount), b: Math.round(b.spanCount), isBad: false },
      ...{ format: formatCount, difference: formatCountDifference },
    },
    {
      ...{ name: figures.rate, a: a.perSecond, b: b.perSecond, isBad: false },
      ...{
        format: formatRate,
        difference: (more) => `${more < 0 ? '\u2212' : '+'}${formatRate(Math.abs(more))}`,
      },
    },
    {
      ...{ name: figures.errors, a: share(a), b: share(b), isBad: true },
      ...{ format: formatPercent, difference: formatPoints },
    },
    ...duration(figures.mean, 'mean'),
    ...duration(figures.p50, 'p50'),
    ...duration(figures.p95, 'p95'),
    ...duration(figures.p99, 'p99'),
  ];
  return <TotalsList label={figures.label} totals={totals} />;
}

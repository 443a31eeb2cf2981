import type { MetricsAggregate } from '../tree.ts';
import type { Exemplar, Series } from './series.ts';
import type { TimeBuckets } from './time-buckets.ts';
import type { TraceSpans } from './trace-spans.ts';

/** A span that counts. */
export interface CountedSpan {
  readonly trace: TraceSpans;
  readonly position: number;
  readonly bucket: number;
  readonly weight: number;
}

/** Collects spans into series. */
export interface SeriesGatherer {
  add(span: CountedSpan): void;
  /** The series of all spans so far; `exemplars` in all. */
  series(buckets: TimeBuckets, exemplars: number): readonly Series[];
}

export type MetricsFunctionAggregate = MetricsAggregate & { kind: 'metrics-function' };
export type CompareAggregate = MetricsAggregate & { kind: 'compare' };

/** A span that may be shown beside its series. */
export interface ExemplarCandidate extends Exemplar {
  readonly seriesKey: string;
}

/** Of the candidates of each bucket as many as wanted in all, from as many buckets as there are, evenly spaced. */
export function spreadExemplars(
  candidates: ReadonlyMap<number, readonly ExemplarCandidate[]>,
  count: number,
): readonly ExemplarCandidate[] {
  const buckets = [...candidates.keys()].sort((a, b) => a - b).map((bucket) => candidates.get(bucket) ?? []);
  if (count < buckets.length) {
    return Array.from({ length: count }, (_, i) => buckets[Math.floor((i * buckets.length) / count)][0]);
  }
  const chosen: ExemplarCandidate[] = [];
  for (let round = 0; chosen.length < count; round++) {
    const further = buckets.flatMap((bucket) => bucket[round] ?? []);
    if (further.length === 0) break;
    chosen.push(...further.slice(0, count - chosen.length));
  }
  return chosen;
}

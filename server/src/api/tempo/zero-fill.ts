import type { MetricsFunction } from '@clew/traceql';
import type { TempoSample, TempoSeries } from '@clew/wire/tempo/tempo-messages';
import { bucketEnd } from '../../query/metrics/bucket-grid.ts';
import type { MetricsResult } from '../../query/metrics/query-metrics.ts';

/** They say 0 of a bucket without spans; the others say nothing. */
const COUNTING: readonly MetricsFunction[] = ['rate', 'count_over_time', 'histogram_over_time'];

/**
 * Where spans are counted, a bucket without is zero in every series there is. A series that shows up in one piece of a
 * range gets the zeros of the others.
 */
export class ZeroFill {
  readonly #isCounted: boolean;
  /** Labels of the series so far. */
  readonly #labels = new Map<string, TempoSeries['labels']>();
  readonly #pastTimes: bigint[] = [];

  constructor(measure: MetricsFunction) {
    this.#isCounted = COUNTING.includes(measure);
  }

  /** The series of the next piece, with zeros where it has none and for the pieces before. */
  fill(series: readonly TempoSeries[], grid: MetricsResult['grid']): readonly TempoSeries[] {
    if (!this.#isCounted) return series;
    const times = Array.from({ length: grid.count }, (_, bucket) => bucketEnd(grid, bucket) / 1_000_000n);
    const present = new Map(series.map((one) => [keyOf(one.labels), one] as const));
    const filled: TempoSeries[] = [];
    for (const [key, one] of present) {
      const isNew = !this.#labels.has(key);
      this.#labels.set(key, one.labels);
      filled.push(isNew ? { ...one, samples: [...one.samples, ...zerosAt(this.#pastTimes)] } : one);
    }
    for (const [key, labels] of this.#labels) {
      if (!present.has(key)) filled.push({ labels, samples: zerosAt(times), exemplars: [] });
    }
    this.#pastTimes.push(...times);
    return filled;
  }
}

function zerosAt(times: readonly bigint[]): readonly TempoSample[] {
  return times.map((timestampMs) => ({ timestampMs, value: 0 }));
}

function keyOf(labels: TempoSeries['labels']): string {
  return JSON.stringify(labels.map(({ key, value }) => [key, value.type, 'value' in value ? String(value.value) : '']));
}

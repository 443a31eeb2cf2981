import type { FoundAttribute, FoundExemplar, FoundSeries, MetricsAnswer } from '@clew/contract';

/** A span that a shown series counts, at its place in the chart. */
export interface SeriesExample {
  readonly traceId: string;
  readonly spanId: string;
  readonly startMs: number;
  /** What was measured of it; null where it was only counted. */
  readonly measured: number | null;
  /** Index of its series among those that are shown. */
  readonly series: number;
  readonly bucket: number;
  /** Of its series in its bucket: the point lies on the line. */
  readonly value: number;
}

/**
 * The examples of a measuring, placed on the series of the one that is shown: of spans of series or times that are not
 * shown there are none. Newest first.
 */
export function placeExamples(
  answer: MetricsAnswer,
  shown: readonly FoundSeries[],
  measured: readonly FoundSeries[],
): readonly SeriesExample[] {
  const indexes = new Map(shown.map((one, index) => [keyOf(one.labels), index]));
  const examples = measured.flatMap(({ labels, exemplars = [] }) => {
    const series = indexes.get(keyOf(labels));
    if (series === undefined) return [];
    return exemplars.flatMap((exemplar): SeriesExample[] => {
      const bucket = bucketOf(answer, exemplar);
      const value = shown[series].values[bucket] ?? null;
      if (value === null) return [];
      const { traceId, spanId, startTimeUnixNano, value: own } = exemplar;
      const startMs = Number(BigInt(startTimeUnixNano) / 1_000_000n);
      return [{ traceId, spanId, startMs, measured: own, series, bucket, value }];
    });
  });
  return examples.sort((a, b) => b.startMs - a.startMs || a.series - b.series);
}

function keyOf(labels: readonly FoundAttribute[]): string {
  return JSON.stringify(labels.map(({ name, type, value }) => [name, type, value]));
}

/** Buckets hold the spans that start after their begin, up to their end. */
function bucketOf({ startUnixNano, stepNano }: MetricsAnswer, { startTimeUnixNano }: FoundExemplar): number {
  const offset = BigInt(startTimeUnixNano) - BigInt(startUnixNano);
  return offset <= 0n ? -1 : Number((offset - 1n) / BigInt(stepNano));
}

/** Series of the functions over time; compare() is in compare-series.ts. */
import type { Span } from '@clew/model';
import { printExpression } from '../print.ts';
import type { FieldReference } from '../tree.ts';
import { addToCell, type Cell, totalWeight, weightedQuantile, weightedSum } from './cells.ts';
import type { CountedSpan, ExemplarCandidate, MetricsFunctionAggregate, SeriesGatherer } from './gather-series.ts';
import { spreadExemplars } from './gather-series.ts';
import { histogramBucket, measureOf } from './measure.ts';
import { readField } from './read-field.ts';
import { type Exemplar, labelsKey, type Series, type SeriesLabel, textLabel } from './series.ts';
import type { TimeBuckets } from './time-buckets.ts';
import { plainValue, type Value } from './value.ts';

/** A span with what is counted of it. */
export interface MeasuredSpan {
  readonly span: Pick<Span, 'traceId' | 'spanId' | 'startTimeUnixNano'>;
  /** Of the function's field; undefined where the function has none. */
  readonly value: Value;
  /** Of by(), or the function's name. */
  readonly labels: readonly SeriesLabel[];
  /** `labelsKey` of the labels. */
  readonly key: string;
  readonly bucket: number;
  readonly weight: number;
}

interface Gathered {
  readonly labels: readonly SeriesLabel[];
  readonly cells: Map<number, Cell>;
}

const NANOS_PER_SECOND = 1e9;

/** `maxExemplars` bounds what is kept of each bucket; `perDoubling` as of histogramBucket. */
export class FunctionSeries implements SeriesGatherer {
  readonly #aggregate: MetricsFunctionAggregate;
  readonly #maxExemplars: number;
  readonly #perDoubling: number;
  readonly #gathered = new Map<string, Gathered>();
  readonly #candidates = new Map<number, ExemplarCandidate[]>();

  constructor(aggregate: MetricsFunctionAggregate, maxExemplars: number, perDoubling = 1) {
    this.#aggregate = aggregate;
    this.#maxExemplars = maxExemplars;
    this.#perDoubling = perDoubling;
  }

  add(counted: CountedSpan): void {
    const { trace, position, bucket, weight } = counted;
    const { field } = this.#aggregate;
    const value = field === undefined ? undefined : readField(field, trace, position);
    const labels = this.#labelsOf(counted);
    this.addSpan({ span: trace.spans[position].span, value, labels, key: labelsKey(labels), bucket, weight });
  }

  /** The same of a span whose values are known. */
  addSpan({ span, value, labels, key, bucket, weight }: MeasuredSpan): void {
    const { field, function: name } = this.#aggregate;
    const measure = field === undefined ? 1 : measureOf(value);
    if (measure === undefined) return;
    const histogram = name === 'histogram_over_time' ? (histogramBucket(value, this.#perDoubling) ?? 0) : undefined;
    const seriesKey = histogram === undefined ? key : `${key} ${histogram}`;
    let gathered = this.#gathered.get(seriesKey);
    if (gathered === undefined) {
      const own = histogram === undefined ? labels : [...labels, bucketLabel(histogram)];
      gathered = { labels: own, cells: new Map() };
      this.#gathered.set(seriesKey, gathered);
    }
    addToCell(gathered.cells, bucket, measure, weight);
    this.#noteCandidate(span, bucket, seriesKey, measure);
  }

  series(buckets: TimeBuckets, exemplars: number): readonly Series[] {
    const shown = spreadExemplars(this.#candidates, exemplars);
    return [...this.#gathered].flatMap(([key, { labels, cells }]) => {
      const own = shown.filter(({ seriesKey }) => seriesKey === key).map(withoutKey);
      // Several quantiles are several series of the same spans.
      return this.#seriesOf(labels, cells, buckets).map((series, index) => {
        return { ...series, exemplars: index === 0 ? own : [] };
      });
    });
  }

  #labelsOf({ trace, position }: CountedSpan): SeriesLabel[] {
    const { by, function: name } = this.#aggregate;
    if (by.length === 0) return [textLabel('__name__', name)];
    return by.map((field: FieldReference) => {
      return { name: printExpression(field), value: plainValue(readField(field, trace, position)) };
    });
  }

  #noteCandidate(span: MeasuredSpan['span'], bucket: number, seriesKey: string, value: number): void {
    const candidates = this.#candidates.get(bucket) ?? [];
    if (candidates.length >= this.#maxExemplars) return;
    const { traceId, spanId, startTimeUnixNano: startUnixNano } = span;
    candidates.push({ traceId, spanId, startUnixNano, value, seriesKey });
    this.#candidates.set(bucket, candidates);
  }

  #seriesOf(
    labels: readonly SeriesLabel[],
    cells: ReadonlyMap<number, Cell>,
    { endsUnixNano, stepNano }: TimeBuckets,
  ): Omit<Series, 'exemplars'>[] {
    const points = (read: (cell: Cell) => number | undefined, absent: number | undefined) =>
      endsUnixNano.map((_, bucket) => {
        const cell = cells.get(bucket);
        return cell === undefined ? absent : read(cell);
      });
    const stepSeconds = Number(stepNano) / NANOS_PER_SECOND;
    switch (this.#aggregate.function) {
      case 'rate':
        return [{ labels, values: points((cell) => totalWeight(cell) / stepSeconds, 0) }];
      case 'count_over_time':
      case 'histogram_over_time':
        return [{ labels, values: points(totalWeight, 0) }];
      case 'min_over_time':
        return [{ labels, values: points(({ values }) => values.reduce((a, b) => Math.min(a, b)), undefined) }];
      case 'max_over_time':
        return [{ labels, values: points(({ values }) => values.reduce((a, b) => Math.max(a, b)), undefined) }];
      case 'sum_over_time':
        return [{ labels, values: points(weightedSum, undefined) }];
      case 'avg_over_time':
        return [{ labels, values: points((cell) => weightedSum(cell) / totalWeight(cell), undefined) }];
      case 'quantile_over_time':
        return this.#aggregate.quantiles.map((q) => ({
          labels: [...labels, { name: 'p', value: { type: 'float', value: q } }],
          values: points((cell) => weightedQuantile(cell, q), undefined),
        }));
    }
  }
}

function bucketLabel(value: number): SeriesLabel {
  return { name: '__bucket', value: { type: 'float', value } };
}

function withoutKey({ traceId, spanId, startUnixNano, value }: ExemplarCandidate): Exemplar {
  return { traceId, spanId, startUnixNano, value };
}

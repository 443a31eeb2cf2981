import { compareText } from '../compare-statics.ts';
import { printAttribute } from '../print.ts';
import type { Intrinsic } from '../tree.ts';
import { compileCondition, type TestSpan } from './compile-expression.ts';
import type { CompareAggregate, CountedSpan, SeriesGatherer } from './gather-series.ts';
import { type PlainValue, valueKey, valueText } from './plain-value.ts';
import { readField } from './read-field.ts';
import { type Series, type SeriesLabel, textLabel } from './series.ts';
import type { TimeBuckets } from './time-buckets.ts';
import { plainValue } from './value.ts';

type Side = 'baseline' | 'selection';

/** Besides the attributes of span and resource. */
const COMPARED_INTRINSICS: readonly Intrinsic[] = [
  'name',
  'kind',
  'status',
  'rootName',
  'rootServiceName',
  'statusMessage',
];

const DEFAULT_TOP_N = 10;

/** Weights by bucket. */
type Counts = Map<number, number>;

interface CountedValue {
  readonly value: PlainValue;
  readonly counts: Counts;
}

/** An attribute on one side: how often it occurs, with which values. */
interface CountedAttribute {
  readonly total: Counts;
  readonly values: Map<string, CountedValue>;
}

/** compare(): how often every value occurs in the selection, and in all other spans. */
export class CompareSeries implements SeriesGatherer {
  readonly #aggregate: CompareAggregate;
  readonly #isSelected: TestSpan;
  readonly #sides: Readonly<Record<Side, Map<string, CountedAttribute>>> = {
    baseline: new Map(),
    selection: new Map(),
  };

  constructor(aggregate: CompareAggregate) {
    this.#aggregate = aggregate;
    this.#isSelected = compileCondition(aggregate.selection.expression);
  }

  add(counted: CountedSpan): void {
    const side = this.#sides[this.#sideOf(counted)];
    for (const { name, value } of comparedValues(counted)) {
      if (value.type === 'nil') continue;
      const attribute = side.get(name) ?? { total: new Map(), values: new Map() };
      side.set(name, attribute);
      const of = attribute.values.get(valueKey(value)) ?? { value, counts: new Map() };
      attribute.values.set(valueKey(value), of);
      for (const counts of [attribute.total, of.counts]) {
        counts.set(counted.bucket, (counts.get(counted.bucket) ?? 0) + counted.weight);
      }
    }
  }

  series(buckets: TimeBuckets): readonly Series[] {
    const topN = this.#aggregate.topN ?? DEFAULT_TOP_N;
    return (['baseline', 'selection'] as const).flatMap((side) =>
      [...this.#sides[side]].flatMap(([name, attribute]) => seriesOf(side, name, attribute, topN, buckets)),
    );
  }

  #sideOf({ trace, position }: CountedSpan): Side {
    const { startUnixNano, endUnixNano } = this.#aggregate;
    const start = trace.spans[position].span.startTimeUnixNano;
    const isInTime =
      startUnixNano === undefined || endUnixNano === undefined || (start >= startUnixNano && start < endUnixNano);
    return isInTime && this.#isSelected(trace, position) ? 'selection' : 'baseline';
  }
}

function comparedValues({ trace, position }: CountedSpan): SeriesLabel[] {
  const { span, resource } = trace.spans[position];
  const at = { from: 0, to: 0 };
  const values: SeriesLabel[] = COMPARED_INTRINSICS.map((intrinsic) => {
    return { name: intrinsic, value: plainValue(readField({ kind: 'intrinsic', intrinsic, at }, trace, position)) };
  });
  for (const [scope, attributes] of [
    ['span', span.attributes],
    ['resource', resource.attributes],
  ] as const) {
    for (const key of new Set(attributes.map((attribute) => attribute.key))) {
      const value = readField({ kind: 'attribute', scope, key, at }, trace, position);
      values.push({ name: printAttribute(scope, key), value: plainValue(value) });
    }
  }
  return values;
}

function seriesOf(
  side: Side,
  name: string,
  { total, values }: CountedAttribute,
  topN: number,
  { endsUnixNano }: TimeBuckets,
): Series[] {
  const nothing: SeriesLabel = { name, value: { type: 'nil' } };
  const build = (labels: readonly SeriesLabel[], counts: Counts): Series => {
    return { labels, values: endsUnixNano.map((_, bucket) => counts.get(bucket) ?? 0), exemplars: [] };
  };
  const ranked = [...values.values()].sort((a, b) => {
    return sumOf(b.counts) - sumOf(a.counts) || compareText(valueText(a.value), valueText(b.value));
  });
  const type = textLabel('__meta_type', side);
  const series = ranked.slice(0, topN).map(({ value, counts }) => build([type, { name, value }], counts));
  if (ranked.length > topN) {
    series.push(build([type, textLabel('__meta_error', '__too_many_values__'), nothing], new Map()));
  }
  series.push(build([textLabel('__meta_type', `${side}_total`), nothing], total));
  return series;
}

function sumOf(counts: Counts): number {
  let sum = 0;
  for (const count of counts.values()) sum += count;
  return sum;
}

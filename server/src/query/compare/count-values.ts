import type { ValueCounts } from '@clew/analysis';
import type { FoundAttribute } from '@clew/contract';
import { valueText } from '@clew/traceql/evaluate/plain-value';
import type { Series } from '@clew/traceql/evaluate/series';
import { foundAttribute } from '../search/found-span.ts';
import type { ComparisonReads } from './comparison-reads.ts';
import type { Population } from './population.ts';

/** Spans of a side whose attributes are counted; of more, a sample by chance. */
export const MAX_ATTRIBUTE_SPANS = 100_000;
/** Values counted one by one of each attribute; the rest is summed up. */
export const MAX_COUNTED_VALUES = 200;
/** Attributes times values. */
const MAX_SERIES = 100_000;

/** What the matching spans of a side have. */
export interface AttributeCounts {
  /** Spans that were looked at. */
  readonly spans: number;
  readonly isAll: boolean;
  readonly attributes: ReadonlyMap<string, ValueCounts>;
}

/** @param spanCount matching spans, for how large a part of them to look at. */
export async function countValues(
  reads: ComparisonReads,
  population: Population,
  spanCount: number,
): Promise<AttributeCounts> {
  const share = spanCount > MAX_ATTRIBUTE_SPANS ? MAX_ATTRIBUTE_SPANS / spanCount : 1;
  const measure = await population.measure(
    reads,
    // Every span is of the selection: the other side of compare() is another query here.
    `compare({ true }, ${MAX_COUNTED_VALUES})`,
    MAX_SERIES,
    share < 1 ? { of: 'spans', share } : undefined,
  );
  const counted = new Map<string, CountedAttribute>();
  for (const series of measure.series) addSeries(counted, series);
  // Every span has a name, so that all of them are counted there; a span may stand for several.
  const weight = counted.get('name')?.total ?? 0;
  const spans = measure.sampling?.spans ?? Math.round(weight * share);
  const scale = weight === 0 ? 1 : spans / weight;
  const attributes = new Map([...counted].map(([name, one]) => [name, valueCounts(one, scale)]));
  return { spans, isAll: share === 1 && measure.statistics.complete, attributes };
}

interface CountedAttribute {
  total: number;
  isCut: boolean;
  readonly values: Map<string, number>;
}

/** Labels are `__meta_type`, perhaps `__meta_error`, then the attribute with its value. */
function addSeries(counted: Map<string, CountedAttribute>, { labels, values }: Series): void {
  const attribute = labels.at(-1);
  const type = labels.find(({ name }) => name === '__meta_type');
  if (attribute === undefined || type === undefined || attribute === type) return;
  const one: CountedAttribute = counted.get(attribute.name) ?? { total: 0, isCut: false, values: new Map() };
  counted.set(attribute.name, one);
  const count = values[0] ?? 0;
  if (labels.some(({ name }) => name === '__meta_error')) one.isCut = true;
  else if (valueText(type.value) === '"selection_total"') one.total = count;
  else one.values.set(valueKey(foundAttribute(attribute)), count);
}

/** Counts of spans that were looked at, as they bear on what chance makes, from what they stand for. */
function valueCounts({ total, isCut, values }: CountedAttribute, scale: number): ValueCounts {
  const listed = [...values.values()].reduce((sum, count) => sum + count, 0);
  const least = Math.min(...values.values());
  // No value that is not listed is more frequent than the rarest that is.
  const more = isCut && least > 0 ? Math.max(1, Math.ceil((total - listed) / least)) : 0;
  return {
    total: total * scale,
    distinct: values.size + more,
    values: new Map([...values].map(([value, count]) => [value, count * scale])),
  };
}

type TypedValue = Pick<FoundAttribute, 'type' | 'value'>;

/** A value with its type as one text; `typedValue` takes it apart. */
function valueKey({ type, value }: TypedValue): string {
  return `${type} ${value}`;
}

export function typedValue(key: string): TypedValue {
  const at = key.indexOf(' ');
  return { type: key.slice(0, at) as TypedValue['type'], value: key.slice(at + 1) };
}

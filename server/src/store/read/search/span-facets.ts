import { type AttributeValue, SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import { PROMOTED_ATTRIBUTES } from '../../schema/promoted-attributes.ts';
import type { FacetValue, SpanFacet, SpanFacets } from '../../span-order.ts';
import type { Read, TimeRange } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import { loadResources, type StoredResource } from '../load-catalogue.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';
import { newestFirst } from '../time-slices.ts';

/** Spans whose attributes are counted, the newest. About 15 attributes each: 300,000 values in the engine's memory. */
const MAX_FACET_SPANS = 20_000;
/** Keys of an answer. */
const MAX_FACETS = 200;
/** Values of a key. */
const MAX_FACET_VALUES = 10;
/** Bytes of a value; longer ones count for their key alone. */
const MAX_FACET_VALUE_BYTES = 256;
/** Different resources of the counted spans that are looked up. */
const MAX_FACET_RESOURCES = 2_000;

interface FacetRow {
  readonly scope: 'intrinsic' | 'span' | 'resource-id';
  readonly key: string;
  readonly spans: string;
  readonly different: string;
  readonly top: readonly (readonly [count: string, label: string, value: string])[];
}

/** Which keys the newest matching spans have, and their most frequent values; as far as it got where a limit stopped it. */
export async function loadSpanFacets(
  runner: StatementRunner,
  tenant: string,
  filter: FieldExpression,
  range: TimeRange,
): Promise<Read<SpanFacets>> {
  try {
    const types = await loadAttributeTypes(runner, tenant, filter);
    const sample = await sampledRange(runner, tenant, filter, range, types);
    if (sample.spanCount === 0) return { value: { ...sample, facets: [] }, statistics: runner.statistics() };
    const statement = facetsStatement(tenant, filter, sample.range, types);
    const rows = await runner.rows<FacetRow>(statement, {}, 'attributes of the newest matching spans');
    const ids = rows.find(({ scope }) => scope === 'resource-id')?.top ?? [];
    const resources = await loadResources(
      runner,
      tenant,
      ids.map(([, , id]) => id),
    );
    const own = rows.flatMap(facetOf);
    const facets = [...own, ...resourceFacets(ids, resources)].sort(compareUsage).slice(0, MAX_FACETS);
    return {
      value: { spanCount: sample.spanCount, isSample: sample.isSample, facets },
      statistics: runner.statistics(),
    };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: { spanCount: 0, isSample: true, facets: [] }, statistics: runner.statistics(reason) };
  }
}

interface Sample {
  readonly range: TimeRange;
  /** Spans that are counted. */
  readonly spanCount: number;
  readonly isSample: boolean;
}

/** The newest part of the range that holds enough matching spans. */
async function sampledRange(
  runner: StatementRunner,
  tenant: string,
  filter: FieldExpression,
  range: TimeRange,
  types: AttributeTypes,
): Promise<Sample> {
  let spans = 0;
  let fromUnixNano = range.toUnixNano;
  for (const slice of newestFirst(range)) {
    const scope = new TenantScope(tenant);
    const source = scope.from('spans', [
      startInRange(slice, scope.parameters),
      compileFilter(filter, { scope, range: slice, types }),
    ]);
    const statement = scope.statement(`SELECT toString(count()) AS spans ${source}`);
    const [row] = await runner.rows<{ readonly spans: string }>(statement, {}, 'how many of the newest spans match');
    spans += Number(row?.spans ?? 0);
    ({ fromUnixNano } = slice);
    if (spans >= MAX_FACET_SPANS) break;
  }
  const isSample = spans > MAX_FACET_SPANS || (spans === MAX_FACET_SPANS && fromUnixNano > range.fromUnixNano);
  return {
    range: { fromUnixNano, toUnixNano: range.toUnixNano },
    spanCount: Math.min(spans, MAX_FACET_SPANS),
    isSample,
  };
}

const PROMOTED_FACETS = PROMOTED_ATTRIBUTES.map(({ key, column, columnType }) => {
  return `('span', '${key}', '${columnType === 'UInt16' ? 'int' : 'string'}', toString(${column}))`;
}).join(', ');

const MAP_FACETS = (['string', 'int', 'double', 'bool'] as const)
  .map((type) => {
    const column = `attributes_${type}`;
    return (
      `arrayMap((key, value) -> ('span', toString(key), '${type}', toString(value)), ` +
      `mapKeys(${column}), mapValues(${column}))`
    );
  })
  .join(', ');

/** Of a span: (where, key, type, text) of everything it has. */
const FACETS_SQL =
  "arrayConcat([('intrinsic', 'service', 'string', toString(service)), ('intrinsic', 'name', 'string', toString(name)), " +
  "('intrinsic', 'status', 'status', toString(status)), ('intrinsic', 'kind', 'kind', toString(kind)), " +
  "('resource-id', '', 'id', toString(resource_id))], " +
  // An empty column says that the attribute is not there, or in a map.
  `arrayFilter(facet -> facet.4 != '' AND facet.4 != '0', [${PROMOTED_FACETS}]), ${MAP_FACETS})`;

const COLUMNS = [
  'service, name, status, kind, resource_id, attributes_string, attributes_int, attributes_double, attributes_bool',
  ...PROMOTED_ATTRIBUTES.map(({ column }) => column),
].join(', ');

function facetsStatement(
  tenant: string,
  filter: FieldExpression,
  range: TimeRange,
  types: AttributeTypes,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = scope.from('spans', [startInRange(range, parameters), compileFilter(filter, { scope, range, types })]);
  const isLong = `length(facet.4) > ${MAX_FACET_VALUE_BYTES}`;
  const counted =
    `SELECT facet.1 AS scope, facet.2 AS key, if(${isLong}, 'long', facet.3) AS label, ` +
    `if(${isLong}, '', facet.4) AS value, count() AS number ` +
    `FROM (SELECT arrayJoin(${FACETS_SQL}) AS facet FROM (SELECT ${COLUMNS} ${source} ` +
    `ORDER BY start DESC LIMIT ${parameters.uint64(MAX_FACET_SPANS)})) GROUP BY scope, key, label, value`;
  return scope.statement(
    'SELECT scope, key, toString(sum(number)) AS spans, toString(count()) AS different, arrayMap(one -> ' +
      '[toString(one.1), one.2, one.3], arraySlice(arraySort(one -> (-toInt64(one.1), one.3), ' +
      `groupArray((number, label, value))), 1, if(scope = 'resource-id', ${MAX_FACET_RESOURCES}, ${MAX_FACET_VALUES}))) ` +
      `AS top FROM (${counted}) GROUP BY scope, key ORDER BY sum(number) DESC, key ` +
      `LIMIT ${parameters.uint64(MAX_FACETS + 5)}`,
  );
}

function facetOf({ scope, key, spans, different, top }: FacetRow): SpanFacet[] {
  if (scope === 'resource-id') return [];
  const values = top.flatMap(([count, label, value]): FacetValue[] => {
    const number = Number(count);
    if (label === 'long') return [];
    if (label === 'status') return [{ type: 'status', value: STATUS_CODES[Number(value)] ?? value, count: number }];
    if (label === 'kind') return [{ type: 'kind', value: SPAN_KINDS[Number(value)] ?? value, count: number }];
    if (label === 'bool') return [{ type: 'bool', value: String(value === 'true' || value === '1'), count: number }];
    return [{ type: label === 'int' || label === 'double' ? label : 'string', value, count: number }];
  });
  return [{ scope, key, spanCount: Number(spans), valueCount: Number(different), values }];
}

/** Attributes of resources, weighed by how many of the spans are theirs. */
function resourceFacets(
  ids: readonly (readonly [count: string, label: string, value: string])[],
  resources: ReadonlyMap<string, StoredResource>,
): SpanFacet[] {
  const keys = new Map<string, Map<string, FacetValue>>();
  for (const [count, , id] of ids) {
    for (const { key, value } of resources.get(id)?.resource.attributes ?? []) {
      const plain = plainValue(value);
      // The service has a column of its own, and comes first.
      if (plain === undefined || key === 'service.name') continue;
      const values = keys.get(key) ?? new Map<string, FacetValue>();
      keys.set(key, values);
      const name = `${plain.type} ${plain.value}`;
      values.set(name, { ...plain, count: (values.get(name)?.count ?? 0) + Number(count) });
    }
  }
  return [...keys].map(([key, values]) => {
    const all = [...values.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
    return {
      scope: 'resource',
      key,
      spanCount: all.reduce((sum, { count }) => sum + count, 0),
      valueCount: all.length,
      values: all.filter(({ value }) => value.length <= MAX_FACET_VALUE_BYTES).slice(0, MAX_FACET_VALUES),
    };
  });
}

function plainValue(value: AttributeValue): Omit<FacetValue, 'count'> | undefined {
  switch (value.type) {
    case 'string':
    case 'int':
    case 'double':
    case 'bool':
      return { type: value.type, value: String(value.value) };
    default:
      return undefined;
  }
}

/** Keys of most spans first; of as many, those with fewer values: they divide better. What divides nothing comes last. */
function compareUsage(a: SpanFacet, b: SpanFacet): number {
  return (
    Number(isUseless(a)) - Number(isUseless(b)) ||
    b.spanCount - a.spanCount ||
    a.valueCount - b.valueCount ||
    (a.key < b.key ? -1 : 1)
  );
}

/** All spans have the same value, or most one of their own. */
function isUseless({ spanCount, valueCount }: SpanFacet): boolean {
  return valueCount === 1 || (valueCount > 20 && 2 * valueCount > spanCount);
}

/**
 * compare(): how often each value of each attribute occurs in a selection of spans, and how often in the others, as
 * three statements: what lies in the spans, what lies in their resources, and the roots of their traces. A row of an
 * answer is one attribute on one side.
 */
import type { MetricsAggregate } from '@clew/traceql';
import { PROMOTED_ATTRIBUTES } from '../../schema/promoted-attributes.ts';
import type { SpanMeasure } from '../../span-measure.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import type { CompileContext } from '../../sql/compile-context.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { NO_PARENT_SQL } from '../../sql/intrinsic-branches.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { ROOT_ORDER_SQL } from '../../sql/trace-facts.ts';
import { spansOfTraces } from '../../sql/whole-traces.ts';
import { bucketOf, compileContext, rowWeight, trySpanConditions } from './measure-statement.ts';

export type CompareAggregate = MetricsAggregate & { kind: 'compare' };

export interface CompareRequest extends SpanMeasure {
  readonly tenant: string;
  readonly aggregate: CompareAggregate;
  readonly types: AttributeTypes | undefined;
}

/** Values kept beyond the wanted ones, so that ties are decided by the printed value, as everywhere. */
const SPARE_VALUES = 100;

/** First letter of an attribute's name in an answer: where it lies. */
export const IN_SPAN = 'S';
export const IN_RESOURCE = 'R';
export const INTRINSIC = 'I';

/** Undefined when SQL cannot say the filter or the selection. */
export function tryCompareStatements(request: CompareRequest): TenantStatement[] | undefined {
  const statements = [ofSpans, ofResources, ofRoots].map((build) => build(request));
  return statements.every((statement) => statement !== undefined) ? statements : undefined;
}

/** What all three count: the spans with bucket, side, `columns`, and their weight, which is worked out once for a span. */
function trySpans(request: CompareRequest, context: CompileContext, columns: readonly string[]): string | undefined {
  const { scope } = context;
  const conditions = trySpanConditions(context, request);
  const side = trySide(request, context);
  if (conditions === undefined || side === undefined) return undefined;
  const all = [
    `${bucketOf(request.grid, scope.parameters)} AS g_bucket`,
    `${side} AS g_side`,
    ...columns,
    ...(request.extrapolate ? [`${SPAN_WEIGHT_SQL} AS span_weight`] : []),
  ];
  return `SELECT ${all.join(', ')} ${scope.from('spans', conditions)}`;
}

/** Rows of `spans` by bucket, side and `key`. */
function counted(request: CompareRequest, spans: string, key: string): string {
  const sampled = request.extrapolate ? 'countIf(span_weight > 1)' : 'sum(toUInt64(0))';
  return (
    `SELECT g_bucket, g_side, ${key}, ${sampled} AS sampled, count() AS spans, sum(${rowWeight(request)}) AS weight ` +
    `FROM (${spans}) GROUP BY g_bucket, g_side, ${key}`
  );
}

/** 1 for a span of the selection. */
function trySide({ aggregate }: CompareRequest, context: CompileContext): string | undefined {
  const { selection, startUnixNano, endUnixNano } = aggregate;
  const { sql, exact } = compileBounds(selection.expression, context);
  if (!exact) return undefined;
  const { parameters } = context.scope;
  const conditions = [`(${sql})`];
  if (startUnixNano !== undefined && endUnixNano !== undefined) {
    conditions.push(`start >= ${parameters.time(startUnixNano)}`, `start < ${parameters.time(endUnixNano)}`);
  }
  // Conditions on LowCardinality columns are LowCardinality themselves, and toUInt8 keeps that.
  return `CAST(${conditions.join(' AND ')}, 'UInt8')`;
}

function ofSpans(request: CompareRequest): TenantStatement | undefined {
  const scope = new TenantScope(request.tenant);
  const promoted = PROMOTED_ATTRIBUTES.map(({ key, column, columnType }) => {
    const [none, tagged] =
      columnType === 'UInt16' ? ['0', `concat('i', toString(${column}))`] : ["''", `concat('s', ${column})`];
    return `('${IN_SPAN}${key}', if(${column} != ${none}, ${tagged}, ''))`;
  });
  const intrinsics = [
    ['name', 's', 'name'],
    ['kind', 'K', 'kind'],
    ['status', 'S', 'status'],
    ['statusMessage', 's', 'status_message'],
  ].map(([name, tag, column]) => `('${INTRINSIC}${name}', concat('${tag}', toString(${column})))`);
  // One array that is filtered costs half of what one array for each column does. What is there has a tag.
  const columns = `arrayFilter(pair -> pair.2 != '', [${[...intrinsics, ...promoted].join(', ')}])`;
  const pairs = `arrayConcat(${[columns, ...mapPairs(IN_SPAN)].join(', ')})`;
  const spans = trySpans(request, compileContext(scope, request), [`${pairs} AS pairs`]);
  if (spans === undefined) return undefined;
  // Two texts as keys: grouping by a tuple of them takes half as long again.
  const each = `SELECT *, pair.1 AS attribute, pair.2 AS value FROM (SELECT * EXCEPT pairs, arrayJoin(pairs) AS pair FROM (${spans}))`;
  return answerOf(scope, request, counted(request, each, 'attribute, value'));
}

function ofResources(request: CompareRequest): TenantStatement | undefined {
  const scope = new TenantScope(request.tenant);
  const spans = trySpans(request, compileContext(scope, request), ['resource_id']);
  if (spans === undefined) return undefined;
  const pairs = `arrayConcat(${mapPairs(IN_RESOURCE).join(', ')})`;
  const described = `SELECT id, ${pairs} AS pairs ${scope.from('resources')} LIMIT 1 BY id`;
  return answerOf(
    scope,
    request,
    summedUp(
      `SELECT g_bucket, g_side, arrayJoin(pairs) AS pair, sampled, spans, weight FROM (${counted(request, spans, 'resource_id')}) AS counted ` +
        `INNER JOIN (${described}) AS described ON counted.resource_id = described.id`,
    ),
  );
}

function ofRoots(request: CompareRequest): TenantStatement | undefined {
  const scope = new TenantScope(request.tenant);
  const context = compileContext(scope, request);
  const spans = trySpans(request, context, ['trace_id']);
  if (spans === undefined) return undefined;
  const conditions = trySpanConditions(context, request);
  if (conditions === undefined) return undefined;
  const own = scope.from('spans', conditions);
  // Of the roots in the range most are of other traces.
  const isRoot = `${NO_PARENT_SQL} AND trace_id IN (SELECT trace_id ${own})`;
  const roots =
    `SELECT trace_id, argMin(name, ${ROOT_ORDER_SQL}) AS root_name, argMin(service, ${ROOT_ORDER_SQL}) AS root_service ` +
    `FROM (${spansOfTraces('trace_id, start, span_id, name, service', isRoot, context, own)}) GROUP BY trace_id`;
  const pairs =
    `[('${INTRINSIC}rootName', concat('s', toString(root_name))), ` +
    `('${INTRINSIC}rootServiceName', concat('s', toString(root_service)))]`;
  return answerOf(
    scope,
    request,
    summedUp(
      `SELECT g_bucket, g_side, arrayJoin(${pairs}) AS pair, sampled, spans, weight FROM (${counted(request, spans, 'trace_id')}) AS counted ` +
        `INNER JOIN (${roots}) AS roots ON counted.trace_id = roots.trace_id`,
    ),
  );
}

/** Every attribute of a row with typed maps, as (place and key, tagged value). */
function mapPairs(place: string): string[] {
  const tagged = {
    attributes_string: "concat('s', value)",
    attributes_int: "concat('i', toString(value))",
    attributes_double: "concat('d', toString(value + 0.))",
    attributes_bool: "concat('b', toString(toUInt8(value)))",
    attributes_other: "concat('o', hex(value))",
  };
  return Object.entries(tagged).map(
    ([map, value]) =>
      `arrayMap((key, value) -> (concat('${place}', key), ${value}), mapKeys(${map}), mapValues(${map}))`,
  );
}

/** A row for each bucket, side, attribute and value, of rows of which several may have the same pair of them. */
function summedUp(rows: string): string {
  return (
    'SELECT g_bucket, g_side, pair.1 AS attribute, pair.2 AS value, sum(some.weight) AS weight, ' +
    'sum(some.spans) AS spans, sum(some.sampled) AS sampled ' +
    `FROM (${rows}) AS some GROUP BY g_bucket, g_side, attribute, value`
  );
}

/**
 * From rows of bucket, side, attribute, value and weights to a row for each attribute of each side. Its most frequent values are
 * sorted as rows: an array of tuples that is kept sorted compares them one by one.
 */
function answerOf(scope: TenantScope, { aggregate }: CompareRequest, rows: string): TenantStatement {
  const values =
    'SELECT g_side, attribute, value, groupArray(g_bucket) AS buckets, ' +
    'groupArray(counted.weight) AS weights, sum(counted.weight) AS total, ' +
    'sum(counted.spans) AS spans, sum(counted.sampled) AS sampled ' +
    `FROM (${rows}) AS counted GROUP BY g_side, attribute, value`;
  const kept = (aggregate.topN ?? DEFAULT_TOP_N) + SPARE_VALUES;
  const ranked =
    'SELECT *, row_number() OVER (PARTITION BY g_side, attribute ORDER BY total DESC, value) AS place ' +
    `FROM (${values})`;
  return scope.statement(
    'SELECT g_side AS side, attribute, count() AS distinct, sumMap(buckets, weights) AS totals, ' +
      `groupArrayIf((-total, value, buckets, weights), place <= ${kept}) AS top, ` +
      `sum(ranked.spans) AS spans, sum(ranked.sampled) AS sampled, sum(total) AS weight FROM (${ranked}) AS ranked ` +
      'GROUP BY g_side, attribute ORDER BY side, attribute',
  );
}

export const DEFAULT_TOP_N = 10;

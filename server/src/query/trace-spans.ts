/** What one trace is asked for span by span: which spans a query finds, and one value of every span. */
import type { SpanValues, TraceId } from '@clew/model';
import { type FieldExpression, parseFilterSyntax, printExpression } from '@clew/traceql';
import { planColumns, preparePipeline } from '@clew/traceql/columnar';
import { type PlainValue, prepareQuery, valueText } from '@clew/traceql/evaluate';
import type { ReadOptions, SpanRows, SpanSearch, SpanStore } from '../store/span-store.ts';
import { parseField } from './parse-filter.ts';
import { QueryError } from './query-error.ts';
import { planSearch } from './search/plan-search.ts';
import { MAX_TRACE_SPANS } from './search/trace-judge.ts';
import { parseSearch } from './search.ts';

/** Different values told apart; what is beyond shares one. */
const MAX_VALUES = 65_536;
const OTHER_VALUES = '(other values)';
/** UTF-16 units of a value; the details of a span show the whole. */
const MAX_VALUE_LENGTH = 256;

export interface TraceSpansRequest {
  readonly tenant: string;
  readonly traceId: TraceId;
  readonly options?: ReadOptions;
}

/**
 * The spans of the trace that a TraceQL query finds, of all its spansets; each once.
 * @throws TraceqlError, QueryError QUERY_TRACE_TOO_LARGE
 */
export async function matchTrace(
  store: SpanStore,
  { tenant, traceId, text, options = {} }: TraceSpansRequest & { readonly text: string },
): Promise<SpanValues> {
  const query = parseSearch(text);
  const search = store.openSearch(tenant, options);
  const { tier } = planSearch(query, search);
  if (tier === 'whole-traces') {
    return matchWhole(search, traceId, prepareQuery(query));
  }
  const columns = planColumns(query.pipeline);
  const rows = await search.spanRows({ columns, traceIds: [traceId], required: [] });
  if (rows === undefined) throw tooLarge(traceId);
  if (rows.traceIds.length === 0) return spansOf(rows, []);
  const sets = preparePipeline(query.pipeline, columns)(rows.table, 0);
  return spansOf(rows, [...new Set(sets.flatMap((set) => [...set.rows]))]);
}

/** What SQL cannot say is judged over the whole trace. */
async function matchWhole(
  search: SpanSearch,
  traceId: TraceId,
  evaluate: ReturnType<typeof prepareQuery>,
): Promise<SpanValues> {
  const size = (await search.spanCounts([traceId], [])).get(traceId) ?? 0;
  if (size > MAX_TRACE_SPANS) throw tooLarge(traceId);
  const data = size === 0 ? undefined : (await search.wholeTraces([traceId])).get(traceId);
  const results = data === undefined ? [] : evaluate(data);
  const spans = results.flatMap(({ spansets }) => spansets.flatMap((set) => set.spans.map(({ span }) => span)));
  const ids = new Uint8Array(spans.length * 8);
  for (const [at, { spanId }] of spans.entries()) ids.set(Buffer.from(spanId, 'hex'), at * 8);
  const start = BigInt64Array.from(spans, ({ startTimeUnixNano }) => BigInt.asIntN(64, startTimeUnixNano));
  return { count: spans.length, start, spanId: new Int32Array(ids.buffer) };
}

/**
 * One attribute or intrinsic of every span of the trace that has it.
 * @throws QueryError QUERY_FIELD_INVALID, QUERY_TRACE_TOO_LARGE
 */
export async function traceValues(
  store: SpanStore,
  { tenant, traceId, name, options = {} }: TraceSpansRequest & { readonly name: string },
): Promise<SpanValues> {
  const field = parseField(name);
  const exists = existsCondition(field);
  const search = store.openSearch(tenant, options);
  if (!search.reads(field) || !search.decides(exists)) {
    throw new QueryError(
      'QUERY_FIELD_INVALID',
      `field: '${printExpression(field)}' has no single value in each span. Name an attribute of spans or resources.`,
    );
  }
  const columns = { conditions: [exists], groups: [field], numbers: [], needsAllSpans: false };
  const rows = await search.spanRows({ columns, traceIds: [traceId], required: [] });
  if (rows === undefined) throw tooLarge(traceId);
  const spans = { count: rows.starts.length, start: rows.starts, spanId: rows.table.spanIds };
  const [group] = rows.table.groups;
  if (group === undefined) return { ...spans, values: [], value: new Uint32Array(0) };
  return { ...spans, ...bounded(group.values, group.ids) };
}

function existsCondition(field: FieldExpression): FieldExpression {
  return parseFilterSyntax(`{ ${printExpression(field)} != nil }`).expression;
}

function bounded(values: readonly PlainValue[], ids: Uint32Array): { values: string[]; value: Uint32Array } {
  const texts = values.slice(0, MAX_VALUES).map(plainText);
  if (values.length <= MAX_VALUES) return { values: texts, value: ids };
  return { values: [...texts, OTHER_VALUES], value: ids.map((id) => Math.min(id, MAX_VALUES)) };
}

function plainText(value: PlainValue): string {
  const text = value.type === 'string' ? value.value : valueText(value);
  return text.length > MAX_VALUE_LENGTH ? `${text.slice(0, MAX_VALUE_LENGTH - 1)}…` : text;
}

function spansOf({ starts, table }: SpanRows, rows: readonly number[]): SpanValues {
  const spanId = new Int32Array(rows.length * 2);
  for (const [at, row] of rows.entries()) {
    spanId[at * 2] = table.spanIds[row * 2];
    spanId[at * 2 + 1] = table.spanIds[row * 2 + 1];
  }
  return { count: rows.length, start: BigInt64Array.from(rows, (row) => starts[row]), spanId };
}

function tooLarge(traceId: TraceId): QueryError {
  return new QueryError(
    'QUERY_TRACE_TOO_LARGE',
    `trace ${traceId} has more spans for this question than can be looked at. Ask for fewer: name a service or a span name.`,
  );
}

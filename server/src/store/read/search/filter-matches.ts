import type { SpanId, TraceId } from '@clew/model';
import type { FilterMatch, FilterMatchRequest, MatchedSpan } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { traceIdIn } from '../../sql/trace-id-in.ts';
import { loadResources, type StoredResource } from '../load-catalogue.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { SUMMARY_COLUMNS, type SummaryRow, summaryOf } from '../summarize-traces.ts';
import { loadTraceBounds, startWithin } from '../trace-bounds.ts';
import { ValueColumns } from './value-columns.ts';

/** Kind and status as text, since the tuple is one JSON array; the first members order the spans. */
const MATCHED_MEMBERS =
  '-toInt128(duration), toUnixTimestamp64Nano(start), lower(hex(span_id)), ' +
  'toString(service), toString(name), toString(kind), toString(status), toString(resource_id)';

/** JSON: 64-bit and larger integers are text. */
type MatchedTuple = readonly [
  negativeDuration: string,
  start: string,
  spanId: string,
  service: string,
  name: string,
  kind: string,
  status: string,
  resourceId: string,
  values: readonly (readonly [type: string, text: string])[],
];

interface MatchRow extends SummaryRow {
  readonly matchedCount: string;
  readonly sampledCount: string;
  readonly matchedWeight: number;
  readonly newest: string;
  readonly top: readonly MatchedTuple[];
}

/**
 * Whole-trace facts, number of matching spans, the newest and the longest of them: all that a page of results shows,
 * in one statement over the spans of the traces, since planning a statement on the wide table costs more than reading
 * a few traces.
 */
export async function loadFilterMatches(
  runner: StatementRunner,
  tenant: string,
  { filter, range, traceIds, spansPerTrace, shown }: FilterMatchRequest,
  types: AttributeTypes,
): Promise<ReadonlyMap<TraceId, FilterMatch>> {
  const matches = new Map<TraceId, FilterMatch>();
  const bounds = traceIds.length === 0 ? undefined : await loadTraceBounds(runner, tenant, traceIds);
  if (bounds === undefined) return matches;
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const context = { scope, range, traceIds, types };
  const isMatch = `(${startInRange(range, parameters)}) AND (${compileFilter(filter, context)})`;
  const values = shown.map((expression, at) => ValueColumns.beside(`v${at}`, expression, context));
  const tuple = `(${MATCHED_MEMBERS}, [${values.map(({ labelled }) => labelled).join(', ')}])`;
  const source = scope.from('spans', [startWithin(bounds, parameters), traceIdIn(traceIds, parameters)]);
  const top =
    spansPerTrace === 0
      ? '[]'
      : // Keeps no more than these of a trace, however many match. A parameter of the function: a number in the text.
        `groupArraySortedIf(${Math.trunc(spansPerTrace)})(${tuple}, is_match)`;
  const statement = scope.statement(
    `WITH (${isMatch}) AS is_match, (${SPAN_WEIGHT_SQL}) AS span_weight ` +
      `SELECT ${SUMMARY_COLUMNS}, toString(countIf(is_match)) AS matchedCount, ` +
      'toString(countIf(is_match AND span_weight > 1)) AS sampledCount, sumIf(span_weight, is_match) AS matchedWeight, ' +
      `toString(maxIf(toUnixTimestamp64Nano(start), is_match)) AS newest, ${top} AS top ` +
      `${source} GROUP BY trace_id HAVING countIf(is_match) > 0`,
  );
  const rows = await runner.rows<MatchRow>(statement, {}, 'matches and facts of candidate traces');
  const isAsked = values.some(({ resourceKey }) => resourceKey !== undefined);
  const resourceIds = isAsked ? new Set(rows.flatMap(({ top: spans }) => spans.map((span) => span[7]))) : [];
  const resources = await loadResources(runner, tenant, [...resourceIds]);
  for (const row of rows) {
    const match = matchOf(row, values, resources);
    matches.set(match.traceId, match);
  }
  return matches;
}

function matchOf(
  row: MatchRow,
  values: readonly ValueColumns[],
  resources: ReadonlyMap<string, StoredResource>,
): FilterMatch {
  const traceId = row.id as TraceId;
  return {
    traceId,
    newestMatchUnixNano: BigInt(row.newest),
    matchedCount: Number(row.matchedCount),
    sampledCount: Number(row.sampledCount),
    matchedWeight: row.matchedWeight,
    summary: summaryOf(row),
    matched: row.top.map((tuple) => spanOf(traceId, tuple, values, resources)),
  };
}

function spanOf(
  traceId: TraceId,
  [negativeDuration, start, spanId, service, name, kind, status, resourceId, shown]: MatchedTuple,
  values: readonly ValueColumns[],
  resources: ReadonlyMap<string, StoredResource>,
): MatchedSpan {
  return {
    traceId,
    spanId: spanId as SpanId,
    service,
    name,
    kind: Number(kind),
    statusCode: Number(status),
    startUnixNano: BigInt.asUintN(64, BigInt(start)),
    durationNano: -BigInt(negativeDuration),
    values: values.map((value, at) =>
      value.fromLabelled(shown[at][0], shown[at][1], resources.get(resourceId)?.resource),
    ),
  };
}

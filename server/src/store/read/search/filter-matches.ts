import type { SpanId, TraceId } from '@clew/model';
import { spanWeight } from '@clew/traceql/evaluate';
import type { FilterMatch, FilterMatchRequest, MatchedSpan } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { THRESHOLD_DIGITS_SQL } from '../../sql/span-weight.ts';
import { startExactlyInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { loadResources, type StoredResource } from '../load-catalogue.ts';
import { byTrace, FACT_COLUMNS, FACT_GROUP, type FactRow, summaryOf } from '../read-summaries.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { loadNearTraces, type NearTraces, spansOfTraces } from '../trace-bounds.ts';
import { ValueColumns } from './value-columns.ts';

/** The first members order the spans. JSON: 64-bit and larger integers are text. */
const MATCHED_MEMBERS = '-toInt128(duration), toUnixTimestamp64Nano(start), lower(hex(span_id)), name, kind, status';

type MatchedTuple = readonly [
  negativeDuration: string,
  start: string,
  spanId: string,
  name: string,
  kind: number,
  status: number,
  /** Empty where no value is looked for in it: a column less to read. */
  resourceId: string,
  values: readonly (readonly [type: string, text: string])[],
];

/** What a service has of a trace. */
interface MatchRow extends FactRow {
  readonly matched: string;
  readonly newest: string;
  /** Of matching spans with a trace state: thresholds of the sampler, hex digits or none, and how many spans have them. */
  readonly thresholds: readonly [digits: readonly string[], spans: readonly string[]];
  readonly top: readonly MatchedTuple[];
}

/** A span and the service it is of, which is not a member of the tuple. */
interface MatchedRow {
  readonly service: string;
  readonly tuple: MatchedTuple;
}

/**
 * Whole-trace facts, number of matching spans, the newest and the longest of them: all that a page of results shows,
 * in one statement over the spans of the traces, since planning a statement on the wide table costs more than reading
 * a few traces.
 */
export async function loadFilterMatches(
  runner: StatementRunner,
  tenant: string,
  request: FilterMatchRequest,
  types: AttributeTypes,
): Promise<ReadonlyMap<TraceId, FilterMatch>> {
  const matches = new Map<TraceId, FilterMatch>();
  const asked = (await loadNearTraces(runner, tenant, request.traceIds)).map((near) =>
    matchesStatement(tenant, request, types, near),
  );
  if (asked.length === 0) return matches;
  // The same for all: what was found is read by their types.
  const [{ values }] = asked;
  const { spansPerTrace } = request;
  const answers = await Promise.all(
    asked.map(({ statement }) => runner.rows<MatchRow>(statement, {}, 'matches and facts of candidate traces')),
  );
  const rows = answers.flat();
  const resourceIds = needResources(values)
    ? new Set(rows.flatMap(({ top: spans }) => spans.map((span) => span[6])))
    : [];
  const resources = await loadResources(runner, tenant, [...resourceIds]);
  for (const [traceId, facts] of byTrace(rows)) {
    const found = facts.filter(({ matched }) => matched !== '0');
    if (found.length === 0) continue;
    const spans = longest(found, spansPerTrace);
    matches.set(traceId, {
      ...matchOf(traceId, found),
      summary: summaryOf(traceId, facts),
      matched: spans.map((span) => spanOf(traceId, span, values, resources)),
    });
  }
  return matches;
}

function needResources(values: readonly ValueColumns[]): boolean {
  return values.some(({ resourceKey }) => resourceKey !== undefined);
}

function matchesStatement(
  tenant: string,
  { filter, range, spansPerTrace, shown }: FilterMatchRequest,
  types: AttributeTypes,
  { traceIds, bounds }: NearTraces,
): { readonly statement: TenantStatement; readonly values: readonly ValueColumns[] } {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const context = { scope, range, traceIds, types };
  // Planned as often as the alias is used. It leaves out no granule, so the sort key's buckets are not asked about.
  const isMatch = `(${startExactlyInRange(range, parameters)}) AND (${compileFilter(filter, context)})`;
  const values = shown.map((expression, at) => ValueColumns.beside(`v${at}`, expression, context));
  const resourceId = needResources(values) ? 'resource_id' : "''";
  const tuple = `(${MATCHED_MEMBERS}, ${resourceId}, [${values.map(({ labelled }) => labelled).join(', ')}])`;
  const source = spansOfTraces(scope, traceIds, bounds);
  const top =
    spansPerTrace === 0
      ? '[]'
      : // Keeps no more than these of a trace, however many match. A parameter of the function: a number in the text.
        `groupArraySortedIf(${Math.trunc(spansPerTrace)})(${tuple}, is_match)`;
  const statement = scope.statement(
    `WITH (${isMatch}) AS is_match SELECT ${FACT_COLUMNS}, countIf(is_match) AS matched, ` +
      'maxIf(toUnixTimestamp64Nano(start), is_match) AS newest, ' +
      `sumMapIf([${THRESHOLD_DIGITS_SQL}], [toUInt64(1)], is_match AND trace_state != '') AS thresholds, ` +
      `${top} AS top ${source} ${FACT_GROUP}`,
  );
  return { statement, values };
}

/** @param rows of the services that have a matching span. */
function matchOf(traceId: TraceId, rows: readonly MatchRow[]): Omit<FilterMatch, 'summary' | 'matched'> {
  let newest: bigint | undefined;
  let [matchedCount, sampledCount, matchedWeight] = [0, 0, 0];
  for (const row of rows) {
    const rowNewest = BigInt(row.newest);
    if (newest === undefined || rowNewest > newest) newest = rowNewest;
    const matched = Number(row.matched);
    matchedCount += matched;
    matchedWeight += matched;
    const [digits, counts] = row.thresholds;
    for (const [at, threshold] of digits.entries()) {
      const weight = threshold === '' ? 1 : spanWeight(`ot=th:${threshold}`);
      const spans = Number(counts[at]);
      if (weight > 1) sampledCount += spans;
      matchedWeight += (weight - 1) * spans;
    }
  }
  return { traceId, newestMatchUnixNano: newest ?? 0n, matchedCount, sampledCount, matchedWeight };
}

/** The longest spans of all services, then the oldest, then by id. */
function longest(rows: readonly MatchRow[], count: number): readonly MatchedRow[] {
  const all = rows.flatMap(({ ofService, top }) => top.map((tuple) => ({ service: ofService, tuple })));
  if (rows.length > 1) all.sort(compareLongest);
  return all.slice(0, count);
}

function compareLongest({ tuple: a }: MatchedRow, { tuple: b }: MatchedRow): number {
  if (a[0] !== b[0]) return BigInt(a[0]) < BigInt(b[0]) ? -1 : 1;
  if (a[1] !== b[1]) return BigInt(a[1]) < BigInt(b[1]) ? -1 : 1;
  return a[2] < b[2] ? -1 : Number(a[2] > b[2]);
}

function spanOf(
  traceId: TraceId,
  { service, tuple: [negativeDuration, start, spanId, name, kind, status, resourceId, shown] }: MatchedRow,
  values: readonly ValueColumns[],
  resources: ReadonlyMap<string, StoredResource>,
): MatchedSpan {
  return {
    traceId,
    spanId: spanId as SpanId,
    service,
    name,
    kind,
    statusCode: status,
    startUnixNano: BigInt.asUintN(64, BigInt(start)),
    durationNano: -BigInt(negativeDuration),
    values: values.map((value, at) =>
      value.fromLabelled(shown[at][0], shown[at][1], resources.get(resourceId)?.resource),
    ),
  };
}

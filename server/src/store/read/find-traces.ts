import type { TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { Read, TimeRange, TraceMatch, TracePosition } from '../span-store.ts';
import { AttributeTypes } from '../sql/attribute-types.ts';
import { compileFilter } from '../sql/compile-filter.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { traceIdIn } from '../sql/trace-id-in.ts';
import { loadAttributeTypes } from './load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { newestFirst } from './time-slices.ts';
import { loadTraceBounds, startWithin } from './trace-bounds.ts';

/** Fewest candidates a statement asks for beyond the first page, where some belong to earlier pages. */
const MIN_CANDIDATES = 50;

export interface FindTracesRequest {
  readonly tenant: string;
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  readonly limit: number;
  readonly after: TracePosition | undefined;
}

/**
 * Traces by the start of their newest matching span. The range is walked in slices from new to old, so that "the
 * newest 20" reads the newest data only. What a slice finds are candidates: a trace may have a newer match in a
 * slice already passed or, with a cursor, on an earlier page. Its newest match and its number of matches in the whole
 * range are therefore asked for once more, for these few traces only, which the bloom filter over trace ids makes
 * cheap.
 *
 * When a limit stops it, the traces of the slices that are done are a right answer to a shorter range: they are
 * returned, with the reason.
 */
export async function findTraces(
  runner: StatementRunner,
  request: FindTracesRequest,
): Promise<Read<readonly TraceMatch[]>> {
  const walk = new NewestFirstWalk(runner, request);
  try {
    await walk.run();
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: walk.found, statistics: runner.statistics(reason) };
  }
  return { value: walk.found, statistics: runner.statistics() };
}

class NewestFirstWalk {
  readonly found: TraceMatch[] = [];
  readonly #seen = new Set<TraceId>();
  #types: AttributeTypes = new AttributeTypes([]);
  readonly #runner: StatementRunner;
  readonly #request: FindTracesRequest;

  constructor(runner: StatementRunner, request: FindTracesRequest) {
    this.#runner = runner;
    this.#request = request;
  }

  async run(): Promise<void> {
    const { tenant, filter, range, after, limit } = this.#request;
    this.#types = await loadAttributeTypes(this.#runner, tenant, filter);
    const isLater = after !== undefined && after.newestMatchUnixNano < range.toUnixNano;
    const toUnixNano = isLater ? after.newestMatchUnixNano + 1n : range.toUnixNano;
    for (const slice of newestFirst({ fromUnixNano: range.fromUnixNano, toUnixNano })) {
      if (this.found.length >= limit) return;
      await this.#walkSlice(slice);
    }
  }

  async #walkSlice(slice: TimeRange): Promise<void> {
    const { limit } = this.#request;
    let position = this.#request.after;
    let batch = position === undefined ? limit : Math.max(2 * limit, MIN_CANDIDATES);
    for (;;) {
      const candidates = await this.#candidates(slice, position, batch);
      await this.#accept(candidates.filter(({ traceId }) => !this.#seen.has(traceId)));
      if (this.found.length >= limit || candidates.length < batch) return;
      position = candidates[candidates.length - 1];
      batch *= 4;
    }
  }

  /** Traces with a match in the slice, by the newest there, strictly after the position. */
  async #candidates(slice: TimeRange, position: TracePosition | undefined, count: number): Promise<TracePosition[]> {
    const rows = await this.#runner.rows<{ id: string; newest: string }>(
      candidatesStatement(this.#request, this.#types, slice, position, count),
    );
    return rows.map(({ id, newest }) => ({ traceId: id as TraceId, newestMatchUnixNano: BigInt(newest) }));
  }

  /** Keeps the candidates whose newest match of the whole range is the one that was found, in order. */
  async #accept(candidates: readonly TracePosition[]): Promise<void> {
    if (candidates.length === 0) return;
    const traceIds = candidates.map(({ traceId }) => traceId);
    const bounds = await loadTraceBounds(this.#runner, this.#request.tenant, traceIds);
    if (bounds === undefined) return;
    const { tenant, filter, range } = this.#request;
    const scope = new TenantScope(tenant);
    const source = scope.from('spans', [
      startInRange(range, scope.parameters),
      startWithin(bounds, scope.parameters),
      traceIdIn(traceIds, scope.parameters),
      compileFilter(filter, { scope, range, traceIds, types: this.#types }),
    ]);
    const rows = await this.#runner.rows<{ id: string; newest: string; matched: string }>(
      scope.statement(`SELECT ${POSITION_COLUMNS}, toString(count()) AS matched ${source} GROUP BY trace_id`),
    );
    const exact = new Map(rows.map((row) => [row.id, row]));
    for (const candidate of candidates) {
      this.#seen.add(candidate.traceId);
      const row = exact.get(candidate.traceId);
      if (row === undefined || BigInt(row.newest) !== candidate.newestMatchUnixNano) continue;
      if (this.found.length < this.#request.limit) this.found.push({ ...candidate, matchedCount: Number(row.matched) });
    }
  }
}

const POSITION_COLUMNS = 'lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest';

/** Exported for the golden tests. */
export function candidatesStatement(
  { tenant, filter }: Pick<FindTracesRequest, 'tenant' | 'filter'>,
  types: AttributeTypes | undefined,
  slice: TimeRange,
  position: TracePosition | undefined,
  count: number,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const source = scope.from('spans', [
    startInRange(slice, parameters),
    compileFilter(filter, { scope, range: slice, ...(types && { types }) }),
  ]);
  const having =
    position === undefined
      ? ''
      : ' HAVING (max(start), trace_id) < ' +
        `(${parameters.time(position.newestMatchUnixNano)}, toFixedString(unhex(${parameters.string(position.traceId)}), 16))`;
  return scope.statement(
    `SELECT ${POSITION_COLUMNS} ${source} GROUP BY trace_id${having} ` +
      `ORDER BY max(start) DESC, trace_id DESC LIMIT ${parameters.uint64(count)}`,
  );
}

import type { TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { Read, TimeRange, TraceMatch, TracePosition } from '../span-store.ts';
import { AttributeTypes } from '../sql/attribute-types.ts';
import { compileFilter } from '../sql/compile-filter.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { loadAttributeTypes } from './load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { newestFirst } from './time-slices.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

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
 * newest 20" reads the newest data only.
 *
 * On a first page a trace is met first in the slice of its newest match, since every newer slice has been walked to
 * its end. Behind a cursor it may have a newer match on an earlier page: what a slice finds are then candidates, and
 * their newest match in the whole range is asked for once more, for these few traces only, which the bloom filter
 * over trace ids makes cheap.
 *
 * When a limit stops it, the traces of the slices that are done are a right answer to a shorter range: they are
 * returned, with the reason; their numbers of matches are then of that shorter range, too.
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

interface Candidate extends TracePosition {
  /** Matching spans in the slices walked so far. */
  matchedCount: number;
}

class NewestFirstWalk {
  readonly #seen = new Map<TraceId, Candidate>();
  readonly #found: Candidate[] = [];
  #types: AttributeTypes = new AttributeTypes([]);
  readonly #runner: StatementRunner;
  readonly #request: FindTracesRequest;

  constructor(runner: StatementRunner, request: FindTracesRequest) {
    this.#runner = runner;
    this.#request = request;
  }

  get found(): readonly TraceMatch[] {
    return this.#found.slice(0, this.#request.limit);
  }

  async run(): Promise<void> {
    const { tenant, filter, range, after } = this.#request;
    this.#types = await loadAttributeTypes(this.#runner, tenant, filter);
    const isLater = after !== undefined && after.newestMatchUnixNano < range.toUnixNano;
    const toUnixNano = isLater ? after.newestMatchUnixNano + 1n : range.toUnixNano;
    for (const slice of newestFirst({ fromUnixNano: range.fromUnixNano, toUnixNano })) {
      const isWalked = await this.#walkSlice(slice);
      if (!this.#isFull) continue;
      // What has not been walked may hold more matches of the traces found. A walk to the end of the range counts them.
      const hasCounted = isWalked && slice.fromUnixNano <= range.fromUnixNano;
      if (after === undefined && !hasCounted) await this.#countMatches();
      return;
    }
  }

  get #isFull(): boolean {
    return this.#found.length >= this.#request.limit;
  }

  /** Whether all of the slice was walked: not when enough was found before its end. */
  async #walkSlice(slice: TimeRange): Promise<boolean> {
    const { limit, after } = this.#request;
    let position = after;
    let batch = after === undefined ? limit : Math.max(2 * limit, MIN_CANDIDATES);
    for (;;) {
      const candidates = await this.#candidates(slice, position, batch);
      const fresh = candidates.filter((candidate) => !this.#addToSeen(candidate));
      this.#found.push(...(after === undefined ? fresh : await this.#confirm(fresh)));
      const isWalked = candidates.length < batch;
      if (this.#isFull || isWalked) return isWalked;
      position = candidates[candidates.length - 1];
      batch *= 4;
    }
  }

  /** Whether the trace was met in a newer slice; its matches are then added up. */
  #addToSeen(candidate: Candidate): boolean {
    const seen = this.#seen.get(candidate.traceId);
    if (seen === undefined) {
      this.#seen.set(candidate.traceId, candidate);
      return false;
    }
    seen.matchedCount += candidate.matchedCount;
    return true;
  }

  /** Traces with a match in the slice, by the newest there, strictly after the position. */
  async #candidates(slice: TimeRange, position: TracePosition | undefined, count: number): Promise<Candidate[]> {
    const rows = await this.#runner.rows<MatchRow>(
      candidatesStatement(this.#request, this.#types, slice, position, count),
    );
    return rows.map(candidateOf);
  }

  /** Those whose newest match of the whole range is the one that was found, in order, with their number of matches. */
  async #confirm(candidates: readonly Candidate[]): Promise<Candidate[]> {
    const exact = await this.#matchesOf(candidates);
    return candidates.flatMap((candidate) => {
      const match = exact.get(candidate.traceId);
      return match?.newestMatchUnixNano === candidate.newestMatchUnixNano ? [match] : [];
    });
  }

  async #countMatches(): Promise<void> {
    const exact = await this.#matchesOf(this.#found);
    for (const found of this.#found) found.matchedCount = exact.get(found.traceId)?.matchedCount ?? found.matchedCount;
  }

  /** Newest match and number of matches of these traces in the whole range. */
  async #matchesOf(candidates: readonly Candidate[]): Promise<ReadonlyMap<TraceId, Candidate>> {
    if (candidates.length === 0) return new Map();
    const traceIds = candidates.map(({ traceId }) => traceId);
    const { tenant, filter, range } = this.#request;
    const bounds = await loadTraceBounds(this.#runner, tenant, traceIds);
    if (bounds === undefined) return new Map();
    const scope = new TenantScope(tenant);
    const source = spansOfTraces(scope, traceIds, bounds, [
      startInRange(range, scope.parameters),
      compileFilter(filter, { scope, range, traceIds, types: this.#types }),
    ]);
    const rows = await this.#runner.rows<MatchRow>(
      scope.statement(`SELECT ${MATCH_COLUMNS} ${source} GROUP BY trace_id`),
    );
    return new Map(rows.map((row) => [row.id as TraceId, candidateOf(row)]));
  }
}

interface MatchRow {
  readonly id: string;
  readonly newest: string;
  readonly matched: string;
}

function candidateOf({ id, newest, matched }: MatchRow): Candidate {
  return { traceId: id as TraceId, newestMatchUnixNano: BigInt(newest), matchedCount: Number(matched) };
}

const MATCH_COLUMNS =
  'lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest, toString(count()) AS matched';

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
    `SELECT ${MATCH_COLUMNS} ${source} GROUP BY trace_id${having} ` +
      `ORDER BY max(start) DESC, trace_id DESC LIMIT ${parameters.uint64(count)}`,
  );
}

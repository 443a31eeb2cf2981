import type { TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { CandidateBatch, CandidateWalk, TimeRange, TracePosition, TraceRequirement } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { spansOfTraces } from '../../sql/whole-traces.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';

/** Traces one walk may pass: what it remembers of each is bounded. */
const MAX_PASSED = 500_000;
/** The newest five minutes come first where nothing is known: one bucket of the sort key. */
const FIRST_SLICE_NANO = 300_000_000_000n;
/** The year 2262: where the order of the column's signed nanoseconds ends. */
const MAX_TIME = 2n ** 63n - 1n;
/** Sorts before every trace id of the same time. */
const LOWEST_TRACE_ID = '0'.repeat(32) as TraceId;

/** Rows a slice should read at most, going by the one before… */
const MOST_ROWS = 2_000_000;
/** …and at least: fewer cost less than one more statement. */
const LEAST_ROWS = 150_000;
/** How many times longer than the one before a slice is at most; so much it may be however many rows it reads. */
const MOST_GROWTH = 256;
const LEAST_MOST_GROWTH = 2;
const NARROWED_GROWTH = 8;
/** A slice is so long that it should hold what is still missing and half as much again. */
const MARGIN = 1.5;

export interface WalkRequest {
  readonly tenant: string;
  readonly condition: FieldExpression;
  readonly required: readonly TraceRequirement[];
  readonly range: TimeRange;
  readonly after: TracePosition | undefined;
  /** Length of the first slice, nanoseconds; five minutes where it is left out. */
  readonly firstSliceNano?: bigint | undefined;
  loadTypes(): Promise<AttributeTypes>;
}

/**
 * Walks a time range from new to old, in slices that grow as they find little to read: "the newest 20" reads the
 * newest data only, and a rare match needs few statements. A trace is met in the slice of its newest candidate span.
 */
export class SliceWalk implements CandidateWalk {
  readonly #runner: StatementRunner;
  readonly #request: WalkRequest;
  readonly #passed = new Set<TraceId>();
  /** End of what has not been walked, exclusive. */
  #to: bigint;
  #length: bigint;
  /** Within the slice that ends at #to: where its last batch ended. */
  #position: TracePosition | undefined;
  #frontier: TracePosition | undefined;
  #types: AttributeTypes | undefined;

  constructor(runner: StatementRunner, request: WalkRequest) {
    this.#runner = runner;
    this.#request = request;
    const { range, after } = request;
    const isLater = after !== undefined && after.newestMatchUnixNano < range.toUnixNano;
    const to = isLater ? after.newestMatchUnixNano + 1n : range.toUnixNano;
    this.#to = to < MAX_TIME ? to : MAX_TIME;
    this.#length = request.firstSliceNano ?? FIRST_SLICE_NANO;
  }

  async next(count: number, isNarrowed = false): Promise<CandidateBatch> {
    const traces: TracePosition[] = [];
    try {
      while (traces.length < count && !this.#isAtEnd) {
        if (this.#passed.size >= MAX_PASSED) {
          return this.#batch(traces, `${MAX_PASSED} candidate traces were looked at (limit)`);
        }
        // As many as were asked for, though some are there: those that were passed take places of the answer.
        traces.push(...(await this.#advance(count, count - traces.length, isNarrowed)));
      }
    } catch (error) {
      const reason = tryLimitReason(error);
      if (reason === undefined) throw error;
      return this.#batch(traces, reason);
    }
    return this.#batch(traces);
  }

  get #isAtEnd(): boolean {
    return this.#to <= this.#request.range.fromUnixNano;
  }

  #batch(traces: readonly TracePosition[], stoppedBy?: string): CandidateBatch {
    const batch = { traces, frontier: this.#frontier, isLast: this.#isAtEnd || stoppedBy !== undefined };
    return stoppedBy === undefined ? batch : { ...batch, stoppedBy };
  }

  /**
   * One statement over the slice at hand; the traces it met for the first time.
   * @param missing how many of those asked for have not been found yet.
   */
  async #advance(asked: number, missing: number, isNarrowed: boolean): Promise<TracePosition[]> {
    const { fromUnixNano } = this.#request.range;
    const isWhole = this.#to - fromUnixNano <= this.#length;
    const from = isWhole ? fromUnixNano : this.#to - this.#length;
    this.#types ??= await this.#request.loadTypes();
    const slice = { fromUnixNano: from, toUnixNano: this.#to };
    const before = this.#runner.rowsRead;
    const { tenant, condition } = this.#request;
    const required = isNarrowed ? this.#request.required : [];
    const asking = { tenant, condition, required };
    const statement = candidatesStatement(asking, this.#types, slice, this.#position, asked);
    const rows = await this.#runner.rows<CandidateRow>(statement, {}, 'candidate traces');
    const found = rows.map(({ id, newest }) => ({ traceId: id as TraceId, newestMatchUnixNano: BigInt(newest) }));
    const fresh = found.filter(({ traceId }) => !this.#passed.has(traceId));
    for (const { traceId } of fresh) this.#passed.add(traceId);
    if (found.length < asked) {
      const growth = growthOf(this.#runner.rowsRead - before, fresh.length, missing, isNarrowed);
      this.#length = (this.#length * BigInt(Math.round(growth * 16))) / 16n;
      this.#leaveSlice(from);
    } else {
      this.#position = found[found.length - 1];
      this.#frontier = this.#position;
    }
    return fresh;
  }

  #leaveSlice(from: bigint): void {
    this.#to = from;
    this.#position = undefined;
    this.#frontier = { newestMatchUnixNano: from, traceId: LOWEST_TRACE_ID };
  }
}

/**
 * How many times longer the next slice should be, going by what the one before read and found of what was missing. A
 * slice in which nothing is found is taken for one with half a trace.
 */
export function growthOf(rowsRead: number, found: number, missing: number, isNarrowed: boolean): number {
  // A narrowed statement reads the times of traces besides, and costs several times as much before the first row.
  if (isNarrowed) return NARROWED_GROWTH;
  const rows = Math.max(rowsRead, 1);
  const enough = (MARGIN * Math.max(missing - found, 1)) / Math.max(found, 0.5);
  return Math.min(Math.max(enough, LEAST_ROWS / rows, 1), Math.max(MOST_ROWS / rows, LEAST_MOST_GROWTH), MOST_GROWTH);
}

interface CandidateRow {
  readonly id: string;
  readonly newest: string;
}

/** Exported for the golden tests. */
export function candidatesStatement(
  { tenant, condition, required }: Pick<WalkRequest, 'tenant' | 'condition' | 'required'>,
  types: AttributeTypes | undefined,
  slice: TimeRange,
  position: TracePosition | undefined,
  count: number,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const context = { scope, range: slice, ...(types && { types }) };
  const isCandidate = [startInRange(slice, parameters), compileBounds(condition, context).sql];
  const candidates = scope.from('spans', isCandidate);
  const source = scope.from('spans', [
    ...isCandidate,
    ...required.map((requirement) => {
      const spans = spansOfTraces('trace_id', compileBounds(requirement.condition, context).sql, context, candidates);
      const { atLeast } = requirement;
      const having = atLeast === 1 ? '' : ` GROUP BY trace_id HAVING count() >= ${parameters.uint64(atLeast)}`;
      return `trace_id IN (SELECT trace_id FROM (${spans})${having})`;
    }),
  ]);
  const having =
    position === undefined
      ? ''
      : ' HAVING (max(start), trace_id) < ' +
        `(${parameters.time(position.newestMatchUnixNano)}, toFixedString(unhex(${parameters.string(position.traceId)}), 16))`;
  return scope.statement(
    'SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest ' +
      `${source} GROUP BY trace_id${having} ` +
      `ORDER BY max(start) DESC, trace_id DESC LIMIT ${parameters.uint64(count)}`,
  );
}

import type { TraceId } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { CandidateBatch, CandidateWalk, TimeRange, TracePosition } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import type { SqlParameters } from '../../sql/sql-parameters.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';

/** Traces one walk may pass: what it remembers of each is bounded. */
const MAX_PASSED = 500_000;
/** The newest five minutes come first where nothing is known: one bucket of the sort key. */
export const FIRST_SLICE_NANO = 300_000_000_000n;
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
/** A slice is so long that it should hold what is still missing and half as much again. */
const MARGIN = 1.5;

export interface WalkRequest {
  readonly range: TimeRange;
  readonly after: TracePosition | undefined;
  /** Length of the first slice, nanoseconds; five minutes where it is left out. */
  readonly firstSliceNano?: bigint | undefined;
  /** Hands out what a slice holds, in place of looking through others for as many as were asked for. */
  readonly isStepwise?: boolean | undefined;
  /** What its statements are called in a plan. */
  readonly name: string;
  loadTypes(): Promise<AttributeTypes>;
  /** Candidates of a slice behind the position, newest first, as `CandidateRow`s. */
  statement(slice: CandidateSlice, types: AttributeTypes): TenantStatement;
}

/** What a statement asks for. */
export interface CandidateSlice {
  readonly range: TimeRange;
  readonly position: TracePosition | undefined;
  readonly count: number;
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

  async next(count: number): Promise<CandidateBatch> {
    const traces: TracePosition[] = [];
    try {
      while (traces.length < count && !this.#isAtEnd) {
        if (this.#passed.size >= MAX_PASSED) {
          return this.#batch(traces, `${MAX_PASSED} candidate traces were looked at (limit)`);
        }
        // As many as were asked for, though some are there: those that were passed take places of the answer.
        traces.push(...(await this.#advance(count, count - traces.length)));
        if (this.#request.isStepwise === true && traces.length > 0) break;
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
  async #advance(asked: number, missing: number): Promise<TracePosition[]> {
    const { range, name } = this.#request;
    const isWhole = this.#to - range.fromUnixNano <= this.#length;
    const from = isWhole ? range.fromUnixNano : this.#to - this.#length;
    this.#types ??= await this.#request.loadTypes();
    const slice = { fromUnixNano: from, toUnixNano: this.#to };
    const before = this.#runner.rowsRead;
    const asking = { range: slice, position: this.#position, count: asked };
    const rows = await this.#runner.rows<CandidateRow>(this.#request.statement(asking, this.#types), {}, name);
    const found = rows.map(candidateOf);
    const fresh = found.filter(({ traceId }) => !this.#passed.has(traceId));
    for (const { traceId } of fresh) this.#passed.add(traceId);
    if (found.length < asked) {
      const growth = growthOf(this.#runner.rowsRead - before, fresh.length, missing);
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
export function growthOf(rowsRead: number, found: number, missing: number): number {
  const rows = Math.max(rowsRead, 1);
  const enough = (MARGIN * Math.max(missing - found, 1)) / Math.max(found, 0.5);
  return Math.min(Math.max(enough, LEAST_ROWS / rows, 1), Math.max(MOST_ROWS / rows, LEAST_MOST_GROWTH), MOST_GROWTH);
}

/** A candidate as a statement answers it. */
export interface CandidateRow {
  readonly id: string;
  readonly newest: string;
}

export function candidateOf({ id, newest }: CandidateRow): TracePosition {
  return { traceId: id as TraceId, newestMatchUnixNano: BigInt(newest) };
}

/** Traces with a span of the slice that may satisfy the condition. */
export function candidatesStatement(
  tenant: string,
  condition: FieldExpression,
  { range, position, count }: CandidateSlice,
  types: AttributeTypes,
): TenantStatement {
  const scope = new TenantScope(tenant);
  const { parameters } = scope;
  const isCandidate = compileBounds(condition, { scope, range, types }).sql;
  const source = scope.from('spans', [startInRange(range, parameters), isCandidate]);
  return scope.statement(newestTraces(source, position, count, parameters));
}

/** The traces of a source of spans by their newest span there, newest first. */
export function newestTraces(
  source: string,
  position: TracePosition | undefined,
  count: number,
  parameters: SqlParameters,
): string {
  const having =
    position === undefined
      ? ''
      : ' HAVING (max(start), trace_id) < ' +
        `(${parameters.time(position.newestMatchUnixNano)}, toFixedString(unhex(${parameters.string(position.traceId)}), 16))`;
  return (
    'SELECT lower(hex(trace_id)) AS id, toString(toUnixTimestamp64Nano(max(start))) AS newest ' +
    `${source} GROUP BY trace_id${having} ` +
    `ORDER BY max(start) DESC, trace_id DESC LIMIT ${parameters.uint64(count)}`
  );
}

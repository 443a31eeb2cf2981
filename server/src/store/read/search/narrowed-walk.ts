import type { TraceId } from '@clew/model';
import { compareNewestFirst, isBehind } from '@clew/model/trace-order';
import type { CandidateBatch, CandidateWalk, TimeRange, TracePosition } from '../../span-store.ts';
import type { AttributeTypes } from '../../sql/attribute-types.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';
import { type CandidateRow, candidateOf, candidatesStatement, FIRST_SLICE_NANO, SliceWalk } from './candidate-walk.ts';
import { longStatement, type Narrowing, nearStatement } from './narrowed-statements.ts';

/** Candidates that are not narrowed are few times more than findings, or it pays to narrow them. */
const ALL_PER_FINDING = 3;
/** Longer traces that one statement names. */
const MAX_LONG_TRACES = 1_000;
/** The first narrowed slice is so much longer than the time that the first candidates, not narrowed, lie in… */
const FIRST_GROWTH = 16n;
/** …and at most an hour where they lie dense. */
const DENSE_SLICE_NANO = 3_600_000_000_000n;
const SPARSE_GROWTH = 4n;

export interface NarrowedWalkRequest extends Narrowing {
  readonly range: TimeRange;
  readonly after: TracePosition | undefined;
  readonly firstSliceNano?: bigint | undefined;
  readonly isStepwise?: boolean | undefined;
  /** About how many narrowed candidates there are for each trace that is found; left out: only narrows when told to. */
  readonly perFinding?: number | undefined;
  /** Whether what narrows is cheap to read beside the candidates. */
  readonly narrowsFirst: boolean;
  loadTypes(): Promise<AttributeTypes>;
}

/**
 * Walks all candidates as long as they are few or most of them are found; then only those that have near them what a
 * trace needs to be found, and those whose traces are long.
 */
export class NarrowedWalk implements CandidateWalk {
  readonly #runner: StatementRunner;
  readonly #request: NarrowedWalkRequest;
  readonly #all: SliceWalk;
  readonly #passed = new Set<TraceId>();
  #near: SliceWalk | undefined;
  /** Until its first batch it is asked for as many as a page should need, then for as many as its caller says. */
  #hasNarrowed = false;
  /** How far long traces have been named: all before it. */
  #named: TracePosition | undefined;
  #frontier: TracePosition | undefined;

  constructor(runner: StatementRunner, request: NarrowedWalkRequest) {
    this.#runner = runner;
    this.#request = request;
    const { tenant, condition, perFinding, narrowsFirst } = request;
    // The first candidates tell whether it pays to narrow them: enough of them are looked at together.
    const isStepwise = request.isStepwise === true && (perFinding === undefined || !narrowsFirst);
    const statement: WalkStatement = (slice, types) => candidatesStatement(tenant, condition, slice, types);
    this.#all = new SliceWalk(runner, { ...request, isStepwise, name: 'candidate traces', statement });
  }

  async next(count: number, isNarrowed = false): Promise<CandidateBatch> {
    const { perFinding, narrowsFirst } = this.#request;
    if (this.#near === undefined && !isNarrowed) {
      const all = await this.#all.next(perFinding === undefined ? count : count * ALL_PER_FINDING);
      // The end of the range, or of what a limit allows: there are no more than these.
      if (perFinding === undefined || !narrowsFirst || all.isLast) return this.#pass(all.traces, all);
      this.#startNear(this.#firstSlice(all));
      return this.#narrowed(count, all);
    }
    if (this.#near === undefined) this.#startNear(this.#request.firstSliceNano);
    return this.#narrowed(count);
  }

  #startNear(firstSliceNano: bigint | undefined): void {
    this.#named = this.#frontier;
    this.#near = new SliceWalk(this.#runner, {
      range: this.#request.range,
      after: this.#frontier ?? this.#request.after,
      firstSliceNano,
      isStepwise: this.#request.isStepwise,
      name: 'candidate traces, narrowed',
      loadTypes: () => this.#request.loadTypes(),
      statement: (slice, types) => nearStatement(this.#request, slice, types),
    });
  }

  /** Long enough to hold a page where one in sixteen candidates is found. */
  #firstSlice({ frontier }: CandidateBatch): bigint | undefined {
    if (this.#request.firstSliceNano !== undefined || frontier === undefined) return this.#request.firstSliceNano;
    const length = this.#end - frontier.newestMatchUnixNano;
    const most = max(DENSE_SLICE_NANO, length * SPARSE_GROWTH);
    const wanted = length * FIRST_GROWTH;
    return max(FIRST_SLICE_NANO, wanted < most ? wanted : most);
  }

  /** End of what is walked, exclusive. */
  get #end(): bigint {
    const { range, after } = this.#request;
    const end = after === undefined ? range.toUnixNano : after.newestMatchUnixNano + 1n;
    return end < range.toUnixNano ? end : range.toUnixNano;
  }

  /** @param all the first candidates, not narrowed. */
  async #narrowed(count: number, all?: CandidateBatch): Promise<CandidateBatch> {
    if (this.#near === undefined) throw new TypeError('the narrowed walk has not begun.');
    const near = await this.#near.next(this.#hasNarrowed ? count : count * (this.#request.perFinding ?? 1));
    this.#hasNarrowed = true;
    if (near.frontier === undefined) return this.#pass(near.traces, near);
    const { frontier } = near;
    if (all?.frontier !== undefined && near.stoppedBy === undefined && !isBehind(frontier, all.frontier)) {
      // So many of them are found that it costs more to name the long traces than to look at all candidates.
      this.#named = frontier;
      const before = all.traces.filter((one) => !isBehind(one, frontier));
      return this.#pass(before, near);
    }
    try {
      const long = await this.#longTraces(frontier);
      const traces = [...near.traces, ...long].sort(compareNewestFirst);
      if (long.length < MAX_LONG_TRACES) {
        this.#named = frontier;
        return this.#pass(traces, near);
      }
      this.#named = long[long.length - 1];
      return this.#pass(traces, { ...near, frontier: this.#named, isLast: near.stoppedBy !== undefined });
    } catch (error) {
      const stoppedBy = tryLimitReason(error);
      if (stoppedBy === undefined) throw error;
      return this.#pass(near.traces, { ...near, frontier: this.#frontier, isLast: true, stoppedBy });
    }
  }

  /** Candidates in long traces, from where they have been named to the position. */
  async #longTraces(until: TracePosition): Promise<readonly TracePosition[]> {
    const named = this.#named;
    const end = named === undefined ? this.#end : named.newestMatchUnixNano + 1n;
    const range = { fromUnixNano: until.newestMatchUnixNano, toUnixNano: end };
    const slice = { range, position: named, count: MAX_LONG_TRACES };
    const statement = longStatement(this.#request, slice, await this.#request.loadTypes());
    const rows = await this.#runner.rows<CandidateRow>(statement, {}, 'candidates in long traces');
    return rows.map(candidateOf);
  }

  #pass(traces: readonly TracePosition[], { frontier, isLast, stoppedBy }: CandidateBatch): CandidateBatch {
    const fresh: TracePosition[] = [];
    for (const trace of traces) {
      if (this.#passed.has(trace.traceId)) continue;
      this.#passed.add(trace.traceId);
      fresh.push(trace);
    }
    this.#frontier = frontier;
    return { traces: fresh, frontier, isLast, ...(stoppedBy !== undefined && { stoppedBy }) };
  }
}

type WalkStatement = ConstructorParameters<typeof SliceWalk>[1]['statement'];

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

import { compareNewestFirst, isBehind } from '@clew/model/trace-order';
import type { CandidateWalk, SpanSearch, TracePosition } from '../../store/span-store.ts';
import type { Judge } from './judge.ts';

/** What deciding the last candidates may take at least, however long finding them took. */
const MIN_DECIDING_MS = 2_000;
/** Candidates looked at in one round, at most. */
const MAX_ROUND = 4_096;
const ROUND_GROWTH = 8;
const MIN_ROUND = 16;
const MARGIN = 1.5;

export interface FindRequest<F extends TracePosition> {
  readonly search: Pick<SpanSearch, 'allowAtLeast'>;
  readonly walk: CandidateWalk;
  readonly judge: Judge<F>;
  readonly limit: number;
  /** The last of the page before. */
  readonly after: TracePosition | undefined;
  /** Candidates of the first round. */
  readonly firstRound: number;
  /** Called with findings that are certain to be the next of the answer, as soon as they are. */
  readonly onFound?: ((findings: readonly F[]) => void | Promise<void>) | undefined;
}

export interface Found<F extends TracePosition> {
  /** In order; at most `limit`. */
  readonly findings: readonly F[];
  /** Where the next page begins; undefined at the end, or when nothing has been decided. */
  readonly next: TracePosition | undefined;
  readonly tracesInspected: number;
  readonly spansInspected: number;
  /** Why there may be more before `next` or the end than was found. */
  readonly stoppedBy: string | undefined;
  /** What was passed over because of a limit. */
  readonly leftOut: string | undefined;
}

/**
 * The newest findings. Candidates come by their newest span that may match, and what is found of a trace is never
 * newer than that: a finding is certain to be the next one as soon as every other candidate lies behind it.
 */
export async function findNewest<F extends TracePosition>(request: FindRequest<F>): Promise<Found<F>> {
  return new NewestFindings(request).run();
}

class NewestFindings<F extends TracePosition> {
  readonly #request: FindRequest<F>;
  /** Certain to be the next ones, in order. */
  readonly #certain: F[] = [];
  /** Found, with candidates before them undecided. */
  #waiting: F[] = [];
  #frontier: TracePosition | undefined;
  #tracesInspected = 0;
  #spansInspected = 0;
  #stoppedBy: string | undefined;
  #leftOut: string | undefined;

  constructor(request: FindRequest<F>) {
    this.#request = request;
  }

  async run(): Promise<Found<F>> {
    const { walk, limit, firstRound } = this.#request;
    let round = firstRound;
    let isLast = false;
    // Where most candidates of the first round were none, it pays to leave them out before they are looked at.
    let isNarrowed = false;
    while (!isLast && this.#stoppedBy === undefined && this.#certain.length <= limit) {
      const batch = await walk.next(round, isNarrowed);
      if (batch.stoppedBy !== undefined) this.#stopAt(batch.stoppedBy);
      const isDecided = await this.#decide(batch.traces);
      if (isDecided) this.#frontier = batch.frontier ?? this.#frontier;
      isLast = batch.isLast;
      const isEnd = isLast && this.#stoppedBy === undefined;
      await this.#settle(isEnd ? undefined : this.#frontier, isEnd);
      const wasNarrowed = isNarrowed;
      isNarrowed ||= 2 * this.#found < this.#tracesInspected;
      // Of narrowed candidates many more are found: as many as before may do.
      if (wasNarrowed || !isNarrowed) round = this.#nextRound(round);
    }
    return this.#result();
  }

  get #found(): number {
    return this.#certain.length + this.#waiting.length;
  }

  /** As many as should hold what is missing and half as much again, going by what was found so far. */
  #nextRound(round: number): number {
    const most = Math.min(round * ROUND_GROWTH, MAX_ROUND);
    if (this.#found === 0) return most;
    const missing = this.#request.limit + 1 - this.#certain.length;
    const enough = Math.ceil((MARGIN * missing * this.#tracesInspected) / this.#found);
    return Math.min(Math.max(enough, MIN_ROUND), most);
  }

  #stopAt(reason: string): void {
    this.#stoppedBy ??= reason;
    this.#request.search.allowAtLeast(MIN_DECIDING_MS);
  }

  /** @returns whether all of them have been decided. */
  async #decide(candidates: readonly TracePosition[]): Promise<boolean> {
    if (candidates.length === 0) return true;
    const { judge, after } = this.#request;
    const { findings, decided, spansInspected, stoppedBy, leftOut } = await judge.decide(candidates);
    this.#tracesInspected += decided;
    this.#spansInspected += spansInspected;
    this.#leftOut ??= leftOut;
    // What is not behind the cursor was on an earlier page.
    this.#waiting.push(...findings.filter((finding) => after === undefined || isBehind(finding, after)));
    if (stoppedBy !== undefined) this.#stopAt(stoppedBy);
    if (decided === candidates.length) return true;
    if (decided > 0) this.#frontier = candidates[decided - 1];
    return false;
  }

  /** Findings that no undecided candidate can precede any more become certain. */
  async #settle(frontier: TracePosition | undefined, isEnd: boolean): Promise<void> {
    const { limit, onFound } = this.#request;
    const isCertain = (finding: F) => isEnd || (frontier !== undefined && !isBehind(finding, frontier));
    const settled = this.#waiting.filter(isCertain).sort(compareNewestFirst);
    if (settled.length === 0) return;
    this.#waiting = this.#waiting.filter((finding) => !isCertain(finding));
    const room = limit - this.#certain.length;
    this.#certain.push(...settled);
    if (room > 0) await onFound?.(settled.slice(0, room));
  }

  #result(): Found<F> {
    const { limit, after } = this.#request;
    const isFull = this.#certain.length > limit;
    const findings = this.#certain.slice(0, limit);
    const counts = {
      tracesInspected: this.#tracesInspected,
      spansInspected: this.#spansInspected,
      leftOut: this.#leftOut,
    };
    if (isFull) return { findings, next: findings[limit - 1], ...counts, stoppedBy: undefined };
    if (this.#stoppedBy === undefined) return { findings, next: undefined, ...counts, stoppedBy: undefined };
    const frontier = this.#frontier;
    const isFurther = frontier !== undefined && (after === undefined || isBehind(frontier, after));
    return { findings, next: isFurther ? frontier : undefined, ...counts, stoppedBy: this.#stoppedBy };
  }
}

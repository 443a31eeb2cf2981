/** The order and the pages of findings, over candidates in memory: seeded, with limits that strike at random moments. */
import type { FoundTrace } from '@clew/contract';
import type { TraceId } from '@clew/model';
import { compareNewestFirst, isBehind } from '@clew/model/trace-order';
import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import type { CandidateBatch, CandidateWalk, TracePosition } from '../../store/span-store.ts';
import { findNewest } from './find-newest.ts';
import type { Judge, Judgement } from './judge.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);

/** A trace with spans that may match at some times; it is found by the newest of those that do. */
interface Trace {
  readonly traceId: TraceId;
  readonly candidateTimes: readonly bigint[];
  readonly foundTime: bigint | undefined;
}

function randomTraces(random: Random, count: number): Trace[] {
  return Array.from({ length: count }, (): Trace => {
    const candidateTimes = random.list(1, 4, () => BigInt(random.below(40)));
    const foundTime = random.chance(0.6) ? random.pick(candidateTimes) : undefined;
    return { traceId: random.hex(32) as TraceId, candidateTimes, foundTime };
  });
}

function expectedOrder(traces: readonly Trace[]): TracePosition[] {
  return traces
    .flatMap(({ traceId, foundTime }) => (foundTime === undefined ? [] : [{ traceId, newestMatchUnixNano: foundTime }]))
    .sort(compareNewestFirst);
}

/** As the store walks: each trace once, by its newest time that is not after the position's. */
class ListWalk implements CandidateWalk {
  readonly #rest: TracePosition[];
  readonly #random: Random;
  readonly #mayStop: boolean;
  #frontier: TracePosition | undefined;

  constructor(traces: readonly Trace[], after: TracePosition | undefined, random: Random, mayStop: boolean) {
    this.#random = random;
    this.#mayStop = mayStop;
    const isWithin = (time: bigint) => after === undefined || time <= after.newestMatchUnixNano;
    this.#rest = traces
      .flatMap(({ traceId, candidateTimes }) => {
        const times = candidateTimes.filter(isWithin).sort((a, b) => Number(b - a));
        return times.length === 0 ? [] : [{ traceId, newestMatchUnixNano: times[0] }];
      })
      .sort(compareNewestFirst);
  }

  async next(count: number): Promise<CandidateBatch> {
    const traces = this.#rest.splice(0, this.#random.between(1, count));
    this.#frontier = traces.at(-1) ?? this.#frontier;
    const batch = { traces, frontier: this.#frontier, isLast: this.#rest.length === 0 };
    const isStopped = this.#mayStop && !batch.isLast && this.#random.chance(0.2);
    return isStopped ? { ...batch, isLast: true, stoppedBy: 'a limit' } : batch;
  }
}

class ListJudge implements Judge {
  readonly #found: ReadonlyMap<TraceId, TracePosition>;
  readonly #random: Random;
  readonly #mayStop: boolean;

  constructor(found: readonly TracePosition[], random: Random, mayStop: boolean) {
    this.#found = new Map(found.map((position) => [position.traceId, position]));
    this.#random = random;
    this.#mayStop = mayStop;
  }

  async decide(candidates: readonly TracePosition[]): Promise<Judgement<TracePosition>> {
    const isStopped = this.#mayStop && this.#random.chance(0.2);
    const decided = isStopped ? this.#random.below(candidates.length) : candidates.length;
    const findings = candidates.slice(0, decided).flatMap(({ traceId }) => this.#found.get(traceId) ?? []);
    const judgement = { findings, decided, spansInspected: decided };
    return isStopped ? { ...judgement, stoppedBy: 'a limit' } : judgement;
  }

  async show(): Promise<readonly FoundTrace[]> {
    return [];
  }
}

/** All pages one after the other; a page that makes no progress is asked for again. */
async function allPages(traces: readonly Trace[], random: Random, mayStop: boolean): Promise<TracePosition[]> {
  const found: TracePosition[] = [];
  let after: TracePosition | undefined;
  for (;;) {
    const limit = random.between(1, 12);
    const page = await findNewest({
      search: { allowAtLeast: () => undefined },
      walk: new ListWalk(traces, after, random, mayStop),
      judge: new ListJudge(expectedOrder(traces), random, mayStop),
      limit,
      after,
      firstRound: limit + 1,
    });
    expect(page.findings.length).toBeLessThanOrEqual(limit);
    found.push(...page.findings);
    if (page.next !== undefined) {
      if (after !== undefined) expect(isBehind(page.next, after)).toBe(true);
      after = page.next;
    } else if (page.stoppedBy === undefined) return found;
  }
}

describe(`findings in pages (seed ${SEED})`, () => {
  it.each([false, true])('are each found once, newest first, whatever limits strike (%s)', async (mayStop) => {
    const random = new Random(SEED);
    for (let round = 0; round < 200; round++) {
      const traces = randomTraces(random, random.between(0, 60));
      const found = await allPages(traces, random, mayStop);
      expect(found, `seed ${SEED}, round ${round}`).toEqual(expectedOrder(traces));
    }
  });
});

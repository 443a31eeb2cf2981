import { Random } from '@clew/testkit/random';
import type { SentTrace } from '../load/load-messages.ts';
import { type Quantiles, quantilesOf } from '../load/quantiles.ts';
import type { QueryApi } from './query-api.ts';
import type { NamedQuestion } from './questions.ts';

export interface SearchFigures {
  readonly name: string;
  readonly ms: Quantiles;
  /** Traces in the last answer. */
  readonly found: number;
}

export interface TraceFigures {
  readonly ms: Quantiles;
  /** Of the traces asked for, those that were there with all their spans. */
  readonly whole: number;
  readonly asked: number;
}

/** Asked before the clock runs: what is cold stays out of the figures, for everyone. */
const WARM_UP_ASKS = 2;

/** One after another, as one person asks; the whole time that is stored, each time up to the present. */
export async function measureSearches(
  query: QueryApi,
  questions: readonly NamedQuestion[],
  startUnixMs: number,
  asks: number,
): Promise<readonly SearchFigures[]> {
  const figures: SearchFigures[] = [];
  for (const { name, question } of questions) {
    const times: number[] = [];
    let found = 0;
    for (let i = 0; i < WARM_UP_ASKS + asks; i++) {
      const beforeMs = performance.now();
      found = (await query.search({ ...question, startUnixMs, endUnixMs: Date.now() + 1000 })).length;
      if (i >= WARM_UP_ASKS) times.push(performance.now() - beforeMs);
    }
    figures.push({ name, ms: quantilesOf(times), found });
  }
  return figures;
}

/** Each time another trace, chosen from all of them. */
export async function measureTraces(
  query: QueryApi,
  traces: readonly SentTrace[],
  asks: number,
  seed: number,
): Promise<TraceFigures> {
  if (traces.length === 0) throw new Error('no traces to ask for.');
  const random = new Random(seed);
  const times: number[] = [];
  let whole = 0;
  for (let i = 0; i < WARM_UP_ASKS + asks; i++) {
    const { traceId, spans } = random.pick(traces);
    const beforeMs = performance.now();
    const found = await query.countTraceSpans(traceId);
    if (i < WARM_UP_ASKS) continue;
    times.push(performance.now() - beforeMs);
    if (found === spans) whole++;
  }
  return { ms: quantilesOf(times), whole, asked: asks };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { type LoadOrder, type LoadResult, PLAIN_PROTOBUF, type SentTrace } from '../load/load-messages.ts';
import type { LoadProcess } from '../load/load-process.ts';
import { measureSearches, measureTraces, type SearchFigures, type TraceFigures } from '../query/measure-queries.ts';
import type { QueryApi } from '../query/query-api.ts';
import { QUESTIONS } from '../query/questions.ts';
import { readDirectoryBytes } from '../target/process-tree.ts';
import { timeoutMs } from '../target/timeout.ts';
import type { PeersOptions } from './peers-options.ts';
import { ProcessGroup } from './process-group.ts';
import type { Subject } from './subject.ts';

export interface SubjectFigures {
  readonly name: string;
  readonly transport: Subject['transport'];
  readonly load: LoadResult;
  /** Until it was idle. */
  readonly cpuSeconds: number;
  readonly isQuiet: boolean;
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
  /** What its folder grew by. */
  readonly diskBytes: number | undefined;
  readonly liveBytesPerSpan: number | undefined;
  /** Exactly so many spans are stored as were acknowledged, where it can say so. */
  readonly isCountVerified: boolean;
  /** Sampled traces that were there, whole; undefined: it cannot be asked. */
  readonly sampled: { readonly whole: number; readonly asked: number } | undefined;
  readonly traces: TraceFigures | undefined;
  readonly searches: readonly SearchFigures[];
  readonly notComparable: string;
}

export type Replay = NonNullable<LoadOrder['replay']>;

const SAMPLE_MS = 200;
const APPEAR_TIMEOUT_MS = 60_000;
const APPEAR_POLL_MS = 500;
/** Before the first span's time. */
const MARGIN_MS = 60_000;

/** Warm up, load, wait until idle, check what is there, ask. */
export async function measureSubject(
  subject: Subject,
  generator: LoadProcess,
  replay: Replay,
  options: PeersOptions,
  say: (text: string) => void,
): Promise<SubjectFigures> {
  const { batch, connections, settleSeconds } = options;
  const group = new ProcessGroup(subject.pids);
  const send = (spans: number, more: Pick<LoadOrder, 'replay'>): Promise<LoadResult> =>
    generator.load({
      kind: 'load',
      transport: subject.transport,
      url: subject.otlpUrl,
      form: PLAIN_PROTOBUF,
      requests: Math.ceil(spans / batch),
      connections,
      timeoutMs: timeoutMs(spans),
      ...more,
    });
  const idleRssBytes = group.rssBytes();
  let warmUpSpans = 0;
  if (options.warmUpSpans > 0) {
    say('warming up');
    warmUpSpans = (await send(options.warmUpSpans, {})).acknowledgedSpans;
  }
  await group.quiet(settleSeconds * 1000);

  say(`loading ${options.spans} spans over ${subject.transport}`);
  let peakRssBytes = group.rssBytes();
  const sampling = setInterval(() => {
    peakRssBytes = Math.max(peakRssBytes, group.rssBytes());
  }, SAMPLE_MS);
  try {
    const diskBefore = subject.dataDir === undefined ? 0 : readDirectoryBytes(subject.dataDir);
    const cpuBefore = group.cpuSeconds();
    const load = await send(options.spans, { replay });
    const { cpuSeconds, isQuiet } = await group.quiet(settleSeconds * 1000);
    const diskBytes = subject.dataDir === undefined ? undefined : readDirectoryBytes(subject.dataDir) - diskBefore;
    const isCountVerified = await verifyCount(subject, warmUpSpans + load.acknowledgedSpans);
    say('asking');
    return {
      name: subject.name,
      transport: subject.transport,
      load,
      cpuSeconds: cpuSeconds - cpuBefore,
      isQuiet,
      idleRssBytes,
      peakRssBytes,
      diskBytes,
      liveBytesPerSpan: await subject.liveBytesPerSpan?.(),
      isCountVerified,
      ...(await ask(subject, load.traces, replay, options)),
      notComparable: subject.notComparable,
    };
  } finally {
    clearInterval(sampling);
  }
}

/** @throws Error when it says that it holds another number. */
async function verifyCount({ name, countStored }: Subject, acknowledged: number): Promise<boolean> {
  if (countStored === undefined) return false;
  const stored = await countStored();
  if (stored !== acknowledged) throw new Error(`${name}: ${acknowledged} spans acknowledged, ${stored} stored.`);
  return true;
}

async function ask(
  { query, searchesWithoutService }: Subject,
  traces: readonly SentTrace[],
  replay: Replay,
  { asks, seed }: PeersOptions,
): Promise<Pick<SubjectFigures, 'sampled' | 'traces' | 'searches'>> {
  if (query === undefined) return { sampled: undefined, traces: undefined, searches: [] };
  const sampled = { whole: await countWhole(query, traces), asked: traces.length };
  const questions = QUESTIONS.filter(({ needsNoService }) => searchesWithoutService || !needsNoService);
  return {
    sampled,
    traces: await measureTraces(query, traces, asks, seed),
    searches: await measureSearches(query, questions, replay.startUnixMs - MARGIN_MS, asks),
  };
}

/** Some stores show a span seconds after they have acknowledged it: asked until all are there or time is up. */
async function countWhole(query: QueryApi, traces: readonly SentTrace[]): Promise<number> {
  const deadlineMs = performance.now() + APPEAR_TIMEOUT_MS;
  let missing = traces;
  for (;;) {
    const still: SentTrace[] = [];
    for (const trace of missing) if ((await query.countTraceSpans(trace.traceId)) !== trace.spans) still.push(trace);
    missing = still;
    if (missing.length === 0 || performance.now() > deadlineMs) return traces.length - missing.length;
    await sleep(APPEAR_POLL_MS);
  }
}

/** One target's run: warm up, load, let everything settle, check that nothing is missing, load again at half speed. */
import type { BenchOptions, Transport } from './bench-options.ts';
import type { LoadResult } from './load-messages.ts';
import type { LoadProcess } from './load-process.ts';
import { type ProcessTreeCpu, readDirectoryBytes, readTreeCpu, readTreeRssBytes } from './process-tree.ts';
import {
  countSpans,
  type DiskFigures,
  mergesQuiet,
  mergeToOnePart,
  readColumnBytes,
  readDiskFigures,
} from './store-figures.ts';
import type { Target } from './target.ts';
import { ThreadSampler } from './thread-sampler.ts';

export interface TargetFigures {
  readonly name: string;
  readonly transport: Transport;
  readonly spans: number;
  readonly load: LoadResult;
  /** From the first request until everything was in the store. */
  readonly storedMs: number;
  /** Until merges were quiet. Seconds, not per million spans. */
  readonly cpu: ProcessTreeCpu;
  /** CPU seconds by thread name, most first; with --details. */
  readonly threadSeconds: readonly (readonly [string, number])[];
  /** CPU seconds to merge everything to one part afterwards. */
  readonly finalMergeCpuSeconds: number;
  /** Of all spans sent so far, warm-up included. */
  readonly spansOnDisk: number;
  readonly disk: DiskFigures;
  readonly diskMerged: DiskFigures;
  /** Disk bytes by table and column or index, most first; with --details. */
  readonly columnBytes: readonly (readonly [string, number])[];
  readonly idleRssBytes: number;
  readonly peakRssBytes: number;
  readonly peakJournalBytes: number;
  readonly halfLoad: LoadResult | undefined;
}

export interface MeasureOptions {
  readonly bench: BenchOptions;
  readonly transport: Transport;
  readonly spans: number;
  readonly connections: number;
  readonly withHalfLoad: boolean;
  readonly say: (text: string) => void;
}

const SAMPLE_MS = 100;
const FIXED_TIMEOUT_MS = 60_000;
/** Slower than this, a million spans have failed. */
const TIMEOUT_MS_PER_MILLION = 600_000;

export async function measureTarget(
  target: Target,
  generator: LoadProcess,
  options: MeasureOptions,
): Promise<TargetFigures> {
  const { bench, transport, say } = options;
  let acknowledged = 0;
  const run = async (spans: number, requestsPerSecond?: number): Promise<LoadResult> => {
    const result = await generator.load({
      kind: 'load',
      transport,
      url: target.urlOf(transport),
      requests: Math.ceil(spans / bench.batch),
      connections: options.connections,
      gzip: bench.gzip,
      requestsPerSecond,
      timeoutMs: timeoutMs(spans),
    });
    acknowledged += result.acknowledgedSpans;
    await target.drained(acknowledged, performance.now() + timeoutMs(spans));
    return result;
  };
  const settled = (): Promise<ProcessTreeCpu> =>
    mergesQuiet(target, performance.now() + timeoutMs(acknowledged), () => readTreeCpu(target.pid));

  const idleRssBytes = readTreeRssBytes(target.pid);
  const peaks = startSampling(target);
  try {
    say('warming up');
    if (bench.warmUpSpans > 0) await run(bench.warmUpSpans);
    await settled();

    say(`loading ${options.spans} spans over ${transport}`);
    const sampler = bench.details ? new ThreadSampler(target.pid) : undefined;
    const before = readTreeCpu(target.pid);
    const startMs = performance.now();
    const load = await run(options.spans);
    const storedMs = performance.now() - startMs;
    const cpu = difference(before, await settled());
    const threadSeconds = sampler?.stop() ?? [];
    await verify(target, acknowledged);
    const disk = await readDiskFigures(target);
    const spansOnDisk = acknowledged;

    say('merging to one part');
    const beforeMerge = readTreeCpu(target.pid);
    await mergeToOnePart(target);
    const finalMergeCpuSeconds = difference(beforeMerge, await settled()).seconds;
    const diskMerged = await readDiskFigures(target);
    const columnBytes = bench.details ? await readColumnBytes(target) : [];

    let halfLoad: LoadResult | undefined;
    if (options.withHalfLoad && bench.halfLoadSpans > 0) {
      const requestsPerSecond = load.acknowledgedSpans / (storedMs / 1000) / 2 / bench.batch;
      say(`loading ${bench.halfLoadSpans} spans at half speed, ${requestsPerSecond.toFixed(0)} requests a second`);
      halfLoad = await run(bench.halfLoadSpans, requestsPerSecond);
    }
    await verify(target, acknowledged);
    return {
      name: target.name,
      transport,
      spans: load.acknowledgedSpans,
      load,
      storedMs,
      cpu,
      threadSeconds,
      finalMergeCpuSeconds,
      spansOnDisk,
      disk,
      diskMerged,
      columnBytes,
      idleRssBytes,
      peakRssBytes: peaks.rssBytes,
      peakJournalBytes: peaks.journalBytes,
      halfLoad,
    };
  } finally {
    peaks.stop();
  }
}

/** @throws Error when the store does not hold exactly what was acknowledged. */
async function verify(target: Target, acknowledged: number): Promise<void> {
  const { rows, uniqueSpans } = await countSpans(target);
  if (rows === acknowledged && uniqueSpans === acknowledged) return;
  throw new Error(
    `${target.name} LOST OR DOUBLED SPANS: ${acknowledged} acknowledged, ${rows} stored, ${uniqueSpans} of them different.`,
  );
}

function startSampling(target: Target): { rssBytes: number; journalBytes: number; stop: () => void } {
  const peaks = { rssBytes: 0, journalBytes: 0, stop: () => clearInterval(timer) };
  const timer = setInterval(() => {
    peaks.rssBytes = Math.max(peaks.rssBytes, readTreeRssBytes(target.pid));
    if (target.journalDir !== undefined) {
      peaks.journalBytes = Math.max(peaks.journalBytes, readDirectoryBytes(target.journalDir));
    }
  }, SAMPLE_MS);
  return peaks;
}

function timeoutMs(spans: number): number {
  return FIXED_TIMEOUT_MS + (spans / 1e6) * TIMEOUT_MS_PER_MILLION;
}

function difference(before: ProcessTreeCpu, after: ProcessTreeCpu): ProcessTreeCpu {
  return {
    seconds: after.seconds - before.seconds,
    rootSeconds: after.rootSeconds - before.rootSeconds,
    mainThreadSeconds: after.mainThreadSeconds - before.mainThreadSeconds,
    childSeconds: after.childSeconds - before.childSeconds,
  };
}

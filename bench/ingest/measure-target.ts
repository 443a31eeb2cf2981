/** One target's run: warm up, load, let everything settle, check that nothing is missing, load again at half speed. */
import type { BodyForm, LoadResult, Transport } from '../load/load-messages.ts';
import type { LoadProcess } from '../load/load-process.ts';
import { PeakSampler } from '../target/peak-sampler.ts';
import { cpuBetween, type ProcessTreeCpu, readTreeCpu, readTreeRssBytes } from '../target/process-tree.ts';
import {
  type DiskFigures,
  mergesQuiet,
  mergeToOnePart,
  readColumnBytes,
  readDiskFigures,
  verifyStored,
} from '../target/store-figures.ts';
import type { Target } from '../target/target.ts';
import { timeoutMs } from '../target/timeout.ts';
import { ThreadSampler } from './thread-sampler.ts';

export interface TargetFigures {
  readonly name: string;
  readonly transport: Transport;
  readonly form: BodyForm;
  readonly batch: number;
  readonly connections: number;
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
  readonly transport: Transport;
  readonly form: BodyForm;
  readonly spans: number;
  /** Sent before, not measured. */
  readonly warmUpSpans: number;
  readonly connections: number;
  /** Of a paced phase at half the speed; 0 leaves it out. */
  readonly halfLoadSpans: number;
  /** Merges everything to one part afterwards, to measure that apart. */
  readonly withFinalMerge: boolean;
  /** CPU by thread name and disk bytes by column. */
  readonly withDetails: boolean;
  readonly say: (text: string) => void;
}

export async function measureTarget(
  target: Target,
  generator: LoadProcess,
  options: MeasureOptions,
): Promise<TargetFigures> {
  const { transport, form, connections, say } = options;
  const { batch } = generator.setup;
  let acknowledged = 0;
  let drainedMs = 0;
  const run = async (spans: number, requestsPerSecond?: number): Promise<LoadResult> => {
    const result = await generator.load({
      kind: 'load',
      transport,
      url: target.urlOf(transport),
      form,
      requests: Math.ceil(spans / batch),
      connections,
      ...(requestsPerSecond !== undefined && { requestsPerSecond }),
      timeoutMs: timeoutMs(spans),
    });
    acknowledged += result.acknowledgedSpans;
    const sentMs = performance.now();
    await target.drained(acknowledged, sentMs + timeoutMs(spans));
    drainedMs = performance.now() - sentMs;
    return result;
  };
  const settled = (): Promise<ProcessTreeCpu> =>
    mergesQuiet(target, performance.now() + timeoutMs(acknowledged), () => readTreeCpu(target.pid));

  const idleRssBytes = readTreeRssBytes(target.pid);
  const peaks = new PeakSampler(target);
  try {
    say('warming up');
    if (options.warmUpSpans > 0) await run(options.warmUpSpans);
    await settled();

    say(
      `loading ${options.spans} spans over ${transport}${isPlain(form) ? '' : ` as ${form.encoding}, ${form.compression}`}`,
    );
    const sampler = options.withDetails ? new ThreadSampler(target.pid) : undefined;
    const before = readTreeCpu(target.pid);
    const load = await run(options.spans);
    const storedMs = load.wallMs + drainedMs;
    const cpu = cpuBetween(before, await settled());
    const threadSeconds = sampler?.stop() ?? [];
    await verifyStored(target, acknowledged);
    const disk = await readDiskFigures(target);
    const spansOnDisk = acknowledged;

    let finalMergeCpuSeconds = 0;
    if (options.withFinalMerge) {
      say('merging to one part');
      const beforeMerge = readTreeCpu(target.pid);
      await mergeToOnePart(target);
      finalMergeCpuSeconds = cpuBetween(beforeMerge, await settled()).seconds;
    }
    const diskMerged = await readDiskFigures(target);
    const columnBytes = options.withDetails ? await readColumnBytes(target) : [];

    let halfLoad: LoadResult | undefined;
    if (options.halfLoadSpans > 0) {
      const requestsPerSecond = load.acknowledgedSpans / (storedMs / 1000) / 2 / batch;
      say(`loading ${options.halfLoadSpans} spans at half speed, ${requestsPerSecond.toFixed(0)} requests a second`);
      halfLoad = await run(options.halfLoadSpans, requestsPerSecond);
    }
    await verifyStored(target, acknowledged);
    return {
      name: target.name,
      transport,
      form,
      batch,
      connections,
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

function isPlain({ encoding, compression }: BodyForm): boolean {
  return encoding === 'protobuf' && compression === 'none';
}

/** One target's run: warm up, load, let everything settle, check that nothing is missing, load again at half speed. */
import type { BodyForm, Transport } from '../load/load-messages.ts';
import type { LoadProcess } from '../load/load-process.ts';
import { PeakSampler } from '../target/peak-sampler.ts';
import { cpuBetween, type ProcessTreeCpu, readTreeCpu, readTreeRssBytes } from '../target/process-tree.ts';
import { type DiskFigures, mergeToOnePart, readColumnBytes, readDiskFigures } from '../target/store-figures.ts';
import type { Target } from '../target/target.ts';
import { type StoredLoad, type TargetLoad, TargetRun } from '../target/target-run.ts';
import { ThreadSampler } from './thread-sampler.ts';

export interface TargetFigures {
  readonly name: string;
  readonly transport: Transport;
  readonly form: BodyForm;
  readonly batch: number;
  readonly connections: number;
  readonly spans: number;
  readonly load: StoredLoad;
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
  readonly halfLoad: StoredLoad | undefined;
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
  const run = new TargetRun(target, generator);
  const load = (spans: number, pace: Pick<TargetLoad, 'requestsPerSecond'> = {}): Promise<StoredLoad> =>
    run.load({ spans, transport, form, connections, ...pace });

  const idleRssBytes = readTreeRssBytes(target.pid);
  const peaks = new PeakSampler(target);
  try {
    say('warming up');
    if (options.warmUpSpans > 0) await load(options.warmUpSpans);
    await run.settled();

    say(
      `loading ${options.spans} spans over ${transport}${isPlain(form) ? '' : ` as ${form.encoding}, ${form.compression}`}`,
    );
    const sampler = options.withDetails ? new ThreadSampler(target.pid) : undefined;
    const before = readTreeCpu(target.pid);
    const full = await load(options.spans);
    const cpu = cpuBetween(before, await run.settled());
    const threadSeconds = sampler?.stop() ?? [];
    await run.verify();
    const disk = await readDiskFigures(target);
    const spansOnDisk = run.acknowledged;

    let finalMergeCpuSeconds = 0;
    if (options.withFinalMerge) {
      say('merging to one part');
      const beforeMerge = readTreeCpu(target.pid);
      await mergeToOnePart(target);
      finalMergeCpuSeconds = cpuBetween(beforeMerge, await run.settled()).seconds;
    }
    const diskMerged = await readDiskFigures(target);
    const columnBytes = options.withDetails ? await readColumnBytes(target) : [];

    let halfLoad: StoredLoad | undefined;
    if (options.halfLoadSpans > 0) {
      const requestsPerSecond = full.acknowledgedSpans / (full.storedMs / 1000) / 2 / batch;
      say(`loading ${options.halfLoadSpans} spans at half speed, ${requestsPerSecond.toFixed(0)} requests a second`);
      halfLoad = await load(options.halfLoadSpans, { requestsPerSecond });
    }
    await run.verify();
    return {
      name: target.name,
      transport,
      form,
      batch,
      connections,
      spans: full.acknowledgedSpans,
      load: full,
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

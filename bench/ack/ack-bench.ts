/** How long senders wait for their acknowledgement, and readers for what was acknowledged. */
import type { Transport } from '../load/load-messages.ts';
import { LoadProcess, templateCount } from '../load/load-process.ts';
import type { Quantiles } from '../load/quantiles.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startBaselineTarget } from '../target/baseline-target.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { measureFsync } from '../target/measure-fsync.ts';
import type { Target } from '../target/target.ts';
import { type StoredLoad, TargetRun } from '../target/target-run.ts';
import { type AckOptions, parseAckOptions, USAGE } from './ack-options.ts';
import { formatAckReport } from './ack-report.ts';
import { type VisibilityFigures, VisibilityProbe } from './visibility-probe.ts';

export interface AckFigures {
  readonly name: string;
  readonly transport: Transport;
  /** Spans/s stored when senders send as fast as they can. */
  readonly capacity: number;
  /** Spans/s of the paced phase, as ordered. */
  readonly rate: number;
  readonly halfLoad: StoredLoad;
  /** The same load once more, searched all the time; absent without probes. */
  readonly searched: { readonly halfLoad: StoredLoad; readonly visibility: VisibilityFigures } | undefined;
  readonly singleClient: StoredLoad;
}

export interface AckResult {
  readonly machine: Machine;
  readonly options: AckOptions;
  readonly fsyncMs: Quantiles;
  readonly targets: readonly AckFigures[];
}

const WARM_UP_SPANS = 40_000;
const CAPACITY_CONNECTIONS = 4;
/** The baseline answers after an insert of at least 10,000 rows: with few connections it would wait for company. */
const BASELINE_SPANS_IN_FLIGHT = 20_000;
/** Of the journal's write for one request, about. */
const FSYNC_BYTES = 128 * 2 ** 10;

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    { name: 'bench:ack', usage: USAGE, parse: parseAckOptions, run: runAck, format: formatAckReport },
    given,
  );
}

async function runAck(options: AckOptions, context: BenchContext): Promise<AckResult> {
  const { batch, seed, capacitySpans } = options;
  const machine = readMachine();
  const fsyncMs = await measureFsync(FSYNC_BYTES);
  const baselineConnections = Math.ceil(BASELINE_SPANS_IN_FLIGHT / batch);
  const templates = templateCount(capacitySpans, batch, Math.max(options.connections, baselineConnections));
  context.say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(context.buildDir, { seed, batch, templates }, context.cleanUp);
  const targets: AckFigures[] = [];
  const measure = async (target: Target, transport: Transport, capacityConnections: number): Promise<void> => {
    const say = (text: string): void => context.say(`${target.name} ${transport}: ${text}`);
    try {
      const run = new TargetRun(target, generator);
      targets.push(await measureAck(run, { ...options, transport, capacityConnections }, say));
    } finally {
      await target.stop();
    }
  };
  for (const transport of options.transports) {
    const { buildDir, cleanUp } = context;
    await measure(
      await startClewTarget({ buildDir, cleanUp, flags: options.clewFlags }),
      transport,
      CAPACITY_CONNECTIONS,
    );
  }
  if (options.withBaseline) await measure(await startBaselineTarget(context), 'http', baselineConnections);
  generator.stop();
  return { machine, options, fsyncMs, targets };
}

async function measureAck(
  run: TargetRun,
  options: AckOptions & { readonly transport: Transport; readonly capacityConnections: number },
  say: (text: string) => void,
): Promise<AckFigures> {
  const { transport, batch, connections, seconds, probesPerSecond, capacityConnections } = options;
  const { target } = run;
  say('warming up');
  await run.load({ spans: WARM_UP_SPANS, transport, connections: capacityConnections });
  await run.settled();

  const full = await run.load({ spans: options.capacitySpans, transport, connections: capacityConnections });
  const capacity = full.acknowledgedSpans / (full.storedMs / 1000);
  await run.settled();

  const rate = options.spansPerSecond ?? capacity / 2;
  say(`stores ${capacity.toFixed(0)} spans/s; ${rate.toFixed(0)} spans/s for ${seconds} s`);
  const durationMs = seconds * 1000;
  const paced = { requestsPerSecond: rate / batch, durationMs };
  const loadHalf = () => run.load({ spans: rate * seconds, transport, connections, ...paced });
  const halfLoad = await loadHalf();
  await run.settled();

  let searched: AckFigures['searched'];
  if (probesPerSecond > 0) {
    say(`once more, with ${probesPerSecond} probes a second, each searched for until it is found`);
    const [visibility, searchedLoad] = await Promise.all([
      new VisibilityProbe(target, transport).run(durationMs, probesPerSecond),
      loadHalf(),
    ]);
    run.addAcknowledged(visibility.probes);
    searched = { halfLoad: searchedLoad, visibility };
    await run.settled();
  }

  say(`one client for ${seconds} s`);
  // More than it can send: time ends it.
  const singleClient = await run.load({ spans: capacity * seconds * 4, transport, connections: 1, durationMs });
  await run.verify();
  return { name: target.name, transport, capacity, rate, halfLoad, searched, singleClient };
}

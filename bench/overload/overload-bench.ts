/** Several times as much as can be taken: who is refused, what it costs, and whether anything accepted is lost. */
import type { FloodResult, FloodSenders } from '../load/load-messages.ts';
import { LoadProcess, templateCount } from '../load/load-process.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startBaselineTarget } from '../target/baseline-target.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { cpuBetween, type ProcessTreeCpu, readTreeCpu } from '../target/process-tree.ts';
import { countSpans, countSpansByTenant } from '../target/store-figures.ts';
import type { Target } from '../target/target.ts';
import { TargetRun } from '../target/target-run.ts';
import { type MemorySample, MemoryTimeline } from './memory-timeline.ts';
import { type OverloadOptions, parseOverloadOptions, USAGE } from './overload-options.ts';
import { formatOverloadReport } from './overload-report.ts';
import { measureRecovery, type RecoveryFigures } from './recovery.ts';

export interface OverloadFigures {
  readonly name: string;
  /** Spans/s stored when senders send as fast as they can. */
  readonly capacity: number;
  /** Spans/s that were due. */
  readonly offered: number;
  readonly flood: FloodResult;
  /** During the flood. */
  readonly cpu: ProcessTreeCpu;
  readonly memory: readonly MemorySample[];
  /** What all its processes may have resident; undefined when it has no such limit. */
  readonly memoryLimitBytes: number | undefined;
  readonly recovery: RecoveryFigures;
  /** From the end of the flood until everything accepted was stored. */
  readonly drainedMs: number;
  /** Spans of requests whose outcome nobody knows, that were found stored. */
  readonly unknownStored: number;
}

export interface OverloadResult {
  readonly machine: Machine;
  readonly options: OverloadOptions;
  readonly targets: readonly OverloadFigures[];
}

const WARM_UP_SPANS = 40_000;
const CAPACITY_CONNECTIONS = 4;
/** The baseline answers after an insert of at least 10,000 rows: with few connections it would wait for company. */
const BASELINE_SPANS_IN_FLIGHT = 20_000;
export const LARGE_TENANT = 'large';
export const SMALL_TENANT = 'small';

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    {
      name: 'bench:overload',
      usage: USAGE,
      parse: parseOverloadOptions,
      run: runOverload,
      format: formatOverloadReport,
    },
    given,
  );
}

async function runOverload(options: OverloadOptions, context: BenchContext): Promise<OverloadResult> {
  const { batch, seed, capacitySpans, connections } = options;
  const machine = readMachine();
  const templates = templateCount(capacitySpans, batch, connections);
  context.say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(context.buildDir, { seed, batch, templates }, context.cleanUp);
  const targets: OverloadFigures[] = [];
  const measure = async (target: Target, capacityConnections: number): Promise<void> => {
    const say = (text: string): void => context.say(`${target.name}: ${text}`);
    try {
      // The baseline is given what Clew was given.
      const spansPerSecond = options.spansPerSecond ?? targets[0]?.offered;
      targets.push(await measureOverload(target, generator, { ...options, spansPerSecond, capacityConnections, say }));
    } finally {
      await target.stop();
    }
  };
  const { buildDir, cleanUp } = context;
  const flags = [...journalFlags(options.journalMib), ...options.clewFlags];
  await measure(await startClewTarget({ buildDir, cleanUp, flags }), CAPACITY_CONNECTIONS);
  if (options.withBaseline) {
    await measure(await startBaselineTarget(context), Math.ceil(BASELINE_SPANS_IN_FLIGHT / batch));
  }
  generator.stop();
  return { machine, options, targets };
}

/** A quarter of it a segment: space comes back a segment at a time. */
function journalFlags(journalMib: number): readonly string[] {
  if (journalMib === 0) return [];
  const segmentMib = Math.ceil(journalMib / 4);
  return ['--journal-max-bytes', `${journalMib}MiB`, '--journal-segment-bytes', `${segmentMib}MiB`];
}

interface MeasureOptions extends OverloadOptions {
  readonly capacityConnections: number;
  readonly say: (text: string) => void;
}

async function measureOverload(
  target: Target,
  generator: LoadProcess,
  options: MeasureOptions,
): Promise<OverloadFigures> {
  const { batch, seconds, capacityConnections, say } = options;
  const transport = target.tenantColumn === undefined ? 'http' : options.transport;
  const run = new TargetRun(target, generator);
  say('warming up');
  await run.load({ spans: WARM_UP_SPANS, transport, connections: capacityConnections });
  await run.settled();
  const full = await run.load({ spans: options.capacitySpans, transport, connections: capacityConnections });
  const capacity = full.acknowledgedSpans / (full.storedMs / 1000);
  await run.settled();
  const beforeFlood = run.acknowledged;

  const offered = options.spansPerSecond ?? capacity * options.times;
  say(`stores ${capacity.toFixed(0)} spans/s; offering ${offered.toFixed(0)} spans/s for ${seconds} s`);
  const timeline = new MemoryTimeline(target.pid);
  const before = readTreeCpu(target.pid);
  const flood = await generator.flood({
    kind: 'flood',
    transport,
    url: target.urlOf(transport),
    senders: sendersOf(offered / batch, options),
    durationMs: seconds * 1000,
  });
  const cpu = cpuBetween(before, readTreeCpu(target.pid));
  const endMs = performance.now();
  say('recovering');
  const recovery = await measureRecovery(target, transport, SMALL_TENANT);
  run.addAcknowledged(recovery.spans);
  for (const { acceptedSpans } of flood.groups) run.addAcknowledged(acceptedSpans);
  await run.drained();
  const drainedMs = performance.now() - endMs;
  // What has come is merged yet, which is part of what it cost.
  await run.settled();
  timeline.stop();
  const unknownStored = await verifyFlood(target, flood, recovery, beforeFlood);
  const memory = timeline.samples;
  const memoryLimitBytes = await readMemoryLimit(target);
  return {
    ...{ name: target.name, capacity, offered, flood, cpu, memory, memoryLimitBytes, recovery, drainedMs },
    unknownStored,
  };
}

async function readMemoryLimit({ uiUrl }: Target): Promise<number | undefined> {
  if (uiUrl === undefined) return undefined;
  const metrics = await (await fetch(`${uiUrl}/metrics`)).text();
  return Number(/^clew_memory_limit_bytes (\S+)$/m.exec(metrics)?.[1] ?? Number.NaN);
}

/** Two tenants, each with the same share of connections as of the load. */
export function sendersOf(
  requestsPerSecond: number,
  { connections, smallShare }: Pick<OverloadOptions, 'connections' | 'smallShare'>,
): readonly FloodSenders[] {
  const small = Math.max(1, Math.round((connections * smallShare) / 100));
  const share = smallShare / 100;
  return [
    { tenant: LARGE_TENANT, connections: connections - small, requestsPerSecond: requestsPerSecond * (1 - share) },
    { tenant: SMALL_TENANT, connections: small, requestsPerSecond: requestsPerSecond * share },
  ];
}

/**
 * Spans stored beyond those accepted, which must come from requests whose outcome is unknown.
 * @throws Error when something accepted is missing, or stored twice, or stored although refused.
 */
async function verifyFlood(
  target: Target,
  flood: FloodResult,
  recovery: RecoveryFigures,
  before: number,
): Promise<number> {
  const { rows, uniqueSpans } = await countSpans(target);
  if (rows !== uniqueSpans) throw new Error(`${target.name}: ${rows - uniqueSpans} spans are stored twice.`);
  const byTenant = await countSpansByTenant(target);
  let surplus = 0;
  const check = (what: string, stored: number, accepted: number, unknown: number): void => {
    if (stored < accepted)
      throw new Error(`${target.name} LOST SPANS of ${what}: ${accepted} accepted, ${stored} stored.`);
    if (stored > accepted + unknown) {
      throw new Error(`${target.name}: ${stored} spans of ${what} stored, ${accepted} accepted, ${unknown} unknown.`);
    }
    surplus += stored - accepted;
  };
  const accepted = (tenant: string): number =>
    (flood.groups.find((group) => group.tenant === tenant)?.acceptedSpans ?? 0) +
    (tenant === SMALL_TENANT ? recovery.spans : 0);
  const unknown = (tenant: string): number => flood.groups.find((group) => group.tenant === tenant)?.unknownSpans ?? 0;
  const tenants = [LARGE_TENANT, SMALL_TENANT];
  if (byTenant === undefined) {
    const sum = (of: (tenant: string) => number): number => tenants.reduce((total, tenant) => total + of(tenant), 0);
    check('all', rows, before + sum(accepted), sum(unknown));
  } else {
    for (const tenant of tenants) check(tenant, byTenant.get(tenant) ?? 0, accepted(tenant), unknown(tenant));
    check('default', byTenant.get('default') ?? 0, before, 0);
  }
  return surplus;
}

/** What a span costs and how fast questions are answered, as the store fills. */
import { LoadProcess, templateCount } from '../load/load-process.ts';
import { measureSearches, measureTraces, type SearchFigures, type TraceFigures } from '../query/measure-queries.ts';
import { QUESTIONS } from '../query/questions.ts';
import { type Machine, readMachine } from '../report/machine.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startClewTarget } from '../target/clew-target.ts';
import { cpuBetween, type ProcessTreeCpu, readTreeCpu, readTreeRssBytes } from '../target/process-tree.ts';
import { type DiskFigures, readDiskFigures } from '../target/store-figures.ts';
import { type StoredLoad, TargetRun } from '../target/target-run.ts';
import { type GrowthOptions, parseGrowthOptions, USAGE } from './growth-options.ts';
import { formatGrowthReport } from './growth-report.ts';

export interface GrowthStep {
  /** When the step was over. */
  readonly storedSpans: number;
  readonly load: StoredLoad;
  /** Of this step, until merges were quiet. */
  readonly cpu: ProcessTreeCpu;
  readonly searches: readonly SearchFigures[];
  readonly traces: TraceFigures;
  readonly disk: DiskFigures;
  /** When the questions had been asked. */
  readonly rssBytes: number;
}

export interface GrowthResult {
  readonly machine: Machine;
  readonly options: GrowthOptions;
  readonly warmUpSpans: number;
  readonly steps: readonly GrowthStep[];
}

const WARM_UP_SPANS = 60_000;
/** Before the first span of the run. */
const MARGIN_MS = 60_000;

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    { name: 'bench:growth', usage: USAGE, parse: parseGrowthOptions, run: runGrowth, format: formatGrowthReport },
    given,
  );
}

async function runGrowth(options: GrowthOptions, context: BenchContext): Promise<GrowthResult> {
  const { batch, connections, seed, to } = options;
  const machine = readMachine();
  const startUnixMs = Date.now() - MARGIN_MS;
  const templates = templateCount(to, batch, connections);
  context.say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(context.buildDir, { seed, batch, templates }, context.cleanUp);
  const { buildDir, cleanUp } = context;
  const target = await startClewTarget({ buildDir, cleanUp, flags: options.clewFlags });
  const steps: GrowthStep[] = [];
  try {
    const run = new TargetRun(target, generator);
    await run.load({ spans: Math.min(WARM_UP_SPANS, to), transport: 'http', connections });
    await run.settled();
    const warmUpSpans = run.acknowledged;
    for (const spans of stepSizes(to - warmUpSpans, options.steps)) {
      const step = await measureStep(run, spans, startUnixMs, options);
      steps.push(step);
      const perMillion = (step.cpu.seconds / step.load.acknowledgedSpans) * 1e6;
      context.say(`${step.storedSpans} spans stored: ${perMillion.toFixed(1)} CPU s per million in this step`);
    }
    return { machine, options, warmUpSpans, steps };
  } finally {
    await target.stop();
    generator.stop();
  }
}

/** Equal, but for what does not divide. */
export function stepSizes(spans: number, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_, i) => {
    const upTo = (part: number): number => Math.round((spans * part) / steps);
    return Math.max(1, upTo(i + 1) - upTo(i));
  });
}

async function measureStep(
  run: TargetRun,
  spans: number,
  startUnixMs: number,
  { connections, asks, seed }: GrowthOptions,
): Promise<GrowthStep> {
  const { target } = run;
  const before = readTreeCpu(target.pid);
  const load = await run.load({ spans, transport: 'http', connections });
  const cpu = cpuBetween(before, await run.settled());
  await run.verify();
  const searches = await measureSearches(target.query, QUESTIONS, startUnixMs, asks);
  const traces = await measureTraces(target.query, run.traces, asks, seed);
  if (traces.whole !== traces.asked) {
    throw new Error(`${traces.asked - traces.whole} of ${traces.asked} traces asked for by id were not whole.`);
  }
  const disk = await readDiskFigures(target);
  return { storedSpans: run.acknowledged, load, cpu, searches, traces, disk, rssBytes: readTreeRssBytes(target.pid) };
}

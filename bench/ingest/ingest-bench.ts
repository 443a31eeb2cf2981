/** OTLP in, until it is stored and merged: CPU of every process, per million spans, against the usual way. */
import { LoadProcess, templateCount } from '../load/load-process.ts';
import { readMachine } from '../report/machine.ts';
import { measureDecodeNano } from '../report/machine-pace.ts';
import { type BenchContext, type MainArguments, runBenchmark } from '../run-benchmark.ts';
import { startBaselineTarget } from '../target/baseline-target.ts';
import { startClewTarget } from '../target/clew-target.ts';
import type { Target } from '../target/target.ts';
import { type BenchOptions, parseBenchOptions, USAGE } from './bench-options.ts';
import { formatMatrix } from './matrix-report.ts';
import { type MatrixRow, matrixRowSpec } from './matrix-row.ts';
import { type MeasureOptions, measureTarget, type TargetFigures } from './measure-target.ts';
import { summarizeProfiles } from './profile-summary.ts';
import { type BenchResult, formatReport } from './report.ts';

/** Two of the baseline's inserts. */
const BASELINE_SPANS_IN_FLIGHT = 20_000;

/** Returns the exit code. */
export function main(given: MainArguments): Promise<number> {
  return runBenchmark(
    {
      name: 'bench:ingest',
      usage: USAGE,
      parse: parseBenchOptions,
      run: async (options, context) => {
        const result = options.matrix.length > 0 ? await runMatrix(options, context) : await runFull(options, context);
        if (options.profileDir !== undefined) context.say(`\n${await summarizeProfiles(options.profileDir)}`);
        return result;
      },
      format: (result) => (result.options.matrix.length > 0 ? formatMatrix(result) : formatReport(result)),
    },
    given,
  );
}

/** Each transport with everything that is measured, then the baseline. */
async function runFull(options: BenchOptions, context: BenchContext): Promise<BenchResult> {
  const machine = readMachine();
  // Before and after: what else the machine does changes meanwhile.
  const decodeNano = [measureDecodeNano()];
  const { batch, connections, form } = options;
  const baselineConnections = baselineConnectionsFor(batch, connections);
  const templates = templateCount(options.spans, batch, baselineConnections);
  context.say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(
    context.buildDir,
    { seed: options.seed, batch, templates },
    context.cleanUp,
  );
  const common = { form, warmUpSpans: options.warmUpSpans, withFinalMerge: true, withDetails: options.details };
  const targets: TargetFigures[] = [];
  for (const transport of options.transports) {
    const { spans, halfLoadSpans } = options;
    const one = { ...common, transport, spans, connections, halfLoadSpans };
    targets.push(await measure(await startClew(options, context), generator, one, context));
  }
  if (options.baselineSpans > 0) {
    const one = { ...common, transport: 'http', spans: options.baselineSpans, halfLoadSpans: 0 } as const;
    const target = await startBaselineTarget(context);
    targets.push(await measure(target, generator, { ...one, connections: baselineConnections }, context));
  }
  generator.stop();
  decodeNano.push(measureDecodeNano());
  return { machine, decodeNano, options, bytesPerSpan: generator.bytesPerSpan, templates, targets };
}

/** Many ways to send, each on an empty store, and the baseline with the first of them. */
async function runMatrix(options: BenchOptions, context: BenchContext): Promise<BenchResult> {
  const machine = readMachine();
  const decodeNano = [measureDecodeNano()];
  const common = { warmUpSpans: options.warmUpSpans, withFinalMerge: false, withDetails: options.details };
  const targets: TargetFigures[] = [];
  let bytesPerSpan = 0;
  const withGenerator = async (row: MatrixRow, work: (generator: LoadProcess) => Promise<void>): Promise<void> => {
    const { batch, connections } = row;
    const templates = templateCount(options.spans, batch, connections);
    const setup = { seed: options.seed, batch, templates };
    const generator = await LoadProcess.start(context.buildDir, setup, context.cleanUp);
    bytesPerSpan ||= generator.bytesPerSpan;
    await work(generator);
    generator.stop();
  };
  for (const [i, row] of options.matrix.entries()) {
    context.say(`row ${i + 1} of ${options.matrix.length}: ${matrixRowSpec(row)}`);
    await withGenerator(row, async (generator) => {
      const { spans, halfLoadSpans } = options;
      const one = { ...common, ...row, spans, halfLoadSpans };
      targets.push(await measure(await startClew(options, context), generator, one, context));
    });
  }
  if (options.baselineSpans > 0) {
    const [first] = options.matrix;
    const row = { ...first, connections: baselineConnectionsFor(first.batch, first.connections) };
    const plain = { encoding: 'protobuf', compression: 'none' } as const;
    await withGenerator(row, async (generator) => {
      const one = { ...common, ...row, transport: 'http', form: plain, halfLoadSpans: 0 } as const;
      const target = await startBaselineTarget(context);
      targets.push(await measure(target, generator, { ...one, spans: options.baselineSpans }, context));
    });
  }
  decodeNano.push(measureDecodeNano());
  return { machine, decodeNano, options, bytesPerSpan, templates: 0, targets };
}

async function measure(
  target: Target,
  generator: LoadProcess,
  options: Omit<MeasureOptions, 'say'>,
  context: BenchContext,
): Promise<TargetFigures> {
  const say = (text: string): void => context.say(`${target.name}: ${text}`);
  try {
    return await measureTarget(target, generator, { ...options, say });
  } finally {
    await target.stop();
  }
}

function startClew(options: BenchOptions, { buildDir, cleanUp }: BenchContext): Promise<Target> {
  const { profileDir, clewFlags, nodeFlags } = options;
  return startClewTarget({ buildDir, cleanUp, profileDir, flags: clewFlags, nodeFlags });
}

/** It answers after an insert of many requests: with few connections it would wait for company. */
function baselineConnectionsFor(batch: number, connections: number): number {
  return Math.max(connections, Math.ceil(BASELINE_SPANS_IN_FLIGHT / batch));
}

/** OTLP in, until it is stored and merged: CPU of every process, per million spans, against the usual way. */
import { type BenchOptions, parseBenchOptions, type Transport, USAGE } from './bench-options.ts';
import { CleanUp } from './clean-up.ts';
import { LoadProcess } from './load-process.ts';
import { type MeasureOptions, measureTarget, type TargetFigures } from './measure-target.ts';
import { summarizeProfiles } from './profile-summary.ts';
import { type BenchResult, formatReport, readMachine } from './report.ts';
import { startBaselineTarget, startClewTarget, type Target } from './target.ts';

export interface RunOptions {
  readonly argv: readonly string[];
  /** Holds program/ and bench/, built. */
  readonly buildDir: string;
}

/** Different bodies at most: 80 MB of them at 512 spans. */
const MAX_TEMPLATE_SPANS = 131_072;
/** Two of the baseline's inserts. */
const BASELINE_SPANS_IN_FLIGHT = 20_000;

/** Returns the exit code. Everything started is ended, whatever happens. */
export async function runIngestBench({ argv, buildDir }: RunOptions): Promise<number> {
  const say = (text: string): void => console.error(text);
  try {
    const options = parseBenchOptions(argv);
    if (options === 'help') {
      console.log(USAGE);
      return 0;
    }
    if (process.platform !== 'linux') throw new Error(`needs Linux (/proc), this is ${process.platform}.`);
    const result = await bench(options, buildDir, say);
    const report = formatReport(result);
    if (options.json) {
      console.error(`\n${report}`);
      console.log(JSON.stringify(result, null, 2));
    } else console.log(`\n${report}`);
    if (options.profileDir !== undefined) say(`\n${await summarizeProfiles(options.profileDir)}`);
    return 0;
  } catch (error) {
    say(`bench:ingest: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}

async function bench(options: BenchOptions, buildDir: string, say: (text: string) => void): Promise<BenchResult> {
  const cleanUp = new CleanUp();
  const machine = readMachine();
  const baselineConnections = Math.max(options.connections, Math.ceil(BASELINE_SPANS_IN_FLIGHT / options.batch));
  const templates = templateCount(options, baselineConnections);
  say(`generating ${templates} request bodies`);
  const generator = await LoadProcess.start(buildDir, { seed: options.seed, batch: options.batch, templates }, cleanUp);
  const targets: TargetFigures[] = [];
  const measure = async (start: () => Promise<Target>, one: Omit<MeasureOptions, 'bench' | 'say'>): Promise<void> => {
    const target = await start();
    const tell = (text: string): void => say(`${target.name}: ${text}`);
    try {
      targets.push(await measureTarget(target, generator, { ...one, bench: options, say: tell }));
    } finally {
      await target.stop();
    }
  };
  const clew = (): Promise<Target> =>
    startClewTarget({
      buildDir,
      cleanUp,
      profileDir: options.profileDir,
      flags: options.clewFlags,
      nodeFlags: options.nodeFlags,
    });
  for (const transport of options.transports) {
    await measure(clew, { transport, spans: options.spans, connections: options.connections, withHalfLoad: true });
  }
  if (options.baselineSpans > 0) {
    const transport: Transport = 'http';
    const spans = options.baselineSpans;
    const connections = baselineConnections;
    await measure(() => startBaselineTarget({ buildDir, cleanUp }), {
      transport,
      spans,
      connections,
      withHalfLoad: false,
    });
  }
  generator.stop();
  return { machine, options, bytesPerSpan: generator.bytesPerSpan, templates, targets };
}

function templateCount({ spans, batch }: BenchOptions, connections: number): number {
  const wanted = Math.min(Math.ceil(spans / batch), Math.floor(MAX_TEMPLATE_SPANS / batch));
  return Math.max(wanted, connections + 1);
}

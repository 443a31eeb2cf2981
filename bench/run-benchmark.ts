/** What every benchmark does around its measuring: options, help, clean-up, table or JSON, exit code. */
import { CleanUp } from './target/clean-up.ts';

export interface MainArguments {
  readonly argv: readonly string[];
  /** Holds program/ and bench/, built. */
  readonly buildDir: string;
}

export interface BenchContext {
  readonly buildDir: string;
  readonly cleanUp: CleanUp;
  /** Progress, to stderr. */
  readonly say: (text: string) => void;
}

export interface Benchmark<Options extends { readonly json: boolean }, Result> {
  readonly name: string;
  readonly usage: string;
  /** @throws Error that says which option is wrong. */
  readonly parse: (argv: readonly string[]) => Options | 'help';
  readonly run: (options: Options, context: BenchContext) => Promise<Result>;
  readonly format: (result: Result) => string;
}

/** Returns the exit code. Everything started is ended, whatever happens. */
export async function runBenchmark<Options extends { readonly json: boolean }, Result>(
  benchmark: Benchmark<Options, Result>,
  { argv, buildDir }: MainArguments,
): Promise<number> {
  const say = (text: string): void => console.error(text);
  try {
    const options = benchmark.parse(argv);
    if (options === 'help') {
      console.log(benchmark.usage);
      return 0;
    }
    if (process.platform !== 'linux') throw new Error(`needs Linux (/proc), this is ${process.platform}.`);
    const result = await benchmark.run(options, { buildDir, cleanUp: new CleanUp(), say });
    const report = benchmark.format(result);
    if (options.json) {
      console.error(`\n${report}`);
      console.log(JSON.stringify(result, null, 2));
    } else console.log(`\n${report}`);
    return 0;
  } catch (error) {
    say(`${benchmark.name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return 1;
  }
}

/** `npm run fuzz`: feeds the decoders hostile input for as long as is asked, and keeps what breaks them. */
import { parseArgs } from 'node:util';
import { CorpusFiles } from './corpus-files.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { type RunResult, runTarget } from './run-target.ts';
import { fuzzTargets } from './targets.ts';

const USAGE = `npm run fuzz -- [options]
  --target NAME     only this one; may be given more than once (default: all)
  --minutes N       time for each target (default 1)
  --iterations N    inputs for each target, instead of a time
  --seed S          a whole number (default: of the clock); the same seed and corpus give the same inputs
  --grow            keep short inputs that went a new way in corpus/
  --make-corpus     write the seeds of the corpus anew and stop`;
const MAX_INT32 = 0x7fffffff;
/** The corpus is read by every test run and is kept in the repository: short inputs, and few. */
const MAX_GROWN_BYTES = 1024;
const MAX_GROWN_INPUTS = 40;

/** @returns the exit code: 0 when nothing broke, 1 when something did, 2 for a mistake in the arguments. */
export async function runFuzzCommand(argv: readonly string[], folder: string): Promise<number> {
  const options = parseOptions(argv);
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }
  const targets = await fuzzTargets();
  const unknown = options.targets.find((name) => !targets.some((target) => target.name === name));
  if (unknown !== undefined) {
    console.error(`--target ${unknown}: no such target (known: ${targets.map(({ name }) => name).join(', ')}).`);
    return 2;
  }
  const chosen = targets.filter(({ name }) => options.targets.length === 0 || options.targets.includes(name));
  const files = new CorpusFiles(folder);
  if (options.makeCorpus) {
    for (const target of chosen) files.writeSeeds(target.name, target.seeds());
    return 0;
  }
  console.log(`seed ${options.seed}`);
  let broken = 0;
  for (const target of chosen) {
    const { seed, iterations } = options;
    const result = await runTarget(target, files, {
      seed,
      iterations,
      deadlineMs: iterations === MAX_INT32 ? performance.now() + options.minutes * 60_000 : Number.POSITIVE_INFINITY,
    });
    report(target, result, files);
    if (options.grow) grow(target, result, files);
    broken += result.failures.length;
    await target.close?.();
  }
  console.log(broken === 0 ? 'nothing broke' : `${broken} findings; their inputs are in ${folder}/fixtures`);
  return broken === 0 ? 0 : 1;
}

interface FuzzOptions {
  readonly targets: readonly string[];
  readonly minutes: number;
  readonly iterations: number;
  readonly seed: number;
  readonly grow: boolean;
  readonly makeCorpus: boolean;
}

/** The options, or what is wrong with them. */
function parseOptions(argv: readonly string[]): FuzzOptions | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        target: { type: 'string', multiple: true },
        minutes: { type: 'string', default: '1' },
        iterations: { type: 'string' },
        seed: { type: 'string' },
        grow: { type: 'boolean', default: false },
        'make-corpus': { type: 'boolean', default: false },
      },
    });
    const minutes = Number(values.minutes);
    const iterations = values.iterations === undefined ? MAX_INT32 : Number(values.iterations);
    const seed = values.seed === undefined ? Date.now() % MAX_INT32 : Number(values.seed);
    if (!(minutes > 0)) return `--minutes ${values.minutes}: not a positive number.`;
    if (!Number.isInteger(iterations) || iterations < 0) return `--iterations ${values.iterations}: not a count.`;
    if (!Number.isInteger(seed)) return `--seed ${values.seed}: not a whole number.`;
    return {
      targets: values.target ?? [],
      minutes,
      iterations,
      seed,
      grow: values.grow,
      makeCorpus: values['make-corpus'],
    };
  } catch (error) {
    return (error as Error).message;
  }
}

function report(target: FuzzTarget, result: RunResult, files: CorpusFiles): void {
  const accepted = [...result.verdicts].filter(([verdict]) => verdict.startsWith('accepted'));
  const sum = (counts: readonly (readonly [string, number])[]) => counts.reduce((total, [, count]) => total + count, 0);
  const all = Math.max(1, sum([...result.verdicts]));
  console.log(
    `${target.name}: ${result.iterations} inputs, ${((100 * sum(accepted)) / all).toFixed(0)} % accepted, ` +
      `${result.verdicts.size} ways; slowest ${result.slowest.ms.toFixed(1)} ms for ${result.slowest.byteCount} bytes`,
  );
  for (const { error, input, storedAs } of result.failures) {
    const path = storedAs ?? files.saveFixture(target.name, input);
    console.log(`  BROKEN by ${path} (${input.length} bytes)`);
    console.log(
      `  ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`.replaceAll('\n', '\n  '),
    );
  }
}

/** The shortest new ways, until the corpus has its fill of them. */
function grow(target: FuzzTarget, result: RunResult, files: CorpusFiles): void {
  const room = MAX_GROWN_INPUTS - files.corpus(target.name).filter(({ name }) => name.startsWith('found-')).length;
  const short = result.found.filter((input) => input.length <= MAX_GROWN_BYTES);
  const picked = short.sort((a, b) => a.length - b.length).slice(0, Math.max(0, room));
  for (const input of picked) files.saveFound(target.name, input);
  console.log(`  ${picked.length} inputs added to the corpus`);
}

import { performance } from 'node:perf_hooks';
import { Random } from '../random.ts';
import type { CorpusFiles } from './corpus-files.ts';
import { type FuzzTarget, shapeOf } from './fuzz-target.ts';
import { minimize } from './minimize.ts';
import { mutate } from './mutate.ts';

export interface RunOptions {
  readonly seed: number;
  /** Stops after this many mutated inputs. */
  readonly iterations: number;
  /** Stops then, in `performance.now()` time. */
  readonly deadlineMs?: number;
}

export interface RunResult {
  readonly iterations: number;
  /** How often each verdict was given. */
  readonly verdicts: ReadonlyMap<string, number>;
  /** Inputs that went a new way, the shortest for each. */
  readonly found: readonly Uint8Array[];
  readonly failures: readonly FuzzFailure[];
  /** The input that took the most CPU time; told, never judged: time is no invariant. */
  readonly slowest: { readonly ms: number; readonly byteCount: number };
}

export interface FuzzFailure {
  readonly error: unknown;
  /** As short as it could be made. */
  readonly input: Uint8Array;
  /** Name of the stored input; undefined for a new one. */
  readonly storedAs: string | undefined;
}

/** Ways of one target that are kept in mind. */
const MAX_FOUND = 2_000;
/** Failures of one run: the same mistake shows itself in thousands of inputs. */
const MAX_FAILURES = 5;

/** Replays corpus and fixtures, then feeds inputs made from them. */
export async function runTarget(target: FuzzTarget, files: CorpusFiles, options: RunOptions): Promise<RunResult> {
  const random = new Random(options.seed);
  const verdicts = new Map<string, number>();
  const found: Uint8Array[] = [];
  const failures: FuzzFailure[] = [];
  const slowest = { ms: 0, byteCount: 0 };

  /** Whether it went a new way. */
  const feed = async (input: Uint8Array, storedAs: string | undefined): Promise<boolean> => {
    const before = process.cpuUsage();
    try {
      const checked = target.check(input);
      const verdict = typeof checked === 'string' ? checked : await checked;
      const { user, system } = process.cpuUsage(before);
      const ms = (user + system) / 1000;
      if (ms > slowest.ms) Object.assign(slowest, { ms, byteCount: input.length });
      const count = verdicts.get(verdict) ?? 0;
      verdicts.set(verdict, count + 1);
      return count === 0;
    } catch (error) {
      if (!failures.some((failure) => isSameFailure(failure.error, error))) {
        const shortest = storedAs === undefined ? await shortestOf(target, input, error) : input;
        failures.push({ error, input: shortest, storedAs });
      }
      return false;
    }
  };

  const stored = [...files.fixtures(target.name), ...files.corpus(target.name)];
  for (const { name, bytes } of stored) await feed(bytes, name);
  const pool = stored.map(({ bytes }) => bytes);
  let iterations = 0;
  while (iterations < options.iterations && failures.length < MAX_FAILURES && pool.length > 0) {
    if (options.deadlineMs !== undefined && performance.now() >= options.deadlineMs) break;
    const input = mutate(random, target, pool);
    iterations++;
    if ((await feed(input, undefined)) && found.length < MAX_FOUND) {
      found.push(input);
      pool.push(input);
    }
  }
  return { iterations, verdicts, found, failures, slowest };
}

/** The same mistake, as far as its words tell. */
function isSameFailure(a: unknown, b: unknown): boolean {
  return failureShape(a) === failureShape(b);
}

function failureShape(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${shapeOf(error.message)}` : String(error);
}

function shortestOf(target: FuzzTarget, input: Uint8Array, error: unknown): Promise<Uint8Array> {
  return minimize(input, async (candidate) => {
    try {
      await target.check(candidate);
      return false;
    } catch (other) {
      return isSameFailure(other, error);
    }
  });
}

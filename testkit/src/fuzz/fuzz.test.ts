import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { CorpusFiles } from './corpus-files.ts';
import { runTarget } from './run-target.ts';
import { fuzzTargets } from './targets.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? 20_261_121);
/** Longer runs: npm run fuzz. */
const ITERATIONS = Number(process.env.CLEW_FUZZ_ITERATIONS ?? 400);
const files = new CorpusFiles(fileURLToPath(new URL('.', import.meta.url)));
const targets = await fuzzTargets();

describe.each(targets)('$name', (target) => {
  afterAll(() => target.close?.());

  it(`holds on its corpus, on what once broke it and on ${ITERATIONS} inputs made of them (seed ${SEED})`, async () => {
    expect(files.corpus(target.name).length).toBeGreaterThan(0);
    const { failures, verdicts, iterations } = await runTarget(target, files, { seed: SEED, iterations: ITERATIONS });
    const told = failures.map(({ error, input, storedAs }) => ({
      error: error instanceof Error ? error.stack : error,
      input: storedAs ?? Buffer.from(input).toString('base64'),
    }));
    expect(told).toEqual([]);
    expect(iterations).toBe(ITERATIONS);
    // Some inputs are accepted and some refused, or the target checks nothing.
    const accepted = [...verdicts.keys()].filter((verdict) => verdict.startsWith('accepted'));
    expect(accepted.length).toBeGreaterThan(0);
    expect(verdicts.size).toBeGreaterThan(accepted.length);
  });
});

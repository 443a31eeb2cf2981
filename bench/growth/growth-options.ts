import { parseArgs } from 'node:util';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';

export interface GrowthOptions {
  /** Spans stored at the end. */
  readonly to: number;
  readonly steps: number;
  readonly batch: number;
  readonly connections: number;
  /** Times that each question is asked after each step. */
  readonly asks: number;
  readonly seed: number;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Usage: node bench/growth/run.mjs [options]     (or: npm run bench:growth -- [options])

What a span costs, and how fast questions are answered, as the store fills. Spans are sent over OTLP/HTTP and stored
like any others, in steps of equal size. After each step: CPU of all processes per million spans of this step, merges
included, acknowledgement times, searches, traces by id, bytes a span; the stored count is checked.

  --to N              spans stored at the end (default 3000000; the curve of the goals is --to 50000000)
  --steps N           (default 6)
  --batch N           spans in a request (default 8192)
  --connections N     one request in flight on each (default 4)
  --asks N            times that each question is asked after each step (default 20)
  --seed N            of the generated traces (default 20261120)
  --clew-flags=TEXT   more flags for \`clew serve\`
  --json              raw result on stdout, tables on stderr
  --help

50 million spans need about 5 GB below TMPDIR and, at 20,000 spans/s, three quarters of an hour.`;

/** @throws Error that says which option is wrong. */
export function parseGrowthOptions(argv: readonly string[]): GrowthOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      to: { type: 'string', default: '3000000' },
      steps: { type: 'string', default: '6' },
      batch: { type: 'string', default: '8192' },
      connections: { type: 'string', default: '4' },
      asks: { type: 'string', default: '20' },
      seed: { type: 'string', default: '20261120' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    to: integerOption('--to', values.to, 10_000, 1_000_000_000),
    steps: integerOption('--steps', values.steps, 2, 100),
    batch: integerOption('--batch', values.batch, 1, 100_000),
    connections: integerOption('--connections', values.connections, 1, 64),
    asks: integerOption('--asks', values.asks, 1, 1000),
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}

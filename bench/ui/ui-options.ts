import { parseArgs } from 'node:util';
import { integerOption } from '../options/integer-option.ts';

export interface UiOptions {
  /** Spans of the traces, in this order. */
  readonly sizes: readonly number[];
  /** Times each page is opened; figures of opening are medians. */
  readonly runs: number;
  /** Largest trace that the baseline is given. */
  readonly baselineMaxSpans: number;
  /** A built Jaeger UI: the folder with its index.html. */
  readonly jaegerUi: string | undefined;
  /** Largest trace that the Jaeger UI is given. */
  readonly jaegerMaxSpans: number;
  readonly json: boolean;
}

const ALL_SIZES = [1_000, 10_000, 100_000, 1_000_000];
const QUICK_SIZES = [1_000, 10_000];

export const USAGE = `Usage: node bench/ui/run.mjs [options]     (or: npm run bench:ui -- [options])

The trace page in a real browser, on traces of 1 k, 10 k, 100 k and 1 M spans: open, scroll, zoom, fold and find, with
times to rows, frames, long tasks, heap and elements. In the same browser and run a baseline does the usual: it fetches
the same trace as OTLP JSON, parses it, builds an object for every span and a row for each of the first 300. Checks that
what was asked for is on the page: the root, the last span, one row after folding, one match.

  --spans LIST        sizes, for instance 1000,100000 (default 1000,10000,100000,1000000)
  --runs N            times each trace is opened (default 3)
  --baseline-max N    largest trace for the baseline (default 100000; its text of 1 M spans is longer than a string can be)
  --jaeger-ui DIR     also a built Jaeger UI: the folder with its index.html
  --jaeger-max N      largest trace for it (default 100000)
  --quick             1 k and 10 k, opened once
  --json              raw result on stdout, tables on stderr
  --help`;

/** @throws Error that says which option is wrong. */
export function parseUiOptions(argv: readonly string[]): UiOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      spans: { type: 'string' },
      runs: { type: 'string' },
      'baseline-max': { type: 'string', default: '100000' },
      'jaeger-ui': { type: 'string' },
      'jaeger-max': { type: 'string', default: '100000' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const usual = values.quick ? QUICK_SIZES : ALL_SIZES;
  return {
    sizes: values.spans?.split(',').map((size) => integerOption('--spans', size, 100, 1_000_000)) ?? usual,
    runs: integerOption('--runs', values.runs ?? (values.quick ? '1' : '3'), 1, 100),
    baselineMaxSpans: integerOption('--baseline-max', values['baseline-max'], 0, 500_000),
    jaegerUi: values['jaeger-ui'],
    jaegerMaxSpans: integerOption('--jaeger-max', values['jaeger-max'], 0, 1_000_000),
    json: values.json,
  };
}

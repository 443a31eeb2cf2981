import { parseArgs } from 'node:util';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';

export interface DiskOptions {
  /** Spans stored of each shape. */
  readonly spans: number;
  /** Shapes: spans a trace, on average. */
  readonly traceSpans: readonly number[];
  readonly hasBaseline: boolean;
  readonly seed: number;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Usage: node bench/disk/run.mjs [options]

Bytes a span on disk, by column and index: spans are sent over OTLP/HTTP to the real program and, the same bytes, to the
baseline (the schema of the OpenTelemetry Collector's ClickHouse exporter in the same engine), merged to one part, counted.

  --spans N           of each shape (default 500000: of fewer than some 300,000 Clew's part stays LZ4)
  --trace-spans LIST  shapes: spans a trace, on average (default 6,40)
  --no-baseline
  --seed N            of the generated traces (default 20261121)
  --clew-flags=TEXT   more flags for \`clew serve\`
  --json              raw result on stdout, tables on stderr
  --help`;

/** @throws Error that says which option is wrong. */
export function parseDiskOptions(argv: readonly string[]): DiskOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      spans: { type: 'string', default: '500000' },
      'trace-spans': { type: 'string', default: '6,40' },
      'no-baseline': { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261121' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    spans: integerOption('--spans', values.spans, 1_000, 10_000_000),
    traceSpans: values['trace-spans'].split(',').map((text) => integerOption('--trace-spans', text, 1, 1_000)),
    hasBaseline: !values['no-baseline'],
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}

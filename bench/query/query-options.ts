import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';

export interface QueryOptions {
  /** Of the data set, at least. */
  readonly spans: number;
  readonly dir: string;
  readonly seed: number;
  /** Times that each question is asked, each time with other values. */
  readonly asks: number;
  /** For one question, of one side, in one mode: at least three asks, then this ends it. */
  readonly maxSeconds: number;
  /** For one ask of the baseline; what takes longer is reported as that. */
  readonly baselineSeconds: number;
  /** Names of questions, or their beginnings; all when empty. */
  readonly only: readonly string[];
  readonly withIngest: boolean;
  readonly withBaseline: boolean;
  /** Build and verify the data set and ask nothing. */
  readonly buildOnly: boolean;
  readonly clewFlags: readonly string[];
  readonly json: boolean;
}

export const USAGE = `Usage: node bench/query/run.mjs [options]     (or: npm run bench:query -- [options])

How fast a large store answers: traces by id, searches, structure, aggregates and metrics, through the HTTP API of the
program, alone and, on a copy of hard links, while spans come in at half of what it takes. Beside it, in the same engine on the same spans, SQL
over the tables of the OpenTelemetry Collector's ClickHouse exporter. Both must find the same traces and counts.

  --spans N           spans of the data set (default 50000000)
  --dir DIR           where the data set is, or is built (default: clew-bench-query-N below TMPDIR)
  --asks N            times that each question is asked, with other values each time (default 20)
  --max-seconds N     for one question of one side: at least three asks, then this ends it (default 8)
  --baseline-seconds N  for one ask of the other tables: what takes longer is said to be longer (default 10)
  --only NAMES        questions whose name begins so, with commas between
  --quick             5 asks, 4 seconds a question
  --no-ingest         do not ask again while spans come in
  --no-baseline       leave the other tables out
  --build-only        build or verify the data set, ask nothing
  --seed N            of data and questions (default 20261121)
  --clew-flags=TEXT   more flags for \`clew serve\`
  --json              raw result on stdout, tables on stderr
  --help

A data set is built once and used again by later runs that name the same --spans, --seed and --dir; its rows and a
checksum over ids, names and times are verified each time. 50 million spans need some 9 GB of disk,
up to twice that while they are built, and building takes up to 8 GB of memory.`;

/** @throws Error that says which option is wrong. */
export function parseQueryOptions(argv: readonly string[]): QueryOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      spans: { type: 'string', default: '50000000' },
      dir: { type: 'string' },
      asks: { type: 'string' },
      'max-seconds': { type: 'string' },
      'baseline-seconds': { type: 'string', default: '10' },
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      'no-ingest': { type: 'boolean', default: false },
      'no-baseline': { type: 'boolean', default: false },
      'build-only': { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261121' },
      'clew-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const spans = integerOption('--spans', values.spans, 10_000, 1_000_000_000);
  const quick = values.quick;
  return {
    spans,
    dir: values.dir ?? join(tmpdir(), `clew-bench-query-${spans}`),
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    asks: integerOption('--asks', values.asks ?? (quick ? '5' : '20'), 3, 10_000),
    maxSeconds: integerOption('--max-seconds', values['max-seconds'] ?? (quick ? '4' : '8'), 1, 3_600),
    baselineSeconds: integerOption('--baseline-seconds', values['baseline-seconds'], 1, 600),
    only: values.only.split(',').filter((name) => name !== ''),
    withIngest: !values['no-ingest'],
    withBaseline: !values['no-baseline'],
    buildOnly: values['build-only'],
    clewFlags: flagsOption(values['clew-flags']),
    json: values.json,
  };
}

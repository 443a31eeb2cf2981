import { parseArgs } from 'node:util';

export type Transport = 'http' | 'grpc';

export interface BenchOptions {
  /** Measured spans of each transport. */
  readonly spans: number;
  /** Spans sent before that, not measured. */
  readonly warmUpSpans: number;
  /** Spans of the baseline; 0 leaves it out. */
  readonly baselineSpans: number;
  /** Spans of the paced phase that measures acknowledgement at half load; 0 leaves it out. */
  readonly halfLoadSpans: number;
  /** Spans in a request. */
  readonly batch: number;
  /** Connections with one request in flight each, as SDKs send. */
  readonly connections: number;
  readonly transports: readonly Transport[];
  readonly gzip: boolean;
  readonly seed: number;
  /** Prints the raw result as JSON on stdout, the tables on stderr. */
  readonly json: boolean;
  /** Folder for CPU profiles of Clew's main process and its workers. */
  readonly profileDir: string | undefined;
  /** Prints CPU by thread name and disk bytes by column. */
  readonly details: boolean;
  /** More flags for `clew serve`. */
  readonly clewFlags: readonly string[];
  /** Flags of Node for Clew's main process, for instance --trace-gc. */
  readonly nodeFlags: readonly string[];
}

export const USAGE = `Usage: node bench/ingest/run.mjs [options]

  --spans N           measured spans of each transport (default 500000)
  --warm-up N         spans sent before, not measured (default 60000)
  --baseline-spans N  measured spans of the baseline, 0 for none (default 150000)
  --half-load N       spans of the paced phase, 0 for none (default 100000)
  --batch N           spans in a request (default 512)
  --connections N     connections, one request in flight on each (default 4)
  --transport WHICH   http, grpc or both (default both)
  --gzip              compress the bodies
  --seed N            of the generated traces (default 20261120)
  --profile DIR       write CPU profiles of Clew's threads there, print where the time went
  --details           print CPU by thread name and disk bytes by column
  --clew-flags=TEXT   more flags for \`clew serve\`, for instance "--ingest-workers 1"
  --node-flags=TEXT   flags of Node for Clew's main process, for instance "--trace-gc"
  --json              raw result on stdout, tables on stderr
  --help

Linux only: CPU time and memory are read from /proc.`;

const MAX_SPANS = 50_000_000;

/** @throws Error that says which option is wrong. */
export function parseBenchOptions(argv: readonly string[]): BenchOptions | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      spans: { type: 'string', default: '500000' },
      'warm-up': { type: 'string', default: '60000' },
      'baseline-spans': { type: 'string', default: '150000' },
      'half-load': { type: 'string', default: '100000' },
      batch: { type: 'string', default: '512' },
      connections: { type: 'string', default: '4' },
      transport: { type: 'string', default: 'both' },
      gzip: { type: 'boolean', default: false },
      seed: { type: 'string', default: '20261120' },
      profile: { type: 'string' },
      details: { type: 'boolean', default: false },
      'clew-flags': { type: 'string', default: '' },
      'node-flags': { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    spans: integer('--spans', values.spans, 1000, MAX_SPANS),
    warmUpSpans: integer('--warm-up', values['warm-up'], 0, MAX_SPANS),
    baselineSpans: integer('--baseline-spans', values['baseline-spans'], 0, MAX_SPANS),
    halfLoadSpans: integer('--half-load', values['half-load'], 0, MAX_SPANS),
    batch: integer('--batch', values.batch, 1, 100_000),
    connections: integer('--connections', values.connections, 1, 512),
    transports: transportsOf(values.transport),
    gzip: values.gzip,
    seed: integer('--seed', values.seed, 0, 2 ** 31),
    json: values.json,
    profileDir: values.profile,
    details: values.details,
    clewFlags: flagsOf(values['clew-flags']),
    nodeFlags: flagsOf(values['node-flags']),
  };
}

function flagsOf(text: string): readonly string[] {
  return text.split(' ').filter((flag) => flag !== '');
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} ${text}: not an integer from ${min} to ${max}.`);
}

function transportsOf(text: string): readonly Transport[] {
  if (text === 'both') return ['http', 'grpc'];
  if (text === 'http' || text === 'grpc') return [text];
  throw new Error(`--transport ${text}: not one of http, grpc, both.`);
}

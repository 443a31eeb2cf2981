import { parseArgs } from 'node:util';
import type { BodyForm, Transport } from '../load/load-messages.ts';
import { choiceOption } from '../options/choice-option.ts';
import { flagsOption } from '../options/flags-option.ts';
import { integerOption } from '../options/integer-option.ts';
import { COMPRESSIONS, DEFAULT_MATRIX, ENCODINGS, type MatrixRow, parseMatrixRow } from './matrix-row.ts';

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
  readonly form: BodyForm;
  /** Rows to compare, the first being the reference; empty: the transports, in full. */
  readonly matrix: readonly MatrixRow[];
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

  --spans N           measured spans of each transport (default 500000; with --matrix 200000)
  --warm-up N         spans sent before, not measured (default 60000)
  --baseline-spans N  measured spans of the baseline, 0 for none (default 150000; with --matrix 60000)
  --half-load N       spans of the paced phase, 0 for none (default 100000; none with --matrix)
  --batch N           spans in a request (default 512)
  --connections N     connections, one request in flight on each (default 4)
  --transport WHICH   http, grpc or both (default both)
  --encoding WHICH    protobuf or json (default protobuf; json goes over http only)
  --compression WHICH none, gzip or zstd (default none)
  --matrix            many transports, encodings, sizes and connections, one after another on an empty store each,
                      and what each costs against the first; then 200000 spans a row by default
  --row SPEC          a row of the matrix of your own, may be repeated; SPEC is
                      transport:encoding:compression:batch:connections, for instance grpc:protobuf:zstd:8192:10
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
      spans: { type: 'string' },
      'warm-up': { type: 'string', default: '60000' },
      'baseline-spans': { type: 'string' },
      'half-load': { type: 'string' },
      batch: { type: 'string', default: '512' },
      connections: { type: 'string', default: '4' },
      transport: { type: 'string', default: 'both' },
      encoding: { type: 'string', default: 'protobuf' },
      compression: { type: 'string', default: 'none' },
      matrix: { type: 'boolean', default: false },
      row: { type: 'string', multiple: true, default: [] },
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
  const matrix = values.row.length > 0 ? values.row.map(parseMatrixRow) : values.matrix ? DEFAULT_MATRIX : [];
  const isMatrix = matrix.length > 0;
  const transports = transportsOf(values.transport);
  const encoding = choiceOption('--encoding', values.encoding, ENCODINGS);
  if (encoding === 'json' && transports.includes('grpc')) {
    throw new Error('--encoding json: gRPC carries protobuf only. Add --transport http.');
  }
  return {
    spans: integerOption('--spans', values.spans ?? (isMatrix ? '200000' : '500000'), 1000, MAX_SPANS),
    warmUpSpans: integerOption('--warm-up', values['warm-up'], 0, MAX_SPANS),
    baselineSpans: integerOption(
      '--baseline-spans',
      values['baseline-spans'] ?? (isMatrix ? '60000' : '150000'),
      0,
      MAX_SPANS,
    ),
    halfLoadSpans: integerOption('--half-load', values['half-load'] ?? (isMatrix ? '0' : '100000'), 0, MAX_SPANS),
    batch: integerOption('--batch', values.batch, 1, 100_000),
    connections: integerOption('--connections', values.connections, 1, 512),
    transports,
    form: { encoding, compression: choiceOption('--compression', values.compression, COMPRESSIONS) },
    matrix,
    seed: integerOption('--seed', values.seed, 0, 2 ** 31),
    json: values.json,
    profileDir: values.profile,
    details: values.details,
    clewFlags: flagsOption(values['clew-flags']),
    nodeFlags: flagsOption(values['node-flags']),
  };
}

function transportsOf(text: string): readonly Transport[] {
  const which = choiceOption('--transport', text, ['http', 'grpc', 'both']);
  return which === 'both' ? ['http', 'grpc'] : [which];
}

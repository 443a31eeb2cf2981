/** One way to send: what varies between the rows of the ingest matrix. */
import type { BodyForm, Compression, Encoding, Transport } from '../load/load-messages.ts';
import { choiceOption } from '../options/choice-option.ts';
import { integerOption } from '../options/integer-option.ts';

export const TRANSPORTS: readonly Transport[] = ['http', 'grpc'];
export const ENCODINGS: readonly Encoding[] = ['protobuf', 'json'];
export const COMPRESSIONS: readonly Compression[] = ['none', 'gzip', 'zstd'];

export interface MatrixRow {
  readonly transport: Transport;
  readonly form: BodyForm;
  /** Spans in a request. */
  readonly batch: number;
  readonly connections: number;
}

/** @throws Error that says which part of transport:encoding:compression:batch:connections is wrong. */
export function parseMatrixRow(spec: string): MatrixRow {
  const parts = spec.split(':');
  if (parts.length !== 5) {
    throw new Error(
      `--row ${spec}: ${parts.length} parts (5 wanted: transport:encoding:compression:batch:connections).`,
    );
  }
  const [transport, encoding, compression, batch, connections] = parts;
  const row: MatrixRow = {
    transport: choiceOption(`--row ${spec}: transport`, transport, TRANSPORTS),
    form: {
      encoding: choiceOption(`--row ${spec}: encoding`, encoding, ENCODINGS),
      compression: choiceOption(`--row ${spec}: compression`, compression, COMPRESSIONS),
    },
    batch: integerOption(`--row ${spec}: batch`, batch, 1, 100_000),
    connections: integerOption(`--row ${spec}: connections`, connections, 1, 512),
  };
  if (row.transport === 'grpc' && row.form.encoding === 'json') {
    throw new Error(`--row ${spec}: gRPC carries protobuf only. Use http or protobuf.`);
  }
  return row;
}

export function matrixRowSpec({ transport, form, batch, connections }: MatrixRow): string {
  return [transport, form.encoding, form.compression, batch, connections].join(':');
}

/** Each way varied by itself from the first row, and the pairs that meet in practice. */
export const DEFAULT_MATRIX: readonly MatrixRow[] = [
  'http:protobuf:none:512:10',
  'http:protobuf:none:512:1',
  'http:protobuf:none:512:50',
  'http:protobuf:none:512:200',
  'http:protobuf:none:8192:10',
  'http:protobuf:gzip:512:10',
  'http:protobuf:gzip:8192:10',
  'http:protobuf:zstd:512:10',
  'http:protobuf:zstd:8192:10',
  'http:json:none:512:10',
  'http:json:gzip:512:10',
  'grpc:protobuf:none:512:10',
  'grpc:protobuf:none:512:200',
  'grpc:protobuf:none:8192:10',
  'grpc:protobuf:gzip:512:10',
].map(parseMatrixRow);

import { Dictionary, SpanBatch } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { SpanBlockEncoder } from '../../../../server/src/store/encode/span-block-encoder.ts';
import { readNativeBlocks, readNativeBuffer } from '../../../../server/src/store/native/block-reader.ts';
import type { NativeBlock } from '../../../../server/src/store/native/native-block.ts';
import { NativeFormatError } from '../../../../server/src/store/native/native-format-error.ts';
import { generateTraceData } from '../../generate-trace-data.ts';
import { Random } from '../../random.ts';
import { type CorpusInput, FuzzFinding, type FuzzTarget, magnitude, shapeOf, utf8 } from '../fuzz-target.ts';

const TYPES = [
  ...['UInt8', 'Int64', 'String', 'Bool', 'Nothing', 'FixedString(16)', 'FixedString(-1)', 'FixedString(1e9)'],
  ...['LowCardinality(String)', 'LowCardinality(Nullable(String))', 'Nullable(UInt8)', 'Array(Array(String))'],
  ...['Map(String, UInt8)', 'Tuple(UInt8, a String)', 'Tuple()', 'Array(Nothing)', "Enum8('a' = 1)", 'DateTime64(9)'],
  ...['SimpleAggregateFunction(max, UInt64)', 'Map(LowCardinality(String), Array(Nullable(String)))'],
];

/** readNativeBuffer and readNativeBlocks: whole or in chunks, the answer is the same. */
export const nativeBlockTarget: FuzzTarget = {
  name: 'native-block',
  style: 'bytes',
  dictionary: TYPES.map((type) => Uint8Array.from([type.length, ...utf8(type)])),
  seeds,
  async check(input) {
    const whole = await attempt(() => readNativeBuffer(input));
    const chunked = await attempt(async () => {
      const blocks: NativeBlock[] = [];
      for await (const block of readNativeBlocks(chunks(input))) blocks.push(block);
      return blocks;
    });
    if (whole !== chunked) throw new FuzzFinding(`"${whole}" in one piece, "${chunked}" in chunks`);
    return whole;
  },
};

async function attempt(read: () => readonly NativeBlock[] | Promise<readonly NativeBlock[]>): Promise<string> {
  try {
    const blocks = await read();
    const columns = blocks.flatMap((block) => [...block.columns.values()]);
    const types = [...new Set(columns.map(({ type }) => type))];
    const rows = blocks.reduce((sum, { rowCount }) => sum + rowCount, 0);
    for (const column of columns) if (column.rowCount !== rows && blocks.length === 1) throw new Error('row counts');
    return `accepted ${magnitude(rows)} ${types.length === 1 ? shapeOf(types[0]).slice(0, 12) : types.length}`;
  } catch (error) {
    if (!(error instanceof NativeFormatError)) throw error;
    return shapeOf(error.message).slice(0, 40);
  }
}

async function* chunks(input: Uint8Array): AsyncGenerator<Uint8Array> {
  const random = new Random(input.length);
  for (let at = 0; at < input.length; ) {
    const size = random.between(1, random.pick([3, 50, 5000]));
    yield input.subarray(at, at + size);
    at += size;
  }
}

function seeds(): CorpusInput[] {
  const data = generateTraceData({ seed: 3, maxResources: 1, maxSpansPerScope: 2, maxValueDepth: 1 });
  const dictionary = new Dictionary(1);
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  const encoder = new SpanBlockEncoder({ dictionary });
  encoder.add(batch, 'default', Date.UTC(2026, 0, 1));
  const written = encoder
    .finish()
    .blocks.map(({ table, bytes }) => ({ name: `written-${table}`, bytes: bytes.slice() }));
  return [...written, ...BY_HAND.map(([name, ...parts]) => ({ name: `by-hand-${name}`, bytes: blockOf(parts) }))];
}

/** Name, number of rows, then type and data of each column. */
const BY_HAND: readonly (readonly [string, number, ...(readonly [string, readonly number[]])[]])[] = [
  ['numbers', 2, ['UInt8', [1, 2]], ['Int16', [1, 0, 2, 0]], ['Float64', new Array(16).fill(0)]],
  ['strings', 2, ['String', [1, 97, 0]], ['FixedString(2)', [1, 2, 3, 4]]],
  ['nullable', 2, ['Nullable(String)', [1, 0, 0, 1, 98]]],
  ['array', 2, ['Array(UInt8)', [1, ...zeros(7), 3, ...zeros(7), 7, 8, 9]]],
  ['map', 1, ['Map(String, UInt8)', [1, ...zeros(7), 1, 107, 5]]],
  ['tuple', 1, ['Tuple(UInt8, a String)', [5, 1, 97]]],
  ['low-cardinality', 2, ['LowCardinality(String)', [...one(), 0, 6, ...zeros(6), ...two(), 0, 1, 97, ...two(), 1, 0]]],
  ['many-strings', 1 << 20, ['String', []]],
  ['no-rows', 0, ['LowCardinality(String)', []]],
];

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

function one(): number[] {
  return [1, ...zeros(7)];
}

function two(): number[] {
  return [2, ...zeros(7)];
}

function blockOf([rows, ...columns]: readonly [number, ...(readonly [string, readonly number[]])[]]): Uint8Array {
  const out = [columns.length, ...varint(rows)];
  for (const [type, data] of columns) out.push(1, 99, type.length, ...utf8(type), ...data);
  return Uint8Array.from(out);
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

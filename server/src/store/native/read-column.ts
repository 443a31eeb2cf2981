import { ArrayColumn } from './array-column.ts';
import type { Column } from './column.ts';
import { FixedStringColumn } from './fixed-string-column.ts';
import { Int64Column } from './int64-column.ts';
import { LowCardinalityColumn } from './low-cardinality-column.ts';
import { MapColumn } from './map-column.ts';
import type { NativeByteSource, Pull } from './native-byte-source.ts';
import { NativeFormatError } from './native-format-error.ts';
import type { NativeType } from './native-type.ts';
import { NullableColumn } from './nullable-column.ts';
import { type NumberArray, NumberColumn } from './number-column.ts';
import { StringColumn } from './string-column.ts';
import { TupleColumn } from './tuple-column.ts';

/** One column of one block: a larger one is a statement that forgot its LIMIT or bytes that are not Native. */
const MAX_COLUMN_BYTES = 1 << 30;
/** SerializationLowCardinality: the only version of the keys' serialization there is. */
const LOW_CARDINALITY_VERSION = 1;
const LOW_CARDINALITY_HAS_GLOBAL_DICTIONARY = 0x100;

/** Reads a column's data. */
export function* readColumn(source: NativeByteSource, type: NativeType, rowCount: number): Pull<Column> {
  if (rowCount > 0) yield* readPrefix(source, type);
  return yield* readData(source, type, rowCount);
}

/** State prefixes of all LowCardinality parts come before any data of the column. */
function* readPrefix(source: NativeByteSource, type: NativeType): Pull<void> {
  if (type.form === 'low-cardinality') {
    const version = yield* source.readUInt64();
    if (version !== LOW_CARDINALITY_VERSION) {
      throw new NativeFormatError(`Native block: LowCardinality version ${version} (known: 1).`);
    }
  } else if (type.form === 'array' || type.form === 'nullable') yield* readPrefix(source, type.of);
  else if (type.form === 'map') {
    yield* readPrefix(source, type.key);
    yield* readPrefix(source, type.value);
  } else if (type.form === 'tuple') {
    for (const element of type.elements) yield* readPrefix(source, element);
  }
}

function* readData(source: NativeByteSource, type: NativeType, rowCount: number): Pull<Column> {
  switch (type.form) {
    case 'number':
      return new NumberColumn(type.text, rowCount, yield* readNumbers(source, type.array, rowCount));
    case 'int64': {
      const bytes = yield* readBytes(source, rowCount, 8);
      return new Int64Column(type.text, rowCount, new Int32Array(bytes.buffer), type.isUnsigned);
    }
    case 'string':
      return yield* readStrings(source, type.text, rowCount);
    case 'fixed-string':
      return new FixedStringColumn(type.text, rowCount, type.width, yield* readBytes(source, rowCount, type.width));
    case 'low-cardinality':
      return yield* readLowCardinality(source, type.text, type.isNullable, rowCount);
    case 'nullable': {
      const nulls = yield* readBytes(source, rowCount, 1);
      return new NullableColumn(type.text, rowCount, nulls, yield* readData(source, type.of, rowCount));
    }
    case 'array': {
      const ends = yield* readEnds(source, rowCount);
      const elements = yield* readData(source, type.of, lastEnd(ends));
      return new ArrayColumn(type.text, rowCount, ends, elements);
    }
    case 'map': {
      const ends = yield* readEnds(source, rowCount);
      const keys = yield* readData(source, type.key, lastEnd(ends));
      const values = yield* readData(source, type.value, lastEnd(ends));
      return new MapColumn(type.text, rowCount, ends, keys, values);
    }
    case 'tuple': {
      const elements: Column[] = [];
      for (const element of type.elements) elements.push(yield* readData(source, element, rowCount));
      return new TupleColumn(type.text, rowCount, elements);
    }
  }
}

function* readBytes(source: NativeByteSource, rowCount: number, width: number): Pull<Uint8Array<ArrayBuffer>> {
  const count = rowCount * width;
  if (!(count >= 0 && count <= MAX_COLUMN_BYTES)) throw tooLarge(count);
  return yield* source.readCopy(count);
}

function tooLarge(count: number): NativeFormatError {
  return new NativeFormatError(
    `Native block: a column of ${count} bytes (limit ${MAX_COLUMN_BYTES}). Lower max_block_size or add a LIMIT.`,
  );
}

function* readNumbers(
  source: NativeByteSource,
  array: Extract<NativeType, { form: 'number' }>['array'],
  rowCount: number,
): Pull<NumberArray> {
  const width = array.endsWith('8') ? 1 : array.endsWith('16') ? 2 : array.endsWith('32') ? 4 : 8;
  const bytes = yield* readBytes(source, rowCount, width);
  switch (array) {
    case 'u8':
      return bytes;
    case 'i8':
      return new Int8Array(bytes.buffer);
    case 'u16':
      return new Uint16Array(bytes.buffer);
    case 'i16':
      return new Int16Array(bytes.buffer);
    case 'u32':
      return new Uint32Array(bytes.buffer);
    case 'i32':
      return new Int32Array(bytes.buffer);
    case 'f32':
      return new Float32Array(bytes.buffer);
    case 'f64':
      return new Float64Array(bytes.buffer);
  }
}

/** Array and map offsets: UInt64 in the stream, below 2^32 by the limit on a column. */
function* readEnds(source: NativeByteSource, rowCount: number): Pull<Uint32Array> {
  const words = new Uint32Array((yield* readBytes(source, rowCount, 8)).buffer);
  const ends = new Uint32Array(rowCount);
  let previous = 0;
  for (let row = 0; row < rowCount; row++) {
    const end = words[row * 2];
    if (words[row * 2 + 1] !== 0 || end < previous) {
      throw new NativeFormatError(`Native block: array end of row ${row} is out of order. Is this Native format?`);
    }
    ends[row] = end;
    previous = end;
  }
  return ends;
}

function lastEnd(ends: Uint32Array): number {
  return ends.length === 0 ? 0 : ends[ends.length - 1];
}

/** Scans the values in place, then copies the run once. */
function* readStrings(source: NativeByteSource, type: string, rowCount: number): Pull<StringColumn> {
  if (rowCount * 8 > MAX_COLUMN_BYTES) throw tooLarge(rowCount * 8);
  // Every string takes a byte at least: before they are there, a number of rows is only a promise.
  yield* source.need(rowCount);
  const ranges = new Uint32Array(rowCount * 2);
  let scanned = 0;
  for (let row = 0; row < rowCount; row++) {
    let length = 0;
    let shift = 0;
    for (;;) {
      if (source.position + scanned >= source.end) yield* source.need(scanned + 1);
      const byte = source.bytes[source.position + scanned++];
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      shift += 7;
      if (shift > 28) throw tooLarge(2 ** 32);
    }
    if (length < 0 || scanned + length > MAX_COLUMN_BYTES) throw tooLarge(scanned + (length >>> 0));
    ranges[row * 2] = scanned;
    scanned += length;
    ranges[row * 2 + 1] = scanned;
  }
  return new StringColumn(type, rowCount, yield* source.readCopy(scanned), ranges);
}

function* readLowCardinality(
  source: NativeByteSource,
  type: string,
  isNullable: boolean,
  rowCount: number,
): Pull<LowCardinalityColumn> {
  if (rowCount === 0) {
    const none = new StringColumn('String', 0, new Uint8Array(0), new Uint32Array(0));
    return new LowCardinalityColumn(type, 0, none, new Uint8Array(0), isNullable);
  }
  const flags = yield* source.readUInt64();
  const indexType = flags & 0xff;
  if (indexType > 2 || (flags & LOW_CARDINALITY_HAS_GLOBAL_DICTIONARY) !== 0) {
    throw new NativeFormatError(`Native block: LowCardinality index flags ${flags.toString(16)} are not read here.`);
  }
  const keyCount = yield* source.readUInt64();
  const dictionary = yield* readStrings(source, 'String', keyCount);
  const indexCount = yield* source.readUInt64();
  if (indexCount !== rowCount) {
    throw new NativeFormatError(`Native block: ${indexCount} LowCardinality indices for ${rowCount} rows.`);
  }
  const bytes = yield* readBytes(source, rowCount, 1 << indexType);
  const indices =
    indexType === 0 ? bytes : indexType === 1 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  for (let row = 0; row < rowCount; row++) {
    if (indices[row] >= keyCount) throw new NativeFormatError(`Native block: LowCardinality index of row ${row}.`);
  }
  return new LowCardinalityColumn(type, rowCount, dictionary, indices, isNullable);
}

/**
 * KeyValue and AnyValue (opentelemetry-proto common/v1/common.proto) into attribute records, in every legal form:
 * any field order, repeated fields, unknown fields.
 */
import {
  ARENA_PADDING,
  type SpanBatch,
  TYPE_ARRAY,
  TYPE_BOOL,
  TYPE_BYTES,
  TYPE_DOUBLE,
  TYPE_EMPTY,
  TYPE_INT,
  TYPE_KVLIST,
  TYPE_STRING,
} from '@clew/model';
import { type DecodeLimits, nestedTooDeep } from './decode-limits.ts';
import { high, next, overrun, readLength, readVarint, skipField } from './protobuf-wire.ts';

// The value being read, as the attribute record will hold it.
let valueType = TYPE_EMPTY;
let valueLow = 0;
let valueHigh = 0;

/**
 * Decodes the KeyValue in [start, end) of the arena into the four words of `table` at `word`.
 * May append to the arena's side area, never moves what is in it. `bytes` and `view` are the arena's, or what they
 * were before it grew.
 * @returns the dictionary id of the key.
 */
export function decodeKeyValue(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  table: Int32Array,
  word: number,
  previousKey: number,
): number {
  // The usual form: a short key, then a value that fills the rest and has one field.
  const keyLength = bytes[start + 1];
  if (bytes[start] === 0x0a && keyLength < 128 && bytes[start + 2 + keyLength] === 0x12) {
    let p = start + keyLength + 3;
    let length = bytes[p++];
    if (length > 127 && p <= end) {
      length = readLength(bytes, p - 1, end);
      p = next;
    }
    if (length > 1 && p + length === end) {
      const type = usualValue(bytes, view, p, end);
      if (type !== TYPE_EMPTY) {
        const key = batch.dictionary.internAfter(previousKey, view, start + 2, keyLength);
        table[word] = (key << 4) | type;
        table[word + 1] = valueLow;
        table[word + 2] = valueHigh;
        table[word + 3] = 0;
        return key;
      }
    }
  }
  return decodeUnusualKeyValue(batch, limits, bytes, view, start, end, table, word, previousKey);
}

/**
 * Reads the AnyValue in [start, end) when it is one string, bool, double or short int and nothing else.
 * @returns its type, with the value in `valueLow` and `valueHigh`; TYPE_EMPTY when it is anything else.
 */
function usualValue(bytes: Uint8Array, view: DataView, start: number, end: number): number {
  const tag = bytes[start];
  if (tag === 0x0a) {
    let length = bytes[start + 1];
    let p = start + 2;
    if (length > 127) {
      length = readLength(bytes, start + 1, end);
      p = next;
    }
    if (p + length !== end) return TYPE_EMPTY;
    valueLow = p;
    valueHigh = length;
    return TYPE_STRING;
  }
  if (tag === 0x18) {
    // At most 28 bits: the upper word is zero.
    if (end - start > 5) return TYPE_EMPTY;
    valueLow = readVarint(bytes, start + 1);
    valueHigh = 0;
    return next === end ? TYPE_INT : TYPE_EMPTY;
  }
  if (tag === 0x10) {
    if (end - start !== 2) return TYPE_EMPTY;
    valueLow = bytes[start + 1];
    valueHigh = 0;
    return valueLow < 2 ? TYPE_BOOL : TYPE_EMPTY;
  }
  if (tag === 0x21 && end - start === 9) {
    valueLow = view.getInt32(start + 1, true);
    valueHigh = view.getInt32(start + 5, true);
    return TYPE_DOUBLE;
  }
  return TYPE_EMPTY;
}

function decodeUnusualKeyValue(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
  table: Int32Array,
  word: number,
  previousKey: number,
): number {
  const { dictionary } = batch;
  let p = start;
  let key = 0;
  valueType = TYPE_EMPTY;
  valueLow = 0;
  valueHigh = 0;
  while (p < end) {
    let tag = bytes[p++];
    if (tag > 127) {
      tag = readVarint(bytes, p - 1);
      p = next;
    }
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      key = dictionary.internAfter(previousKey, view, p, length);
      p += length;
    } else if (tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      decodeAnyValue(batch, limits, bytes, view, p, p + length);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  table[word] = (key << 4) | valueType;
  table[word + 1] = valueLow;
  table[word + 2] = valueHigh;
  table[word + 3] = 0;
  return key;
}

/** Merges the AnyValue in [start, end) into the value being read, as protobuf merges repeated message fields. */
function decodeAnyValue(
  batch: SpanBatch,
  limits: DecodeLimits,
  bytes: Uint8Array,
  view: DataView,
  start: number,
  end: number,
): void {
  let p = start;
  while (p < end) {
    let tag = bytes[p++];
    if (tag > 127) {
      tag = readVarint(bytes, p - 1);
      p = next;
    }
    switch (tag) {
      case 0x0a:
      case 0x3a: {
        const length = readLength(bytes, p, end);
        setValue(tag === 0x0a ? TYPE_STRING : TYPE_BYTES, next, length);
        p = next + length;
        break;
      }
      case 0x10: {
        const low = readVarint(bytes, p);
        setValue(TYPE_BOOL, (low | high) === 0 ? 0 : 1, 0);
        p = next;
        break;
      }
      case 0x18: {
        const low = readVarint(bytes, p);
        setValue(TYPE_INT, low, high);
        p = next;
        break;
      }
      case 0x21:
        setValue(TYPE_DOUBLE, view.getInt32(p, true), view.getInt32(p + 4, true));
        p += 8;
        break;
      case 0x2a:
      case 0x32: {
        const length = readLength(bytes, p, end);
        p = next;
        checkValues(limits, bytes, p, p + length, tag === 0x32, 2);
        const type = tag === 0x2a ? TYPE_ARRAY : TYPE_KVLIST;
        if (valueType === type && valueHigh > 0) appendContent(batch, p, length);
        else setValue(type, p, length);
        p += length;
        break;
      }
      default:
        p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function setValue(type: number, low: number, upper: number): void {
  valueType = type;
  valueLow = low;
  valueHigh = upper;
}

/**
 * A second array (or map) in one AnyValue continues the first: joins both contents in the side area.
 * Once there, further ones are appended in place, so that n pieces cost n copies and not n².
 */
function appendContent(batch: SpanBatch, offset: number, length: number): void {
  if (valueLow + valueHigh !== batch.byteCount) {
    // Readers of the request overshoot its end and must find zeros there.
    batch.reserveBytes(ARENA_PADDING + valueHigh + length);
    batch.byteCount += ARENA_PADDING;
    batch.bytes.copyWithin(batch.byteCount, valueLow, valueLow + valueHigh);
    valueLow = batch.byteCount;
    batch.byteCount += valueHigh;
  }
  batch.reserveBytes(length);
  batch.bytes.copyWithin(batch.byteCount, offset, offset + length);
  batch.byteCount += length;
  valueHigh += length;
}

/** Checks the content of an ArrayValue, or of a KeyValueList when `keyed`, which is kept as it is. */
function checkValues(
  limits: DecodeLimits,
  bytes: Uint8Array,
  start: number,
  end: number,
  keyed: boolean,
  depth: number,
): void {
  if (depth > limits.maxNestingDepth) throw nestedTooDeep(limits, start);
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      if (keyed) checkKeyValue(limits, bytes, p, p + length, depth);
      else checkAnyValue(limits, bytes, p, p + length, depth);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function checkKeyValue(limits: DecodeLimits, bytes: Uint8Array, start: number, end: number, depth: number): void {
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      checkAnyValue(limits, bytes, p, p + length, depth);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

function checkAnyValue(limits: DecodeLimits, bytes: Uint8Array, start: number, end: number, depth: number): void {
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x2a || tag === 0x32) {
      const length = readLength(bytes, p, end);
      p = next;
      checkValues(limits, bytes, p, p + length, tag === 0x32, depth + 1);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
}

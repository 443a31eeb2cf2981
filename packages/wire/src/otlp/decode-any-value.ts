/** AnyValue in protobuf form as an AttributeValue object: for the read side and for nested values of a batch. */
import type { Attribute, AttributeValue } from '@clew/model';
import { DEFAULT_DECODE_LIMITS, type DecodeLimits, nestedTooDeep } from './decode-limits.ts';
import { high, next, overrun, readLength, readVarint, skipField } from './protobuf-wire.ts';

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });
const EMPTY: AttributeValue = { type: 'empty' };

/**
 * A whole AnyValue message, as the store keeps values that are not string, int, double or bool.
 * @throws DecodeError when it is malformed or nested deeper than `limits.maxNestingDepth`.
 */
export function decodeAnyValue(bytes: Uint8Array, limits: DecodeLimits = DEFAULT_DECODE_LIMITS): AttributeValue {
  return readAnyValue(bytes, 0, bytes.length, limits, 1);
}

/** The content of an ArrayValue message in [start, end). */
export function decodeArrayContent(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): AttributeValue[] {
  return readArray(bytes, start, end, limits, 2);
}

/** The content of a KeyValueList message in [start, end). */
export function decodeKvlistContent(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecodeLimits = DEFAULT_DECODE_LIMITS,
): Attribute[] {
  return readKvlist(bytes, start, end, limits, 2);
}

/** A signed 64-bit number from its two words. */
export function int64FromWords(low: number, upper: number): bigint {
  return (BigInt(upper) << 32n) | BigInt(low >>> 0);
}

function readAnyValue(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecodeLimits,
  depth: number,
  before: AttributeValue = EMPTY,
): AttributeValue {
  if (depth > limits.maxNestingDepth) throw nestedTooDeep(limits, start);
  let value = before;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x10 || tag === 0x18) {
      const low = readVarint(bytes, p);
      p = next;
      value =
        tag === 0x10
          ? { type: 'bool', value: (low | high) !== 0 }
          : { type: 'int', value: BigInt.asIntN(64, int64FromWords(low, high)) };
    } else if (tag === 0x21) {
      if (p + 8 > end) throw overrun(p + 8, end);
      value = { type: 'double', value: new DataView(bytes.buffer, bytes.byteOffset).getFloat64(p, true) };
      p += 8;
    } else if (tag === 0x0a || tag === 0x3a || tag === 0x2a || tag === 0x32) {
      const length = readLength(bytes, p, end);
      p = next;
      value = readDelimited(bytes, p, p + length, limits, depth, tag, value);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  return value;
}

/** A second array (or map) in one message continues the first. */
function readDelimited(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecodeLimits,
  depth: number,
  tag: number,
  before: AttributeValue,
): AttributeValue {
  if (tag === 0x0a) return { type: 'string', value: UTF8.decode(bytes.subarray(start, end)) };
  if (tag === 0x3a) return { type: 'bytes', value: bytes.slice(start, end) };
  if (tag === 0x2a) {
    const values = readArray(bytes, start, end, limits, depth + 1);
    return { type: 'array', value: before.type === 'array' ? before.value.concat(values) : values };
  }
  const entries = readKvlist(bytes, start, end, limits, depth + 1);
  return { type: 'kvlist', value: before.type === 'kvlist' ? before.value.concat(entries) : entries };
}

function readArray(
  bytes: Uint8Array,
  start: number,
  end: number,
  limits: DecodeLimits,
  depth: number,
): AttributeValue[] {
  const values: AttributeValue[] = [];
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      values.push(readAnyValue(bytes, p, p + length, limits, depth));
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  return values;
}

function readKvlist(bytes: Uint8Array, start: number, end: number, limits: DecodeLimits, depth: number): Attribute[] {
  const entries: Attribute[] = [];
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a) {
      const length = readLength(bytes, p, end);
      p = next;
      entries.push(readKeyValue(bytes, p, p + length, limits, depth));
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  return entries;
}

function readKeyValue(bytes: Uint8Array, start: number, end: number, limits: DecodeLimits, depth: number): Attribute {
  let key = '';
  let value = EMPTY;
  let p = start;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (tag === 0x0a || tag === 0x12) {
      const length = readLength(bytes, p, end);
      p = next;
      if (tag === 0x0a) key = UTF8.decode(bytes.subarray(p, p + length));
      else value = readAnyValue(bytes, p, p + length, limits, depth, value);
      p += length;
    } else {
      p = skipField(bytes, p, tag, end);
    }
  }
  if (p !== end) throw overrun(p, end);
  return { key, value };
}

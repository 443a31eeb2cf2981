/**
 * The protobuf wire format (protobuf.dev, "Encoding"), for single-pass decoders that must not allocate.
 *
 * A read function takes a position and leaves the position behind what it read in `next`: a returned pair would be
 * an object per field. The bytes must be readable ARENA_PADDING bytes past `end`; a read that crosses `end` is
 * found out by the caller's `position !== end` at the end of its message.
 */
import { DecodeError } from './decode-error.ts';

/** Position behind the last thing read. */
export let next = 0;
/** Upper 32 bits of the last varint read by `readVarint`. */
export let high = 0;

/** Groups in unknown fields may nest; senders of OTLP have no use for them at all. */
const MAX_GROUP_DEPTH = 16;

export function malformed(what: string, byteOffset: number): DecodeError {
  return new DecodeError(
    'OTLP_MALFORMED_PROTOBUF',
    `malformed OTLP request: ${what}. Check that the body is an ExportTraceServiceRequest in protobuf and arrives whole.`,
    byteOffset,
  );
}

/** A field that began inside a message and ended behind it. */
export function overrun(position: number, end: number): DecodeError {
  return malformed(`a field runs past the end of its message at byte ${end} by ${position - end}`, end);
}

/**
 * A varint of up to ten bytes, not necessarily the shortest form.
 * @returns its lower 32 bits; the upper ones are in `high`.
 */
export function readVarint(bytes: Uint8Array, position: number): number {
  let p = position;
  let byte = bytes[p++];
  let low = byte & 127;
  high = 0;
  if (byte > 127) {
    byte = bytes[p++];
    low |= (byte & 127) << 7;
    if (byte > 127) {
      byte = bytes[p++];
      low |= (byte & 127) << 14;
      if (byte > 127) {
        byte = bytes[p++];
        low |= (byte & 127) << 21;
        if (byte > 127) return readLongVarint(bytes, p, low, position);
      }
    }
  }
  next = p;
  return low;
}

/** Bytes five to ten of the varint that began at `start`. */
function readLongVarint(bytes: Uint8Array, position: number, first28: number, start: number): number {
  let p = position;
  let byte = bytes[p++];
  const low = first28 | ((byte & 127) << 28);
  let upper = (byte & 127) >> 4;
  for (let shift = 3; byte > 127; shift += 7) {
    byte = bytes[p++];
    upper |= (byte & 127) << shift;
    // The tenth byte holds the last bit.
    if (shift === 31 && byte > 1) throw malformed(`varint at byte ${start} has more than 64 bits`, start);
  }
  high = upper;
  next = p;
  return low;
}

/**
 * The length of a length-delimited field, checked against the end of the message it is in.
 * @returns the length; the content starts at `next`.
 */
export function readLength(bytes: Uint8Array, position: number, end: number): number {
  let length = bytes[position];
  if (length < 128) {
    next = position + 1;
  } else {
    length = readVarint(bytes, position);
    if (next > end) throw overrun(next, end);
    if (high !== 0 || length < 0) throw tooLong(position);
  }
  if (length > end - next) {
    if (next > end) throw overrun(next, end);
    throw pastEnd(length, position, end);
  }
  return length;
}

// Functions of their own: V8 makes the texts of numbers that two messages share before it knows whether either is
// thrown, for every length that is read (a twentieth of a decode worker's time).

function tooLong(position: number): DecodeError {
  return malformed(`length at byte ${position} is 2 GiB or more`, position);
}

function pastEnd(length: number, position: number, end: number): DecodeError {
  return malformed(`length ${length} at byte ${position} runs past the end of its message (limit ${end})`, position);
}

/**
 * Steps over the value of a field this decoder does not know, or knows with another wire type.
 * @returns the position behind it, never behind `end`.
 */
export function skipField(bytes: Uint8Array, position: number, tag: number, end: number): number {
  return skip(bytes, position, tag, end, 0);
}

function skip(bytes: Uint8Array, position: number, tag: number, end: number, groupDepth: number): number {
  if (position > end) throw overrun(position, end);
  if (tag >>> 3 === 0) throw malformed(`field number 0 before byte ${position}`, position);
  let p: number;
  switch (tag & 7) {
    case 0:
      readVarint(bytes, position);
      p = next;
      break;
    case 1:
      p = position + 8;
      break;
    case 2: {
      const length = readLength(bytes, position, end);
      p = next + length;
      break;
    }
    case 3:
      return skipGroup(bytes, position, tag, end, groupDepth + 1);
    case 5:
      p = position + 4;
      break;
    default:
      throw malformed(`wire type ${tag & 7} of field ${tag >>> 3} before byte ${position} is not known here`, position);
  }
  if (p > end) throw overrun(p, end);
  return p;
}

function skipGroup(bytes: Uint8Array, position: number, startTag: number, end: number, depth: number): number {
  if (depth > MAX_GROUP_DEPTH) {
    throw malformed(`groups nested more than ${MAX_GROUP_DEPTH} deep at byte ${position}`, position);
  }
  let p = position;
  while (p < end) {
    const tag = readVarint(bytes, p);
    p = next;
    if (p > end) throw overrun(p, end);
    if ((tag & 7) !== 4) {
      p = skip(bytes, p, tag, end, depth);
    } else if (tag >>> 3 === startTag >>> 3) {
      return p;
    } else {
      throw malformed(`group ${startTag >>> 3} is closed as group ${tag >>> 3} before byte ${p}`, p);
    }
  }
  throw malformed(`group ${startTag >>> 3} at byte ${position} has no end`, position);
}

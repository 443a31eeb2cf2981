/**
 * Attribute values of events and links: one string column for all types, the type as its first byte.
 *
 *     's' + UTF-8        'i' + int64 LE      'd' + float64 LE
 *     'b' + 0 or 1       'o' + the protobuf bytes of the OTLP AnyValue (none: an AnyValue with no field set)
 *
 * Those of links have the same letters in upper case.
 */
import type { AttributeValue } from '@clew/model';
import { TYPE_BOOL, TYPE_DOUBLE, TYPE_EMPTY, TYPE_INT, TYPE_STRING } from '@clew/model/span-batch';
import { NativeFormatError } from '../native/native-format-error.ts';
import type { StringWriter } from '../native/string-writer.ts';
import { anyValueTag } from './any-value-tags.ts';

/** ignoreBOM: a leading U+FEFF is part of the value. */
const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

const TAG_STRING = 0x73;
const TAG_INT = 0x69;
const TAG_DOUBLE = 0x64;
const TAG_BOOL = 0x62;
const TAG_OTHER = 0x6f;

/** What is taken from a tag: nothing, or what makes its letter upper case. */
export const OF_EVENT = 0;
export const OF_LINK = 0x20;

/** Appends an attribute record's value: `x` and `y` are its two value words. @param owner OF_EVENT or OF_LINK */
export function addTaggedValue(
  target: StringWriter,
  owner: number,
  bytes: Uint8Array,
  view: DataView,
  type: number,
  x: number,
  y: number,
): void {
  if (type === TYPE_STRING) target.addTagged(TAG_STRING - owner, bytes, view, x, y);
  else if (type === TYPE_INT) target.addTagged64(TAG_INT - owner, x, y);
  else if (type === TYPE_DOUBLE) target.addTagged64(TAG_DOUBLE - owner, x, y);
  else if (type === TYPE_BOOL) target.addTaggedByte(TAG_BOOL - owner, x);
  else if (type === TYPE_EMPTY) target.addByte(TAG_OTHER - owner);
  else target.addField(TAG_OTHER - owner, anyValueTag(type), bytes, view, x, y);
}

/**
 * Reads a tagged value.
 * @param decodeAnyValue reads the protobuf bytes of an OTLP AnyValue.
 * Throws NativeFormatError when the bytes are none of the forms above.
 */
export function readTaggedValue(
  bytes: Uint8Array,
  decodeAnyValue: (bytes: Uint8Array) => AttributeValue,
): AttributeValue {
  const content = bytes.subarray(1);
  switch (bytes[0] | OF_LINK) {
    case TAG_STRING:
      return { type: 'string', value: UTF8.decode(content) };
    case TAG_INT:
      if (content.length === 8) return { type: 'int', value: viewOf(content).getBigInt64(0, true) };
      break;
    case TAG_DOUBLE:
      if (content.length === 8) return { type: 'double', value: viewOf(content).getFloat64(0, true) };
      break;
    case TAG_BOOL:
      if (content.length === 1) return { type: 'bool', value: content[0] !== 0 };
      break;
    case TAG_OTHER:
      return content.length === 0 ? { type: 'empty' } : decodeAnyValue(content);
  }
  throw new NativeFormatError(
    `stored attribute value: ${bytes.length} bytes with tag ${bytes[0] ?? 'none'} are not a tagged value.`,
  );
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

import type { AttributeValue } from '@clew/model';
import { decodeAnyValue } from '@clew/wire/otlp/decode-any-value';
import { describe, expect, it } from 'vitest';
import { NativeBuffer } from '../native/native-buffer.ts';
import { NativeFormatError } from '../native/native-format-error.ts';
import { StringWriter } from '../native/string-writer.ts';
import { addTaggedValue, OF_EVENT, OF_LINK, readTaggedValue } from './tagged-value.ts';

/** Writes one value whose content lies at byte 3 of an arena, and gives back the stored bytes. */
function stored(type: number, content: Uint8Array, x = 3, y = content.length, owner = OF_EVENT): Uint8Array {
  const arena = new Uint8Array(content.length + 24);
  arena.set(content, 3);
  const writer = new StringWriter();
  addTaggedValue(writer, owner, arena, new DataView(arena.buffer), type, x, y);
  const target = new NativeBuffer(writer.byteLength);
  writer.write(target);
  const prefix = target.bytes.findIndex((byte) => byte < 0x80) + 1;
  return target.bytes.subarray(prefix);
}

const NONE = new Uint8Array(0);

describe('a tagged value', () => {
  it.each<[string, Uint8Array, AttributeValue]>([
    ['string', stored(1, Buffer.from('Zoë')), { type: 'string', value: 'Zoë' }],
    ['string with a byte order mark', stored(1, Buffer.from('\ufeffa')), { type: 'string', value: '\ufeffa' }],
    ['long string', stored(1, Buffer.from('x'.repeat(1000))), { type: 'string', value: 'x'.repeat(1000) }],
    ['bool', stored(2, NONE, 1, 0), { type: 'bool', value: true }],
    ['negative int', stored(3, NONE, -2, -1), { type: 'int', value: -2n }],
    ['large int', stored(3, NONE, -1, 0x7fffffff), { type: 'int', value: 2n ** 63n - 1n }],
    ['double', stored(4, NONE, 0, 0x3ff80000), { type: 'double', value: 1.5 }],
    ['array', stored(5, Uint8Array.of(0x0a, 2, 0x18, 7)), { type: 'array', value: [{ type: 'int', value: 7n }] }],
    ['empty array', stored(5, NONE), { type: 'array', value: [] }],
    ['bytes', stored(7, Uint8Array.of(0, 255)), { type: 'bytes', value: Uint8Array.of(0, 255) }],
    ['empty', stored(0, NONE, 0, 0), { type: 'empty' }],
    ['string of a link', stored(1, Buffer.from('Zoë'), 3, 4, OF_LINK), { type: 'string', value: 'Zoë' }],
    ['int of a link', stored(3, NONE, -2, -1, OF_LINK), { type: 'int', value: -2n }],
    ['array of a link', stored(5, NONE, 3, 0, OF_LINK), { type: 'array', value: [] }],
  ])('reads back: %s', (_, bytes, value) => {
    expect(readTaggedValue(bytes, decodeAnyValue)).toEqual(value);
  });

  it.each([[[]], [[0x78]], [[0x69, 1, 2]], [[0x64]], [[0x62]], [[0x30]]])('of bytes %j is refused', (bytes) => {
    expect(() => readTaggedValue(Uint8Array.from(bytes), decodeAnyValue)).toThrow(NativeFormatError);
  });
});

import type { AttributeValue } from '@clew/model';
import { ByteWriter } from '../otlp/byte-writer.ts';
import { encodeAnyValue } from '../otlp/encode-protobuf.ts';
import type { FieldType, MessageShape } from './message-shape.ts';

const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;

/** The binary form, fields in the order of the description. @throws TypeError where the message is not of the shape. */
export function encodeMessage(shape: MessageShape, message: object): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1024);
  writeFields(writer, shape, message);
  return writer.finish();
}

function writeFields(writer: ByteWriter, shape: MessageShape, message: object): void {
  for (const [name, field] of Object.entries(shape.fields)) {
    const value: unknown = Reflect.get(message, name);
    if (value === undefined) continue;
    if (field.repeated === true) {
      for (const element of value as readonly unknown[]) writeField(writer, field.number, field.type, element, true);
    } else {
      writeField(writer, field.number, field.type, value, false);
    }
  }
}

/** @param always an element of a list is written whatever its value */
function writeField(writer: ByteWriter, number: number, type: FieldType, value: unknown, always: boolean): void {
  if (typeof type === 'object') {
    if ('fields' in type) delimited(writer, number, () => writeFields(writer, type, value as object));
    else if ('names' in type) writeVarint(writer, number, BigInt(value as number), always);
    else writeMap(writer, number, type.valuesOf, value as ReadonlyMap<string, unknown>);
    return;
  }
  switch (type) {
    case 'string':
      if (always || value !== '') delimited(writer, number, () => writer.text(value as string));
      break;
    case 'bytes':
      if (always || (value as Uint8Array).length > 0) delimited(writer, number, () => writer.raw(value as Uint8Array));
      break;
    case 'bool':
      writeVarint(writer, number, value === true ? 1n : 0n, always);
      break;
    case 'uint32':
      writeVarint(writer, number, BigInt(value as number), always);
      break;
    case 'uint64':
    case 'int64':
      writeVarint(writer, number, value as bigint, always);
      break;
    case 'double':
      if (!always && Object.is(value, 0)) break;
      writer.varint(number * 8 + FIXED64);
      writer.double(value as number);
      break;
    case 'any-value':
      delimited(writer, number, () => writer.raw(encodeAnyValue(value as AttributeValue)));
      break;
  }
}

function writeVarint(writer: ByteWriter, number: number, value: bigint, always: boolean): void {
  if (value === 0n && !always) return;
  writer.varint(number * 8 + VARINT);
  writer.varint64(value);
}

/** A map is a list of messages with the key as field 1 and the value as field 2. */
function writeMap(
  writer: ByteWriter,
  number: number,
  valuesOf: 'string' | MessageShape,
  entries: ReadonlyMap<string, unknown>,
): void {
  for (const [key, value] of entries) {
    delimited(writer, number, () => {
      writeField(writer, 1, 'string', key, false);
      writeField(writer, 2, valuesOf, value, false);
    });
  }
}

function delimited(writer: ByteWriter, number: number, write: () => void): void {
  writer.varint(number * 8 + LENGTH_DELIMITED);
  const start = writer.beginLengthDelimited();
  write();
  writer.endLengthDelimited(start);
}

import type { FieldType, Message, MessageShape } from './message-shape.ts';

/** Bytes that are not the message they should be. */
export class MalformedMessageError extends Error {
  constructor(what: string) {
    super(`malformed protobuf message: ${what}.`);
    this.name = 'MalformedMessageError';
  }
}

/** Messages of requests do not nest; unknown fields might. */
const MAX_GROUP_DEPTH = 16;

/**
 * Reads a message whose fields are texts, bytes, numbers, enums and maps of texts: what requests are made of. Fields
 * that are not in the description are stepped over, absent ones are not in the result; the last of several counts.
 * @throws MalformedMessageError
 */
export function decodeMessage(shape: MessageShape, bytes: Uint8Array): Message {
  const byNumber = new Map(Object.entries(shape.fields).map(([name, field]) => [field.number, { name, field }]));
  const message: Record<string, unknown> = {};
  const reader = new Reader(bytes);
  while (!reader.atEnd) {
    const tag = reader.tag();
    const known = byNumber.get(tag.number);
    const value = known === undefined ? undefined : readValue(reader, known.field.type, tag.wireType);
    if (known === undefined || value === undefined) {
      reader.skip(tag, 0);
    } else if (value instanceof Map) {
      const before = message[known.name];
      message[known.name] = new Map([...(before instanceof Map ? before : []), ...value]);
    } else if (known.field.repeated === true) {
      const before = message[known.name];
      message[known.name] = [...(Array.isArray(before) ? (before as readonly unknown[]) : []), value];
    } else {
      message[known.name] = value;
    }
  }
  return message;
}

/** Undefined, having read nothing: the field has another wire type than it should. */
function readValue(reader: Reader, type: FieldType, wireType: number): unknown {
  if (type === 'string' || type === 'bytes') {
    if (wireType !== 2) return undefined;
    const content = reader.delimited();
    return type === 'bytes' ? content : textOf(content);
  }
  if (type === 'double') return wireType === 1 ? reader.double() : undefined;
  if (typeof type === 'object' && 'valuesOf' in type) return wireType === 2 ? mapOf(reader.delimited()) : undefined;
  if (wireType !== 0) return undefined;
  const value = reader.varint();
  if (type === 'bool') return value !== 0n;
  if (type === 'uint64') return value;
  if (type === 'int64') return BigInt.asIntN(64, value);
  return Number(BigInt.asUintN(32, value));
}

/** One entry of a map of texts. */
function mapOf(entry: Uint8Array): ReadonlyMap<string, string> {
  const { key, value } = decodeMessage(TEXT_ENTRY, entry);
  return new Map([[typeof key === 'string' ? key : '', typeof value === 'string' ? value : '']]);
}

const TEXT_ENTRY: MessageShape = {
  fields: { key: { number: 1, type: 'string' }, value: { number: 2, type: 'string' } },
};

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MalformedMessageError('a text is not UTF-8');
  }
}

interface Tag {
  readonly number: number;
  readonly wireType: number;
}

class Reader {
  readonly #bytes: Uint8Array;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#position >= this.#bytes.length;
  }

  tag(): Tag {
    const tag = Number(BigInt.asUintN(32, this.varint()));
    const number = tag >>> 3;
    if (number === 0) throw new MalformedMessageError('field number 0');
    return { number, wireType: tag & 7 };
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new MalformedMessageError('it ends within a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new MalformedMessageError('a number has more than ten bytes');
  }

  delimited(): Uint8Array {
    const length = this.varint();
    const start = this.#position;
    if (length > BigInt(this.#bytes.length - start)) throw new MalformedMessageError('it ends within a field');
    this.#position += Number(length);
    return this.#bytes.subarray(start, this.#position);
  }

  double(): number {
    const start = this.#position;
    this.#advance(8);
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + start, 8).getFloat64(0, true);
  }

  skip({ number, wireType }: Tag, depth: number): void {
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.delimited();
    else if (wireType === 5) this.#advance(4);
    else if (wireType === 3) this.#skipGroup(number, depth + 1);
    else throw new MalformedMessageError(`wire type ${wireType}`);
  }

  #skipGroup(number: number, depth: number): void {
    if (depth > MAX_GROUP_DEPTH) throw new MalformedMessageError(`groups nest deeper than ${MAX_GROUP_DEPTH}`);
    for (;;) {
      const tag = this.tag();
      if (tag.wireType !== 4) this.skip(tag, depth);
      else if (tag.number === number) return;
      else throw new MalformedMessageError('a group ends as another');
    }
  }

  #advance(count: number): void {
    this.#position += count;
    if (this.#position > this.#bytes.length) throw new MalformedMessageError('it ends within a field');
  }
}

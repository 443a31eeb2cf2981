/** Protobuf bytes as a tree without a schema, and back: what mutations that keep lengths right work on. */

export type ProtobufField =
  | { number: number; kind: 'varint'; value: bigint /** Bytes beyond the shortest form. */; padding: number }
  | { number: number; kind: 'fixed64'; bytes: Uint8Array }
  | { number: number; kind: 'fixed32'; bytes: Uint8Array }
  | { number: number; kind: 'bytes'; bytes: Uint8Array }
  | { number: number; kind: 'message'; fields: ProtobufField[] }
  | { number: number; kind: 'group'; fields: ProtobufField[] };

const MAX_DEPTH = 48;

/** The fields of a message, or undefined when the bytes are none. */
export function tryParseFields(bytes: Uint8Array, depth = 0): ProtobufField[] | undefined {
  const fields: ProtobufField[] = [];
  let p = 0;
  while (p < bytes.length) {
    const tag = tryVarint(bytes, p);
    if (tag === undefined || tag.value < 8n || tag.value > 0xffffffffn) return undefined;
    p = tag.next;
    const number = Number(tag.value >> 3n);
    const wire = Number(tag.value & 7n);
    if (wire === 0) {
      const varint = tryVarint(bytes, p);
      if (varint === undefined) return undefined;
      fields.push({ number, kind: 'varint', value: varint.value, padding: 0 });
      p = varint.next;
    } else if (wire === 1 || wire === 5) {
      const width = wire === 1 ? 8 : 4;
      if (p + width > bytes.length) return undefined;
      fields.push({ number, kind: wire === 1 ? 'fixed64' : 'fixed32', bytes: bytes.slice(p, p + width) });
      p += width;
    } else if (wire === 2) {
      const length = tryVarint(bytes, p);
      if (length === undefined || length.value > bytes.length - length.next) return undefined;
      const content = bytes.subarray(length.next, length.next + Number(length.value));
      const inner = content.length > 1 && depth < MAX_DEPTH ? tryParseFields(content, depth + 1) : undefined;
      fields.push(
        inner === undefined
          ? { number, kind: 'bytes', bytes: content.slice() }
          : { number, kind: 'message', fields: inner },
      );
      p = length.next + content.length;
    } else {
      return undefined;
    }
  }
  return fields;
}

function tryVarint(bytes: Uint8Array, offset: number): { value: bigint; next: number } | undefined {
  let value = 0n;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return undefined;
    value |= BigInt(byte & 127) << BigInt(7 * i);
    if (byte < 128) return { value: BigInt.asUintN(64, value), next: offset + i + 1 };
  }
  return undefined;
}

export function serializeFields(fields: readonly ProtobufField[]): Uint8Array {
  const out: number[] = [];
  for (const field of fields) writeField(out, field);
  return Uint8Array.from(out);
}

function writeField(out: number[], field: ProtobufField): void {
  const tag = BigInt(field.number) << 3n;
  switch (field.kind) {
    case 'varint':
      writeVarint(out, tag, 0);
      writeVarint(out, field.value, field.padding);
      break;
    case 'fixed64':
    case 'fixed32':
      writeVarint(out, tag | (field.kind === 'fixed64' ? 1n : 5n), 0);
      writeBytes(out, field.bytes);
      break;
    case 'group':
      writeVarint(out, tag | 3n, 0);
      for (const inner of field.fields) writeField(out, inner);
      writeVarint(out, tag | 4n, 0);
      break;
    default: {
      const content = field.kind === 'bytes' ? field.bytes : serializeFields(field.fields);
      writeVarint(out, tag | 2n, 0);
      writeVarint(out, BigInt(content.length), 0);
      writeBytes(out, content);
    }
  }
}

function writeBytes(out: number[], bytes: Uint8Array): void {
  for (const byte of bytes) out.push(byte);
}

function writeVarint(out: number[], value: bigint, padding: number): void {
  let rest = value;
  let left = padding;
  while (rest > 127n || left > 0) {
    if (rest <= 127n) left--;
    out.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  out.push(Number(rest));
}

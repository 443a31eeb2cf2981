import { utf8Cut } from './utf8-cut.ts';

/** The content of an OTLP ArrayValue or KeyValueList in protobuf form, with every text and bytes in it cut. */
export interface CutComposite {
  readonly content: Uint8Array;
  /** Values that were cut. */
  readonly count: number;
}

/** What a message is, and so what its length-delimited fields are (opentelemetry-proto, common.proto). */
const LIST = 0;
const KEY_VALUE_LIST = 1;
const KEY_VALUE = 2;
const ANY_VALUE = 3;
const TEXT = 4;
const BYTES = 5;
const OTHER = 6;

/**
 * For the rare value that is too long as a whole: allocates as it likes.
 * @returns undefined when nothing in it is too long.
 */
export function tryCutComposite(content: Uint8Array, isList: boolean, maxBytes: number): CutComposite | undefined {
  const cutter = new Cutter(maxBytes);
  const result = cutter.message(content, isList ? LIST : KEY_VALUE_LIST);
  return cutter.count === 0 ? undefined : { content: result, count: cutter.count };
}

class Cutter {
  readonly #maxBytes: number;
  count = 0;
  #next = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Depth is what the decoder has let through. */
  message(bytes: Uint8Array, kind: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let from = 0;
    let at = 0;
    while (at < bytes.length) {
      const tag = this.#varint(bytes, at);
      at = this.#next;
      const wireType = tag & 7;
      if (wireType !== 2) {
        at = this.#skip(bytes, at, wireType);
        continue;
      }
      const length = this.#varint(bytes, at);
      const start = this.#next;
      const end = Math.min(start + length, bytes.length);
      const before = bytes.subarray(start, end);
      const after = this.#field(before, childKind(kind, tag >>> 3));
      if (after !== before) {
        parts.push(bytes.subarray(from, at), varintOf(after.length), after);
        from = end;
      }
      at = end;
    }
    if (parts.length === 0) return bytes;
    parts.push(bytes.subarray(from));
    return concatenated(parts);
  }

  #field(bytes: Uint8Array, kind: number): Uint8Array {
    if (bytes.length <= this.#maxBytes || kind === OTHER) return bytes;
    if (kind !== TEXT && kind !== BYTES) return this.message(bytes, kind);
    this.count++;
    return bytes.subarray(0, kind === TEXT ? utf8Cut(bytes, 0, this.#maxBytes) : this.#maxBytes);
  }

  #skip(bytes: Uint8Array, at: number, wireType: number): number {
    if (wireType === 0) {
      this.#varint(bytes, at);
      return this.#next;
    }
    if (wireType === 1) return at + 8;
    if (wireType === 5) return at + 4;
    return bytes.length;
  }

  /** Lengths and tags are below 2^32: the bodies they come from are. */
  #varint(bytes: Uint8Array, start: number): number {
    let value = 0;
    let at = start;
    for (let factor = 1; at < bytes.length; factor *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * factor;
      if (byte < 128) break;
    }
    this.#next = at;
    return value;
  }
}

function childKind(kind: number, field: number): number {
  switch (kind) {
    case LIST:
      return field === 1 ? ANY_VALUE : OTHER;
    case KEY_VALUE_LIST:
      return field === 1 ? KEY_VALUE : OTHER;
    case KEY_VALUE:
      return field === 2 ? ANY_VALUE : OTHER;
    default:
      return ANY_VALUE_FIELDS.get(field) ?? OTHER;
  }
}

const ANY_VALUE_FIELDS: ReadonlyMap<number, number> = new Map([
  [1, TEXT],
  [5, LIST],
  [6, KEY_VALUE_LIST],
  [7, BYTES],
]);

function varintOf(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Uint8Array.from(bytes);
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

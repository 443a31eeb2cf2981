import { NativeFormatError } from './native-format-error.ts';

/**
 * A computation over bytes that may not have arrived yet: it yields when it needs more, and is resumed after a push.
 * A generator, not a promise, because nearly every step has its bytes at hand and a promise a string would cost more
 * than the string.
 */
export type Pull<T> = Generator<undefined, T, undefined>;

const DECODER = new TextDecoder();
/** A name or type longer than this means the bytes are not a Native block. */
const MAX_HEADER_STRING_BYTES = 1 << 20;

/** Chunks as one run of bytes: readers take from `bytes` at `position` up to `end`. */
export class NativeByteSource {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  end = 0;
  /** All bytes ever pushed. */
  totalBytes = 0;
  #owned = false;
  #midBlock = false;

  get available(): number {
    return this.end - this.position;
  }

  /** False while a block is being read and after one byte of it has arrived. */
  get isAtBlockStart(): boolean {
    return this.available === 0 && !this.#midBlock;
  }

  beginBlock(): void {
    this.#midBlock = false;
  }

  endBlock(): void {
    this.#midBlock = false;
  }

  /** Appends a chunk. Offsets taken before are relative to `position`, which may move to 0. */
  push(chunk: Uint8Array): void {
    this.totalBytes += chunk.length;
    const rest = this.available;
    if (rest === 0) {
      // Nothing pending: read from the chunk itself.
      this.bytes = chunk;
      this.position = 0;
      this.end = chunk.length;
      this.#owned = false;
      return;
    }
    const needed = rest + chunk.length;
    if (!this.#owned || needed > this.bytes.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * rest, 1 << 16));
      grown.set(this.bytes.subarray(this.position, this.end));
      this.bytes = grown;
      this.#owned = true;
    } else if (this.position > 0 && this.end + chunk.length > this.bytes.length) {
      this.bytes.copyWithin(0, this.position, this.end);
    } else {
      this.bytes.set(chunk, this.end);
      this.end += chunk.length;
      return;
    }
    this.position = 0;
    this.bytes.set(chunk, rest);
    this.end = needed;
  }

  /** Waits until `count` bytes are at hand. */
  *need(count: number): Pull<void> {
    while (this.end - this.position < count) {
      this.#midBlock = true;
      yield;
    }
  }

  /** An unsigned LEB128 number below 2^53. */
  *readVarint(): Pull<number> {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      yield* this.need(1);
      this.#midBlock = true;
      const byte = this.bytes[this.position++];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      scale *= 128;
    }
    throw new NativeFormatError('Native stream: a length above 2^53. Is this Native format?');
  }

  /** A string of a block's header. */
  *readString(): Pull<string> {
    const length = yield* this.readVarint();
    if (length > MAX_HEADER_STRING_BYTES) {
      throw new NativeFormatError(
        `Native block: a name of ${length} bytes (limit ${MAX_HEADER_STRING_BYTES}). Is this Native format?`,
      );
    }
    yield* this.need(length);
    const text = DECODER.decode(this.bytes.subarray(this.position, this.position + length));
    this.position += length;
    return text;
  }

  /** A UInt64 below 2^53. */
  *readUInt64(): Pull<number> {
    yield* this.need(8);
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.position, 8);
    this.position += 8;
    const value = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
    if (value > Number.MAX_SAFE_INTEGER) throw new NativeFormatError('Native stream: a count above 2^53.');
    return value;
  }

  /** A copy of the next `count` bytes, aligned for any typed array. */
  *readCopy(count: number): Pull<Uint8Array<ArrayBuffer>> {
    yield* this.need(count);
    const copy = new Uint8Array(count);
    copy.set(this.bytes.subarray(this.position, this.position + count));
    this.position += count;
    return copy;
  }
}

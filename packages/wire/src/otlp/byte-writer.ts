const SHORT_TEXT_LENGTH = 64;
/** Below it a number is exact. */
const MAX_EXACT = 2n ** 53n;

/** A growing byte buffer with the writes protobuf and JSON need. Largest content: 2 GiB. */
export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  #view: DataView<ArrayBuffer>;
  readonly #encoder = new TextEncoder();

  constructor(capacity = 1024) {
    this.bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** A copy of what was written. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    const needed = this.length + count;
    if (needed <= this.bytes.length) return;
    const bytes = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    bytes.set(this.bytes.subarray(0, this.length));
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer);
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** Text as UTF-8; a lone surrogate becomes U+FFFD. */
  text(text: string): void {
    this.reserve(text.length * 3);
    // Measured: for short ASCII the call into the encoder costs more than the text.
    if (text.length <= SHORT_TEXT_LENGTH) {
      const { bytes, length } = this;
      let i = 0;
      for (; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code > 127) break;
        bytes[length + i] = code;
      }
      if (i === text.length) {
        this.length += i;
        return;
      }
    }
    this.length += this.#encoder.encodeInto(text, this.bytes.subarray(this.length)).written;
  }

  /** The bytes of an even number of hex digits, which the caller has checked. */
  hex(digits: string): void {
    this.reserve(digits.length >> 1);
    for (let i = 0; i + 1 < digits.length; i += 2) {
      this.bytes[this.length++] = (digitOf(digits.charCodeAt(i)) << 4) | digitOf(digits.charCodeAt(i + 1));
    }
  }

  /** Unsigned, 0 to 2⁵³. */
  varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  /** The two's complement form of a signed 64-bit number, or an unsigned one: ten bytes when negative. */
  varint64(value: bigint): void {
    if (value >= 0n && value < MAX_EXACT) {
      this.varint(Number(value));
      return;
    }
    this.reserve(10);
    let rest = BigInt.asUintN(64, value);
    while (rest > 127n) {
      this.bytes[this.length++] = Number(rest & 127n) | 128;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  fixed32(value: number): void {
    this.reserve(4);
    this.#view.setUint32(this.length, value, true);
    this.length += 4;
  }

  fixed64(value: bigint): void {
    this.reserve(8);
    this.#view.setBigUint64(this.length, BigInt.asUintN(64, value), true);
    this.length += 8;
  }

  double(value: number): void {
    this.reserve(8);
    this.#view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  /** Starts a length-delimited value whose length is not known yet; give the result to `endLengthDelimited`. */
  beginLengthDelimited(): number {
    this.byte(0);
    return this.length;
  }

  /** Puts the shortest length before the content, moving the content when one byte is not enough. */
  endLengthDelimited(start: number): void {
    const length = this.length - start;
    if (length < 128) {
      this.bytes[start - 1] = length;
      return;
    }
    let extra = 0;
    for (let rest = length >>> 7; rest > 0; rest >>>= 7) extra++;
    this.reserve(extra);
    this.bytes.copyWithin(start + extra, start, this.length);
    const end = this.length + extra;
    this.length = start - 1;
    this.varint(length);
    this.length = end;
  }
}

/** Value of a hex digit. */
function digitOf(code: number): number {
  return code <= 0x39 ? code - 0x30 : (code | 0x20) - 0x57;
}

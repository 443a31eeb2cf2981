/**
 * JSON tokens (RFC 8259) straight from a batch's arena, for a single-pass decoder that makes no strings.
 *
 * The request's bytes are followed by zeros, so every scan stops at the end by itself. Text with escapes is unescaped
 * to the side area behind them.
 */
import { ARENA_PADDING, type SpanBatch } from '@clew/model';
import { DecodeError } from './decode-error.ts';
import { type DecodeLimits, nestedTooDeep } from './decode-limits.ts';
import { fieldOf } from './json-fields.ts';

export const QUOTE = 0x22;
export const CLOSE_BRACE = 0x7d;
export const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;

/** One level of AnyValue takes up to four of JSON; unknown fields may hold values too. */
const JSON_LEVELS_PER_VALUE = 4;
/** Digits, point and exponent of an integer written as a decimal fraction or with an exponent. */
const MAX_INTEGER_TEXT = 64;
const MAX_INTEGER_EXPONENT = 40;

/** 1 to 10¹⁰. */
const POWERS_OF_TEN = Array.from({ length: 11 }, (_, i) => Number(`1e${i}`));

/** Value of a hex digit, −1 for any other byte. */
const HEX_DIGIT = new Int8Array(256).fill(-1);
for (let i = 0; i < 10; i++) HEX_DIGIT[0x30 + i] = i;
for (let i = 0; i < 6; i++) HEX_DIGIT[0x41 + i] = HEX_DIGIT[0x61 + i] = 10 + i;

/** The byte a one-letter escape stands for, 0 for none. */
const ESCAPED = new Uint8Array(256);
for (const [letter, byte] of [
  ['"', 0x22],
  ['\\', 0x5c],
  ['/', 0x2f],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
] as const) {
  ESCAPED[letter.charCodeAt(0)] = byte;
}

/** Value of a base64 digit of either alphabet (RFC 4648 §4, §5), −1 for any other byte. */
const BASE64_DIGIT = new Int8Array(256).fill(-1);
for (const [i, digit] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'].entries()) {
  BASE64_DIGIT[digit.charCodeAt(0)] = i;
}
for (const digit of '+-') BASE64_DIGIT[digit.charCodeAt(0)] = 62;
for (const digit of '/_') BASE64_DIGIT[digit.charCodeAt(0)] = 63;

export class JsonReader {
  readonly batch: SpanBatch;
  readonly limits: DecodeLimits;
  bytes: Uint8Array;
  view: DataView;
  position = 0;
  /** Length of the request. */
  readonly end: number;
  /** Of the last text read, without its quotes. */
  textOffset = 0;
  textLength = 0;
  /** Words of the last 64-bit integer read. */
  low = 0;
  high = 0;

  /** `batch` has just loaded the request. */
  constructor(batch: SpanBatch, limits: DecodeLimits) {
    this.batch = batch;
    this.limits = limits;
    this.end = batch.byteCount;
    batch.reserveBytes(ARENA_PADDING);
    batch.byteCount += ARENA_PADDING;
    this.bytes = batch.bytes;
    this.view = batch.view;
    // A byte order mark may be ignored (RFC 8259 §8.1).
    if (this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf) this.position = 3;
  }

  /** Makes room in the side area. */
  reserve(count: number): void {
    this.batch.reserveBytes(count);
    this.bytes = this.batch.bytes;
    this.view = this.batch.view;
  }

  /** The request's offence at `offset`, with line and column. */
  fail(expected: string, offset = this.position): DecodeError {
    let line = 1;
    let lineStart = 0;
    for (let i = 0; i < offset; i++) {
      if (this.bytes[i] === 0x0a) {
        line++;
        lineStart = i + 1;
      }
    }
    const column = offset - lineStart + 1;
    const byte = this.bytes[offset];
    const shown = byte > 0x20 && byte < 0x7f ? `'${String.fromCharCode(byte)}'` : `0x${byte.toString(16)}`;
    const found = offset >= this.end ? 'the end of the body' : shown;
    return new DecodeError(
      'OTLP_MALFORMED_JSON',
      `malformed OTLP request: expected ${expected} but found ${found} at byte ${offset} (line ${line}, column ${column}). Check that the body is an ExportTraceServiceRequest in JSON and arrives whole.`,
      offset,
      { line, column },
    );
  }

  /** Steps over white space; returns the byte it stops at. */
  peek(): number {
    let byte = this.bytes[this.position];
    while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = this.bytes[++this.position];
    return byte;
  }

  /** Into an object; false when it is empty or null, and then behind it. Go on with `readField`. */
  enterObject(what: string): boolean {
    return this.#enter(OPEN_BRACE, CLOSE_BRACE, what);
  }

  /** Into an array; false when it is empty or null, and then behind it. */
  enterArray(what: string): boolean {
    return this.#enter(OPEN_BRACKET, CLOSE_BRACKET, what);
  }

  #enter(open: number, close: number, what: string): boolean {
    if (this.peek() !== open) {
      if (this.tryNull()) return false;
      throw this.fail(what);
    }
    this.position++;
    if (this.peek() !== close) return true;
    this.position++;
    return false;
  }

  /** Over the comma before the next member; false at `close`, and then behind it. */
  hasNext(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) throw this.fail(close === CLOSE_BRACE ? "',' or '}'" : "',' or ']'");
    this.position++;
    return byte === COMMA;
  }

  /** A member's name and the colon; returns its FIELD_… number. */
  readField(): number {
    const sideEnd = this.batch.byteCount;
    this.readText('a member name in double quotes');
    const field = fieldOf(this.bytes, this.view, this.textOffset, this.textLength);
    // A name with escapes is not content.
    this.batch.byteCount = sideEnd;
    if (this.peek() !== COLON) throw this.fail("':'");
    this.position++;
    return field;
  }

  /** Over a null, when there is one. */
  tryNull(): boolean {
    if (this.peek() !== 0x6e) return false;
    this.#literal('null');
    return true;
  }

  /** A string, or null as the empty one. */
  readTextOrNull(): void {
    if (this.peek() !== QUOTE && this.tryNull()) {
      this.textOffset = 0;
      this.textLength = 0;
    } else {
      this.readText('a string');
    }
  }

  readText(what: string): void {
    if (this.peek() !== QUOTE) throw this.fail(what);
    const start = this.position + 1;
    const stop = this.#scanText(start);
    if (this.bytes[stop] !== QUOTE) {
      this.#unescape(start, stop);
      return;
    }
    this.textOffset = start;
    this.textLength = stop - start;
    this.position = stop + 1;
  }

  /** Offset of the next quote, backslash or control character, four bytes at a time. */
  #scanText(offset: number): number {
    const view = this.view;
    for (let p = offset; ; p += 4) {
      const word = view.getInt32(p, true);
      const quote = word ^ 0x22222222;
      const backslash = word ^ 0x5c5c5c5c;
      // Bit 7 of each byte that is zero after the xor, or below 0x20; exact for the lowest such byte.
      const marks =
        (((quote - 0x01010101) & ~quote) | ((backslash - 0x01010101) & ~backslash) | ((word - 0x20202020) & ~word)) &
        0x80808080;
      if (marks !== 0) return p + ((31 - Math.clz32(marks & -marks)) >> 3);
    }
  }

  /** The rest of a text whose first special character is at `stop`. */
  #unescape(start: number, stop: number): void {
    // Unescaping never lengthens.
    this.reserve(this.end - start + 4);
    const bytes = this.bytes;
    const offset = this.batch.byteCount;
    let out = offset;
    let from = start;
    let p = stop;
    for (;;) {
      while (from < p) bytes[out++] = bytes[from++];
      if (bytes[p] === QUOTE) break;
      if (bytes[p] !== BACKSLASH) {
        throw this.fail(p >= this.end ? "the closing '\"' of a string" : 'an escaped control character', p);
      }
      const simple = ESCAPED[bytes[p + 1]];
      if (simple !== 0) {
        bytes[out++] = simple;
        p += 2;
      } else {
        let codePoint = this.#unicodeEscape(p);
        if (codePoint < 0) throw this.fail('an escape sequence', p);
        p += 6;
        if (codePoint >= 0xd800 && codePoint < 0xe000) {
          const second = codePoint < 0xdc00 ? this.#unicodeEscape(p) : -1;
          if (second >= 0xdc00 && second < 0xe000) {
            codePoint = 0x10000 + ((codePoint - 0xd800) << 10) + (second - 0xdc00);
            p += 6;
          } else {
            // Half a pair is no character; UTF-8 cannot carry it.
            codePoint = 0xfffd;
          }
        }
        out = writeUtf8(bytes, out, codePoint);
      }
      from = p;
      p = this.#scanText(p);
    }
    this.batch.byteCount = out;
    this.textOffset = offset;
    this.textLength = out - offset;
    this.position = p + 1;
  }

  /** The code unit of \uXXXX at `offset`, or a negative number when there is none. */
  #unicodeEscape(offset: number): number {
    const bytes = this.bytes;
    if (bytes[offset] !== BACKSLASH || bytes[offset + 1] !== 0x75) return -1;
    return (
      (HEX_DIGIT[bytes[offset + 2]] << 12) |
      (HEX_DIGIT[bytes[offset + 3]] << 8) |
      (HEX_DIGIT[bytes[offset + 4]] << 4) |
      HEX_DIGIT[bytes[offset + 5]]
    );
  }

  /** A text as a string, for the rare forms. What was unescaped on the way is no content and is taken back. */
  #readString(what: string): string {
    const sideEnd = this.batch.byteCount;
    this.readText(what);
    const text = this.batch.textAt(this.textOffset, this.textLength);
    this.batch.byteCount = sideEnd;
    return text;
  }

  /** true or false, quoted or not. Null is false. */
  readBool(): boolean {
    const byte = this.peek();
    if (byte === QUOTE) {
      const start = this.position;
      const text = this.#readString('true or false');
      if (text !== 'true' && text !== 'false') throw this.fail('true or false', start);
      return text === 'true';
    }
    if (byte === 0x6e) this.#literal('null');
    else this.#literal(byte === 0x74 ? 'true' : 'false');
    return byte === 0x74;
  }

  #literal(word: string): void {
    for (let i = 0; i < word.length; i++) {
      if (this.bytes[this.position + i] !== word.charCodeAt(i)) throw this.fail('a value');
    }
    this.position += word.length;
  }

  /**
   * An integer as a number or a decimal string, exactly, to `low` and `high`. Null is 0.
   * @param signed whether the range is that of int64 rather than uint64.
   */
  readInt64(signed: boolean): void {
    let byte = this.peek();
    const start = this.position;
    const quoted = byte === QUOTE;
    if (quoted) byte = this.bytes[++this.position];
    const negative = byte === MINUS;
    if (negative) byte = this.bytes[++this.position];
    if (quoted) {
      while (byte === 0x30) byte = this.bytes[++this.position];
    } else if (byte === 0x30) {
      byte = this.bytes[++this.position];
      if (byte >= 0x30 && byte <= 0x39) throw this.fail('a number without leading zeros', start);
    }
    let upper = 0;
    let lower = 0;
    let digits = 0;
    while (byte >= 0x30 && byte <= 0x39) {
      if (digits < 10) upper = upper * 10 + (byte - 0x30);
      else if (digits < 20) lower = lower * 10 + (byte - 0x30);
      digits++;
      byte = this.bytes[++this.position];
    }
    if (byte === 0x2e || byte === 0x65 || byte === 0x45 || (quoted && byte === BACKSLASH)) {
      this.#readUnusualInteger(start, quoted, signed);
      return;
    }
    if (digits === 0 && this.bytes[this.position - 1] !== 0x30) {
      this.position = start;
      if (!this.tryNull()) throw this.fail('an integer');
      this.low = 0;
      this.high = 0;
      return;
    }
    if (quoted && byte !== QUOTE) throw this.fail('a digit');
    if (quoted) this.position++;
    if (digits > 20) throw this.#outOfRange(start, signed);
    this.#combine(upper, lower, POWERS_OF_TEN[Math.max(0, digits - 10)], negative, signed, start);
  }

  /** upper × scale + lower, with upper, scale and lower up to 10¹⁰, in 32-bit steps: a double has 53 bits. */
  #combine(upper: number, lower: number, scale: number, negative: boolean, signed: boolean, start: number): void {
    const upperHigh = Math.floor(upper / 65536);
    const product = upperHigh * scale;
    const productHigh = Math.floor(product / 65536);
    const rest = (product - productHigh * 65536) * 65536 + (upper - upperHigh * 65536) * scale + lower;
    const restHigh = Math.floor(rest / 4294967296);
    let low = rest - restHigh * 4294967296;
    let high = productHigh + restHigh;
    const isZero = low === 0 && high === 0;
    const limit = signed ? 2147483648 : 4294967296;
    if (negative && !isZero) {
      if (!signed || high > limit || (high === limit && low > 0)) throw this.#outOfRange(start, signed);
      high = low === 0 ? -high : -high - 1;
      low = -low;
    } else if (high >= limit) {
      throw this.#outOfRange(start, signed);
    }
    this.low = low | 0;
    this.high = high | 0;
  }

  #outOfRange(start: number, signed: boolean): DecodeError {
    return this.fail(signed ? 'an integer from −2⁶³ to 2⁶³ − 1' : 'an integer from 0 to 2⁶⁴ − 1', start);
  }

  /**
   * proto3 JSON allows 1.0 and 1e3 for integers when nothing is lost, and a quoted one may have its digits escaped.
   * Rare, so by way of BigInt.
   */
  #readUnusualInteger(start: number, quoted: boolean, signed: boolean): void {
    this.position = start;
    let text: string;
    if (quoted) {
      text = this.#readString('an integer');
    } else {
      this.#readNumberToken();
      text = this.batch.textAt(this.textOffset, this.textLength);
    }
    if (text.length > MAX_INTEGER_TEXT) throw this.fail('an integer', start);
    const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(text);
    if (match === null) throw this.fail('an integer', start);
    const [, sign, whole, fraction = '', exponent = '0'] = match;
    const shift = Number(exponent) - fraction.length;
    if (Math.abs(shift) > MAX_INTEGER_EXPONENT) throw this.fail('an integer', start);
    let value = BigInt(sign + whole + fraction);
    const scale = 10n ** BigInt(Math.abs(shift));
    if (shift >= 0) value *= scale;
    else if (value % scale === 0n) value /= scale;
    else throw this.fail('an integer', start);
    if (value !== (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))) {
      throw this.#outOfRange(start, signed);
    }
    this.low = Number(BigInt.asIntN(32, value));
    this.high = Number(BigInt.asIntN(32, value >> 32n));
  }

  /** Unsigned 32 bits as an int32 word. */
  readUint32(): number {
    this.peek();
    const start = this.position;
    this.readInt64(false);
    if (this.high !== 0) throw this.fail('an integer from 0 to 2³² − 1', start);
    return this.low;
  }

  /** An enum value: a number, or its position in `names` with or without `prefix`; 0 for a name not known. */
  readEnum(names: readonly string[], prefix: string): number {
    const first = this.peek();
    const start = this.position;
    // A letter after the quote: not a quoted number. An escape may be either.
    if (first === QUOTE && this.bytes[start + 1] > 0x39) {
      let text = this.#readString('an enum value');
      if (text > ':') {
        if (text.startsWith(prefix)) text = text.slice(prefix.length);
        return Math.max(0, names.indexOf(text.toLowerCase()));
      }
      this.#readUnusualInteger(start, true, true);
    } else {
      this.readInt64(true);
    }
    if (this.high !== this.low >> 31) throw this.fail('an enum number of 32 bits', start);
    return this.low;
  }

  /** A double as a number or a string; "NaN", "Infinity" and "-Infinity" are strings. Null is 0. */
  readDouble(): number {
    if (this.peek() === QUOTE) {
      const start = this.position;
      const text = this.#readString('a number');
      if (!/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|NaN|-?Infinity)$/.test(text)) throw this.fail('a number', start);
      return Number(text);
    }
    if (this.tryNull()) return 0;
    this.#readNumberToken();
    return this.#shortDecimal() ?? Number(this.batch.textAt(this.textOffset, this.textLength));
  }

  /** The value of a token of up to 15 digits without exponent: both parts are exact, so the quotient is rounded once. */
  #shortDecimal(): number | undefined {
    if (this.textLength > 16) return undefined;
    let p = this.textOffset;
    const end = p + this.textLength;
    const negative = this.bytes[p] === MINUS;
    if (negative) p++;
    let value = 0;
    let scale = 0;
    let digits = 0;
    for (; p < end; p++) {
      const digit = this.bytes[p] - 0x30;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        scale *= 10;
        digits++;
      } else if (digit === -2) {
        scale = 1;
      } else {
        return undefined;
      }
    }
    if (digits > 15) return undefined;
    const result = scale > 1 ? value / scale : value;
    return negative ? -result : result;
  }

  /** A number as RFC 8259 §6 spells it, as text. */
  #readNumberToken(): void {
    const bytes = this.bytes;
    const start = this.position;
    let p = start;
    if (bytes[p] === MINUS) p++;
    if (bytes[p] === 0x30) p++;
    else p = this.#digits(p);
    if (bytes[p] === 0x2e) p = this.#digits(p + 1);
    if (bytes[p] === 0x65 || bytes[p] === 0x45) {
      p++;
      if (bytes[p] === 0x2b || bytes[p] === MINUS) p++;
      p = this.#digits(p);
    }
    this.textOffset = start;
    this.textLength = p - start;
    this.position = p;
  }

  #digits(offset: number): number {
    let p = offset;
    while (this.bytes[p] >= 0x30 && this.bytes[p] <= 0x39) p++;
    if (p === offset) throw this.fail('a value', p);
    return p;
  }

  /**
   * An id to `wordCount` words of `table`: hex digits of any case, or base64 as sent by encoders that follow
   * proto3 JSON instead of OTLP. Anything else, of any length, becomes zeros.
   */
  readId(table: Int32Array, word: number, wordCount: number): void {
    const sideEnd = this.batch.byteCount;
    this.readTextOrNull();
    table.fill(0, word, word + wordCount);
    if (this.textLength === wordCount * 8) this.#readHexId(table, word, wordCount);
    else if (this.textLength > 0 && this.textLength <= wordCount * 6) this.#readBase64Id(table, word, wordCount);
    this.batch.byteCount = sideEnd;
  }

  #readHexId(table: Int32Array, word: number, wordCount: number): void {
    const bytes = this.bytes;
    let p = this.textOffset;
    let invalid = 0;
    for (let i = word; i < word + wordCount; i++) {
      let value = 0;
      for (let shift = 0; shift < 32; shift += 8) {
        const byte = (HEX_DIGIT[bytes[p]] << 4) | HEX_DIGIT[bytes[p + 1]];
        invalid |= byte;
        value |= byte << shift;
        p += 2;
      }
      table[i] = value;
    }
    if (invalid < 0) table.fill(0, word, word + wordCount);
  }

  #readBase64Id(table: Int32Array, word: number, wordCount: number): void {
    const length = this.decodeBase64();
    if (length !== wordCount * 4) return;
    for (let i = 0; i < wordCount; i++) table[word + i] = this.view.getInt32(this.textOffset + i * 4, true);
  }

  /**
   * Decodes the last text read from base64 to the end of the side area; it becomes the text.
   * @returns the number of bytes, or −1 when it is not base64.
   */
  decodeBase64(): number {
    let length = this.textLength;
    while (length > 0 && this.bytes[this.textOffset + length - 1] === 0x3d && this.textLength - length < 2) length--;
    this.reserve(length);
    const bytes = this.bytes;
    // Text that was unescaped lies at the end of the side area and must not stay there: three bytes for four go over it.
    const isUnescaped = this.textOffset + this.textLength === this.batch.byteCount;
    const offset = isUnescaped ? this.textOffset : this.batch.byteCount;
    let out = offset;
    let bits = 0;
    for (let i = 0; i < length; i++) {
      const digit = BASE64_DIGIT[bytes[this.textOffset + i]];
      if (digit < 0) return -1;
      bits = (bits << 6) | digit;
      if ((i & 3) !== 0) bytes[out++] = bits >> (6 - 2 * (i & 3));
    }
    if ((length & 3) === 1) return -1;
    this.batch.byteCount = out;
    this.textOffset = offset;
    this.textLength = out - offset;
    return this.textLength;
  }

  /** Over any value. */
  skipValue(): void {
    const sideEnd = this.batch.byteCount;
    this.#skip(0);
    this.batch.byteCount = sideEnd;
  }

  #skip(depth: number): void {
    if (depth > this.limits.maxNestingDepth * JSON_LEVELS_PER_VALUE) throw nestedTooDeep(this.limits, this.position);
    const byte = this.peek();
    if (byte === QUOTE) {
      this.readText('a string');
    } else if (byte === OPEN_BRACE) {
      if (!this.enterObject("'{'")) return;
      do {
        this.readField();
        this.#skip(depth + 1);
      } while (this.hasNext(CLOSE_BRACE));
    } else if (byte === OPEN_BRACKET) {
      if (!this.enterArray("'['")) return;
      do {
        this.#skip(depth + 1);
      } while (this.hasNext(CLOSE_BRACKET));
    } else if (byte === 0x74 || byte === 0x66 || byte === 0x6e) {
      this.#literal(byte === 0x74 ? 'true' : byte === 0x66 ? 'false' : 'null');
    } else {
      this.#readNumberToken();
    }
  }

  /** Checks that nothing but white space follows. */
  finish(): void {
    this.peek();
    if (this.position < this.end) throw this.fail('the end of the body');
  }
}

function writeUtf8(bytes: Uint8Array, offset: number, codePoint: number): number {
  let out = offset;
  if (codePoint < 0x80) {
    bytes[out++] = codePoint;
  } else if (codePoint < 0x800) {
    bytes[out++] = 0xc0 | (codePoint >> 6);
    bytes[out++] = 0x80 | (codePoint & 63);
  } else if (codePoint < 0x10000) {
    bytes[out++] = 0xe0 | (codePoint >> 12);
    bytes[out++] = 0x80 | ((codePoint >> 6) & 63);
    bytes[out++] = 0x80 | (codePoint & 63);
  } else {
    bytes[out++] = 0xf0 | (codePoint >> 18);
    bytes[out++] = 0x80 | ((codePoint >> 12) & 63);
    bytes[out++] = 0x80 | ((codePoint >> 6) & 63);
    bytes[out++] = 0x80 | (codePoint & 63);
  }
  return out;
}

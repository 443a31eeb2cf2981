import { Column } from './column.ts';

/** 64-bit integers: `Int64`, `UInt64`, `DateTime64(n)` (ticks since 1970, signed). */
export class Int64Column extends Column {
  /** Two words a row, low first. */
  readonly words: Int32Array;
  readonly #signed: BigInt64Array;
  readonly #isUnsigned: boolean;

  constructor(type: string, rowCount: number, words: Int32Array, isUnsigned: boolean) {
    super(type, rowCount);
    this.words = words;
    this.#isUnsigned = isUnsigned;
    this.#signed = new BigInt64Array(words.buffer, words.byteOffset, rowCount);
  }

  /** Signed for Int64 and DateTime64, unsigned for UInt64. */
  bigint(row: number): bigint {
    const value = this.#signed[row];
    return this.#isUnsigned ? BigInt.asUintN(64, value) : value;
  }

  /** The 64 bits read as unsigned whatever the column's type: a start beyond 2262 comes back as sent. */
  unsignedBigint(row: number): bigint {
    return BigInt.asUintN(64, this.#signed[row]);
  }

  /** The value as a double: exact up to 2^53 in magnitude, rounded beyond. */
  number(row: number): number {
    const high = this.words[row * 2 + 1];
    return (this.#isUnsigned ? high >>> 0 : high) * 4294967296 + (this.words[row * 2] >>> 0);
  }

  /** Low 32 bits as int32. */
  low(row: number): number {
    return this.words[row * 2];
  }

  /** High 32 bits as int32. */
  high(row: number): number {
    return this.words[row * 2 + 1];
  }
}

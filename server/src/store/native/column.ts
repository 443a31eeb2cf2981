/** One column of a Native block, decoded into flat memory. The classes beside this file are its forms. */
export abstract class Column {
  /** The ClickHouse type as the block named it. */
  readonly type: string;
  readonly rowCount: number;

  constructor(type: string, rowCount: number) {
    this.type = type;
    this.rowCount = rowCount;
  }
}

/** A column of strings: `String` or `LowCardinality(String)`. */
export abstract class TextColumn extends Column {
  /** The value decoded from UTF-8; bytes that are not UTF-8 become U+FFFD. */
  abstract text(row: number): string;

  /** The value's bytes: a view, valid as long as the column is. */
  abstract bytesAt(row: number): Uint8Array;
}

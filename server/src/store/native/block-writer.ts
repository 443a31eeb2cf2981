import type { ColumnWriter } from './column-writer.ts';
import { type NativeBuffer, putVarint, varintLength } from './native-buffer.ts';

interface NamedColumn {
  /** Name and type as the block carries them: each a length-prefixed string. */
  readonly header: Uint8Array;
  readonly writer: ColumnWriter;
}

/** A block of one table under construction. Every column must have `rowCount` rows when it is written. */
export class BlockWriter {
  readonly table: string;
  readonly #columns: readonly NamedColumn[];

  constructor(table: string, columns: readonly (readonly [name: string, writer: ColumnWriter])[]) {
    this.table = table;
    this.#columns = columns.map(([name, writer]) => ({ header: headerBytes(name, writer.type), writer }));
  }

  /** Bytes of the data so far, headers aside. */
  get dataBytes(): number {
    let sum = 0;
    for (const column of this.#columns) sum += column.writer.byteLength;
    return sum;
  }

  /** Exact size of the block `write` makes. */
  byteLength(rowCount: number): number {
    let sum = varintLength(this.#columns.length) + varintLength(rowCount);
    for (const { header, writer } of this.#columns) sum += header.length + writer.prefixLength + writer.byteLength;
    return sum;
  }

  /** Writes the block at the target's position. `rowCount` > 0: an empty block has no column data at all. */
  write(target: NativeBuffer, rowCount: number): void {
    target.putVarint(this.#columns.length);
    target.putVarint(rowCount);
    for (const { header, writer } of this.#columns) {
      target.putBytes(header);
      writer.writePrefix(target);
      writer.write(target);
    }
  }

  clear(): void {
    for (const column of this.#columns) column.writer.clear();
  }

  release(): void {
    for (const column of this.#columns) column.writer.release();
  }
}

function headerBytes(name: string, type: string): Uint8Array {
  const encoder = new TextEncoder();
  const parts = [encoder.encode(name), encoder.encode(type)];
  const header = new Uint8Array(parts.reduce((sum, part) => sum + varintLength(part.length) + part.length, 0));
  let at = 0;
  for (const part of parts) {
    at = putVarint(header, at, part.length);
    header.set(part, at);
    at += part.length;
  }
  return header;
}

import type { NativeBuffer } from './native-buffer.ts';

/** A column of a block under construction. Memory is kept from block to block. */
export interface ColumnWriter {
  /** The ClickHouse type. */
  readonly type: string;
  /** Bytes of the serialization state that precedes the data of nested parts. */
  readonly prefixLength: number;
  /** Bytes of the data so far. */
  readonly byteLength: number;
  writePrefix(target: NativeBuffer): void;
  write(target: NativeBuffer): void;
  /** Forgets the rows. */
  clear(): void;
  /** Forgets the rows and gives back memory beyond the start size. */
  release(): void;
}

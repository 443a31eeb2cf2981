import type { Dictionary } from '@clew/model/dictionary';
import type { ColumnWriter } from './column-writer.ts';
import { LowCardinalityWriter } from './low-cardinality-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';
import { OffsetsWriter } from './offsets-writer.ts';

/** `Map(LowCardinality(String), V)`: offsets, the keys of all rows, the values of all rows. */
export class MapWriter<V extends ColumnWriter> implements ColumnWriter {
  readonly type: string;
  readonly prefixLength: number;
  readonly offsets = new OffsetsWriter();
  readonly keys: LowCardinalityWriter;
  readonly values: V;

  constructor(dictionary: Dictionary, values: V) {
    this.keys = new LowCardinalityWriter(dictionary);
    this.values = values;
    this.type = `Map(${this.keys.type}, ${values.type})`;
    this.prefixLength = this.keys.prefixLength + values.prefixLength;
  }

  get byteLength(): number {
    return this.offsets.byteLength + this.keys.byteLength + this.values.byteLength;
  }

  /** Ends a row: what was added to keys and values since the row before is its content. */
  endRow(): void {
    this.offsets.addEnd(this.keys.rowCount);
  }

  writePrefix(target: NativeBuffer): void {
    this.keys.writePrefix(target);
    this.values.writePrefix(target);
  }

  write(target: NativeBuffer): void {
    this.offsets.write(target);
    this.keys.write(target);
    this.values.write(target);
  }

  clear(): void {
    this.offsets.clear();
    this.keys.clear();
    this.values.clear();
  }

  release(): void {
    this.offsets.release();
    this.keys.release();
    this.values.release();
  }
}

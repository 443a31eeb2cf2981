import type { ColumnWriter } from './column-writer.ts';
import type { NativeBuffer } from './native-buffer.ts';
import type { OffsetsWriter } from './offsets-writer.ts';

/** `Array(T)`: offsets, possibly those of sibling columns too, and the elements of all rows. */
export class ArrayWriter<T extends ColumnWriter> implements ColumnWriter {
  readonly type: string;
  readonly prefixLength: number;
  readonly offsets: OffsetsWriter;
  readonly elements: T;

  constructor(offsets: OffsetsWriter, elements: T) {
    this.type = `Array(${elements.type})`;
    this.prefixLength = elements.prefixLength;
    this.offsets = offsets;
    this.elements = elements;
  }

  get byteLength(): number {
    return this.offsets.byteLength + this.elements.byteLength;
  }

  writePrefix(target: NativeBuffer): void {
    this.elements.writePrefix(target);
  }

  write(target: NativeBuffer): void {
    this.offsets.write(target);
    this.elements.write(target);
  }

  clear(): void {
    this.offsets.clear();
    this.elements.clear();
  }

  release(): void {
    this.offsets.release();
    this.elements.release();
  }
}

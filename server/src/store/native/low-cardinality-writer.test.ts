import { Dictionary } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { readNativeBuffer } from './block-reader.ts';
import { BlockWriter } from './block-writer.ts';
import { LowCardinalityColumn } from './low-cardinality-column.ts';
import { LowCardinalityWriter } from './low-cardinality-writer.ts';
import { NativeBuffer } from './native-buffer.ts';

function readBack(block: BlockWriter, rowCount: number): string[] {
  const target = new NativeBuffer(block.byteLength(rowCount));
  block.write(target, rowCount);
  expect(target.position).toBe(target.bytes.length);
  const [read] = readNativeBuffer(target.bytes);
  const column = read.column('c', LowCardinalityColumn);
  return Array.from({ length: rowCount }, (_, row) => column.text(row));
}

describe('LowCardinalityWriter', () => {
  it.each([10, 255, 256, 65_535, 65_536, 70_000])('reads back with %i distinct values', (distinct) => {
    const dictionary = new Dictionary();
    const writer = new LowCardinalityWriter(dictionary);
    const block = new BlockWriter('t', [['c', writer]]);
    const expected: string[] = [];
    for (let i = 0; i < distinct; i++) {
      writer.add(dictionary.internString(`v${i}`));
      expected.push(`v${i}`);
    }
    writer.addRun(dictionary.internString('v1'), 3);
    writer.padTo(distinct + 5);
    expected.push('v1', 'v1', 'v1', '', '');
    expect(readBack(block, distinct + 5)).toEqual(expected);
  });

  it('starts each block with a dictionary of its own', () => {
    const dictionary = new Dictionary();
    const writer = new LowCardinalityWriter(dictionary);
    const block = new BlockWriter('t', [['c', writer]]);
    writer.add(dictionary.internString('first'));
    expect(readBack(block, 1)).toEqual(['first']);
    block.clear();
    expect(writer.byteLength).toBe(0);
    writer.add(dictionary.internString('second'));
    writer.add(dictionary.internString('first'));
    expect(readBack(block, 2)).toEqual(['second', 'first']);
    block.release();
    writer.add(0);
    expect(readBack(block, 1)).toEqual(['']);
  });
});

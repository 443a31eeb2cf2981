import type { Column } from './column.ts';
import { NativeBlock } from './native-block.ts';
import { NativeByteSource, type Pull } from './native-byte-source.ts';
import { NativeFormatError } from './native-format-error.ts';
import { parseNativeType } from './native-type.ts';
import { readColumn } from './read-column.ts';

/** More columns than any statement of ours asks for: a larger number means the bytes are not a Native block. */
const MAX_COLUMNS = 10_000;
/** The engine's blocks hold 65,409 rows unless told otherwise; ours to insert up to some 100,000. */
const MAX_ROWS_PER_BLOCK = 1 << 26;

/**
 * Reads a stream in ClickHouse's Native format (client revision 0: no block info, no custom serialization), block
 * by block. Empty blocks are left out. Memory: one block, and the chunk at hand.
 * Throws NativeFormatError on a type it does not know, a cut stream or nonsense.
 */
export async function* readNativeBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NativeBlock> {
  const source = new NativeByteSource();
  let pull = readBlock(source);
  for await (const chunk of chunks) {
    source.push(chunk);
    for (;;) {
      const step = pull.next();
      if (step.done !== true) break;
      if (step.value.rowCount > 0) yield step.value;
      pull = readBlock(source);
    }
  }
  if (!source.isAtBlockStart) throw cut(source);
}

/** Reads every block of a whole answer. Throws like readNativeBlocks. */
export function readNativeBuffer(bytes: Uint8Array): NativeBlock[] {
  const source = new NativeByteSource();
  source.push(bytes);
  const blocks: NativeBlock[] = [];
  for (;;) {
    const step = readBlock(source).next();
    if (step.done !== true) break;
    if (step.value.rowCount > 0) blocks.push(step.value);
  }
  if (!source.isAtBlockStart) throw cut(source);
  return blocks;
}

function cut(source: NativeByteSource): NativeFormatError {
  return new NativeFormatError(`Native stream: ends inside a block (at byte ${source.totalBytes}). Read it again.`);
}

function* readBlock(source: NativeByteSource): Pull<NativeBlock> {
  source.beginBlock();
  while (source.available === 0) yield;
  const columnCount = yield* source.readVarint();
  const rowCount = yield* source.readVarint();
  if (columnCount > MAX_COLUMNS) {
    throw new NativeFormatError(`Native block: ${columnCount} columns (limit ${MAX_COLUMNS}). Is this Native format?`);
  }
  if (rowCount > MAX_ROWS_PER_BLOCK) {
    throw new NativeFormatError(`Native block: ${rowCount} rows (limit ${MAX_ROWS_PER_BLOCK}). Set max_block_size.`);
  }
  const columns = new Map<string, Column>();
  for (let i = 0; i < columnCount; i++) {
    const name = yield* source.readString();
    const type = parseNativeType(yield* source.readString());
    columns.set(name, yield* readColumn(source, type, rowCount));
  }
  source.endBlock();
  return new NativeBlock(rowCount, columns);
}

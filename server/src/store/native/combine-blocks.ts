/**
 * Many small Native blocks to few large ones, without decoding values. ClickHouse pays for every block and column
 * before the first row of it (measured with our 45 columns: blocks of 512 rows cost 9 CPU s per million rows to read,
 * one of 100,000 costs 2), while acknowledging quickly makes small blocks.
 *
 * Column by column: fixed-size values and strings are copied, offsets of arrays are raised, dictionaries of
 * LowCardinality columns are merged. Native format: https://clickhouse.com/docs/interfaces/formats/Native
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Dictionary } from '@clew/model/dictionary';
import { varintLength } from './native-buffer.ts';
import { NativeFormatError } from './native-format-error.ts';
import { type NativeType, parseNativeType } from './native-type.ts';
import { PIECE_BYTES, type PieceMemory } from './piece-memory.ts';

/** Rows of a combined block: past this the cost of a block is spread well enough, and its reader's memory grows. */
const MAX_ROWS = 131_072;
/** Bytes looked at before other work of the thread has its turn. */
const BYTES_A_TURN = 2 * 1024 * 1024;

export interface CombineOptions {
  /** Most rows of a combined block. */
  readonly maxRows?: number;
  readonly memory?: PieceMemory | undefined;
}

type StreamKind = 'bytes' | 'strings' | 'offsets' | 'low-cardinality';

/** A run of bytes in a column: a column of arrays has two or more. */
interface Stream {
  readonly kind: StreamKind;
  /** Bytes of a value, for kind `bytes`. */
  readonly width: number;
  /** The stream of offsets that says how many values there are; -1: the rows do. */
  readonly parent: number;
}

interface Column {
  /** Name, type and serialization state: all that stands before the first stream. */
  readonly header: Uint8Array;
  readonly firstStream: number;
  readonly endStream: number;
}

interface Layout {
  readonly columns: readonly Column[];
  readonly streams: readonly Stream[];
}

/**
 * The same rows in the same order in blocks of about `maxRows` rows, in pieces. Blocks of different columns are
 * not combined. Works a few milliseconds at a time.
 * @param blocks whole Native blocks, one or several in each
 * @param memory where pieces come from; who has them gives them back when they are no longer read. Default: new ones.
 * @throws NativeFormatError when a block is cut short or of a form that this does not know.
 */
export async function* combineNativeBlocks(
  blocks: readonly Uint8Array[],
  { maxRows = MAX_ROWS, memory }: CombineOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  if (blocks.length === 1) {
    yield blocks[0];
    return;
  }
  const run = spareRuns.pop() ?? new Run();
  run.out.memory = memory;
  try {
    let looked = 0;
    for (const chunk of blocks) {
      for (let rest = chunk; rest.length > 0; ) {
        let size = run.tryAdd(rest, maxRows);
        if (size === 0) {
          yield* combineRun(run);
          size = run.startWith(rest);
        }
        rest = rest.subarray(size);
      }
      looked += chunk.length;
      if (looked >= BYTES_A_TURN) {
        looked = 0;
        await nextTurn();
      }
    }
    yield* combineRun(run);
  } finally {
    run.clear();
    run.out.clear();
    run.out.memory = undefined;
    if (spareRuns.length < MAX_SPARE_RUNS) spareRuns.push(run);
  }
}

async function* combineRun(run: Run): AsyncGenerator<Uint8Array, void, undefined> {
  const { layout, out } = run;
  if (run.blocks.length === 0) return;
  if (run.blocks.length === 1) {
    yield run.blocks[0];
    return;
  }
  out.putVarint(layout.columns.length);
  out.putVarint(run.rowCount);
  let written = 0;
  for (const { header, firstStream, endStream } of layout.columns) {
    out.putBytes(header);
    for (let stream = firstStream; stream < endStream; stream++) {
      const { kind } = layout.streams[stream];
      if (kind === 'offsets') putOffsets(out, run, stream);
      else if (kind === 'low-cardinality') putLowCardinality(out, run, stream);
      else putAsTheyLie(out, run, stream);
    }
    written += out.waiting;
    yield* out.take();
    if (written >= BYTES_A_TURN) {
      written = 0;
      await nextTurn();
    }
  }
  yield* out.end();
}

function putAsTheyLie(out: Pieces, run: Run, stream: number): void {
  for (let i = 0; i < run.blocks.length; i++) {
    const extents = run.extents[i];
    out.putBytes(run.blocks[i].subarray(extents[stream * 3], extents[stream * 3 + 1]));
  }
}

function putOffsets(out: Pieces, run: Run, stream: number): void {
  let base = 0;
  for (let i = 0; i < run.blocks.length; i++) {
    const view = run.views[i];
    const extents = run.extents[i];
    const start = extents[stream * 3];
    const end = extents[stream * 3 + 1];
    const to = out.room(end - start);
    let at = out.position;
    let last = 0;
    for (let from = start; from < end; from += 8) {
      last = view.getUint32(from, true);
      to.setUint32(at, base + last, true);
      to.setUint32(at + 4, 0, true);
      at += 8;
    }
    out.position = at;
    base += last;
    if (base > 0xffff_ffff) throw new NativeFormatError(`Native block: ${base} values in one column (limit 2^32 - 1).`);
  }
}

// One combine step runs at a time to its end, so these are never in use twice.
const merged = new Dictionary();
let positions = new Int32Array(1024);
let rowPositions = new Uint32Array(1024);

function putLowCardinality(out: Pieces, run: Run, stream: number): void {
  merged.clear();
  let count = 0;
  for (let i = 0; i < run.blocks.length; i++) {
    const extents = run.extents[i];
    const valueCount = extents[stream * 3 + 2];
    if (count + valueCount > rowPositions.length) {
      const wider = new Uint32Array(Math.max(count + valueCount, rowPositions.length * 2));
      wider.set(rowPositions);
      rowPositions = wider;
    }
    if (valueCount > 0) readLowCardinality(run.views[i], extents[stream * 3], valueCount, count);
    count += valueCount;
  }
  if (count === 0) return;
  const { size, bytes, offsets, lengths } = merged;
  const indexType = size <= 0x100 ? 0 : size <= 0x10000 ? 1 : 2;
  out.putUInt64(LOW_CARDINALITY_FLAGS | indexType);
  out.putUInt64(size);
  for (let id = 0; id < size; id++) {
    out.putVarint(lengths[id]);
    out.putBytes(bytes.subarray(offsets[id], offsets[id] + lengths[id]));
  }
  out.putUInt64(count);
  const to = out.room(count << indexType);
  const at = out.position;
  if (indexType === 0) for (let i = 0; i < count; i++) to.setUint8(at + i, rowPositions[i]);
  else if (indexType === 1) for (let i = 0; i < count; i++) to.setUint16(at + i * 2, rowPositions[i], true);
  else for (let i = 0; i < count; i++) to.setUint32(at + i * 4, rowPositions[i], true);
  out.position = at + (count << indexType);
}

/** "Has additional keys" and "update the dictionary"; the low byte is the width of the indexes. */
const LOW_CARDINALITY_FLAGS = 0x600;

/** Puts the positions of a block's values, in the merged dictionary, into `rowPositions` from `first` on. */
function readLowCardinality(view: DataView, start: number, count: number, first: number): void {
  const indexType = view.getUint8(start);
  const keyCount = view.getUint32(start + 8, true);
  if (keyCount > positions.length) positions = new Int32Array(keyCount * 2);
  let at = start + 16;
  let previous = 0;
  for (let key = 0; key < keyCount; key++) {
    let length = view.getUint8(at++);
    if (length >= 0x80) {
      let shift = 7;
      length &= 0x7f;
      for (let byte = 0x80; byte >= 0x80; shift += 7) {
        byte = view.getUint8(at++);
        length |= (byte & 0x7f) << shift;
      }
    }
    previous = merged.internAfter(previous, view, at, length);
    positions[key] = previous;
    at += length;
  }
  at += 8;
  const rows = rowPositions;
  const map = positions;
  if (indexType === 0) for (let i = 0; i < count; i++) rows[first + i] = map[view.getUint8(at + i)];
  else if (indexType === 1) for (let i = 0; i < count; i++) rows[first + i] = map[view.getUint16(at + i * 2, true)];
  else for (let i = 0; i < count; i++) rows[first + i] = map[view.getUint32(at + i * 4, true)];
}

/** Columns and types of a block, which can not be told without walking over its data. */
function readLayout(bytes: Uint8Array): Layout {
  walk.start(bytes);
  const columnCount = walk.varint();
  const rowCount = walk.varint();
  const columns: Column[] = [];
  const streams: Stream[] = [];
  const counts: number[] = [];
  for (let i = 0; i < columnCount; i++) {
    const start = walk.position;
    walk.skip(walk.varint());
    const typeLength = walk.varint();
    const type = parseNativeType(TEXT.decode(bytes.subarray(walk.position, walk.position + typeLength)));
    walk.skip(typeLength);
    const firstStream = streams.length;
    walk.skip(addStreams(type, -1, streams));
    const header = bytes.slice(start, walk.position);
    for (let stream = firstStream; stream < streams.length; stream++) {
      const { parent } = streams[stream];
      counts[stream] = walk.stream(streams[stream], parent < 0 ? rowCount : counts[parent]);
    }
    columns.push({ header, firstStream, endStream: streams.length });
  }
  return { columns, streams };
}

const TEXT = new TextDecoder();

/** @returns bytes of serialization state of the type. */
function addStreams(type: NativeType, parent: number, streams: Stream[]): number {
  switch (type.form) {
    case 'number':
      streams.push({ kind: 'bytes', width: WIDTHS[type.array], parent });
      return 0;
    case 'int64':
      streams.push({ kind: 'bytes', width: 8, parent });
      return 0;
    case 'fixed-string':
      streams.push({ kind: 'bytes', width: type.width, parent });
      return 0;
    case 'string':
      streams.push({ kind: 'strings', width: 0, parent });
      return 0;
    case 'low-cardinality':
      if (type.isNullable) break;
      streams.push({ kind: 'low-cardinality', width: 0, parent });
      return 8;
    case 'array': {
      const offsets = streams.push({ kind: 'offsets', width: 8, parent }) - 1;
      return addStreams(type.of, offsets, streams);
    }
    case 'map': {
      const offsets = streams.push({ kind: 'offsets', width: 8, parent }) - 1;
      return addStreams(type.key, offsets, streams) + addStreams(type.value, offsets, streams);
    }
    default:
  }
  throw new NativeFormatError(`Native block: type ${type.text} can not be combined.`);
}

const WIDTHS = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, f32: 4, f64: 8 } as const;

/** Blocks to be combined, all of one layout. */
class Run {
  layout: Layout = NO_LAYOUT;
  readonly blocks: Uint8Array[] = [];
  readonly views: DataView[] = [];
  /** Where the streams of each block lie: start, end and count of values of each; of offsets, how many they lead to. */
  readonly extents: Int32Array[] = [];
  rowCount = 0;
  readonly out = new Pieces();

  /** @returns bytes of the block that `bytes` begins with, when it is one of the run now; 0 when its columns differ or its rows are too many. */
  tryAdd(bytes: Uint8Array, maxRows: number): number {
    const { columns, streams } = this.layout;
    walk.start(bytes);
    if (walk.varint() !== columns.length) return 0;
    const rowCount = walk.varint();
    if (this.rowCount + rowCount > maxRows) return 0;
    const extents = new Int32Array(streams.length * 3);
    for (let column = 0; column < columns.length; column++) {
      const { header, firstStream, endStream } = columns[column];
      if (!startsWith(bytes, walk.position, header)) return 0;
      walk.skip(header.length);
      for (let stream = firstStream; stream < endStream; stream++) {
        const { parent } = streams[stream];
        const valueCount = parent < 0 ? rowCount : extents[parent * 3 + 2];
        extents[stream * 3] = walk.position;
        const counted = walk.stream(streams[stream], valueCount);
        extents[stream * 3 + 1] = walk.position;
        extents[stream * 3 + 2] = counted;
      }
    }
    this.blocks.push(bytes.subarray(0, walk.position));
    this.views.push(walk.view);
    this.extents.push(extents);
    this.rowCount += rowCount;
    return walk.position;
  }

  /** Another run, of the block that `bytes` begins with. @returns its bytes. */
  startWith(bytes: Uint8Array): number {
    this.clear();
    for (const known of knownLayouts) {
      this.layout = known;
      const size = this.tryAdd(bytes, Number.POSITIVE_INFINITY);
      if (size > 0) return size;
    }
    this.layout = readLayout(bytes);
    const size = this.tryAdd(bytes, Number.POSITIVE_INFINITY);
    if (size === 0) throw new NativeFormatError('Native block: its columns differ from themselves.');
    if (knownLayouts.unshift(this.layout) > MAX_KNOWN_LAYOUTS) knownLayouts.pop();
    return size;
  }

  clear(): void {
    this.blocks.length = 0;
    this.views.length = 0;
    this.extents.length = 0;
    this.rowCount = 0;
  }
}

function startsWith(bytes: Uint8Array, position: number, header: Uint8Array): boolean {
  if (position + header.length > bytes.length) return false;
  for (let i = 0; i < header.length; i++) if (bytes[position + i] !== header[i]) return false;
  return true;
}

class Walk {
  view = EMPTY_VIEW;
  #bytes: Uint8Array = EMPTY_BYTES;
  position = 0;

  start(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.view = viewOf(bytes);
    this.position = 0;
  }

  skip(count: number): void {
    this.position += count;
    if (this.position > this.#bytes.length) {
      throw new NativeFormatError(`Native block: ends after ${this.#bytes.length} bytes, before its data does.`);
    }
  }

  varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.position >= bytes.length) this.skip(1);
      const byte = bytes[this.position++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw new NativeFormatError(`Native block: a number of more than 32 bits at byte ${this.position}.`);
  }

  /** Steps over the values of a stream. Returns their count; of offsets the count of values they lead to. */
  stream({ kind, width }: Stream, count: number): number {
    switch (kind) {
      case 'bytes':
        this.skip(count * width);
        return count;
      case 'strings':
        this.#strings(count);
        return count;
      case 'offsets': {
        this.skip(count * 8);
        if (count === 0) return 0;
        if (this.view.getUint32(this.position - 4, true) !== 0) {
          throw new NativeFormatError('Native block: more than 2^32 - 1 values in one column.');
        }
        return this.view.getUint32(this.position - 8, true);
      }
      case 'low-cardinality':
        if (count > 0) this.#lowCardinality(count);
        return count;
    }
  }

  #strings(count: number): void {
    const bytes = this.#bytes;
    let at = this.position;
    for (let i = 0; i < count; i++) {
      const length = bytes[at];
      if (length < 0x80) at += length + 1;
      else {
        this.position = at;
        this.skip(this.varint());
        at = this.position;
      }
    }
    this.position = at;
    this.skip(0);
  }

  #lowCardinality(count: number): void {
    const start = this.position;
    this.skip(16);
    const flags = this.view.getUint32(start, true);
    const indexType = flags & 0xff;
    if ((flags & ~0xff) !== LOW_CARDINALITY_FLAGS || indexType > 2) {
      throw new NativeFormatError(`Native block: a dictionary of the form ${flags} (known: 0x600 to 0x602).`);
    }
    this.#strings(this.view.getUint32(start + 8, true));
    this.skip(8);
    const rows = this.view.getUint32(this.position - 8, true);
    if (rows !== count) throw new NativeFormatError(`Native block: a column of ${rows} values among ${count} rows.`);
    this.skip(count << indexType);
  }
}

/** Bytes on their way out, in pieces of a good size. */
class Pieces {
  memory: PieceMemory | undefined;
  position = 0;
  #bytes: Buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #view = viewOf(this.#bytes);
  #full: Uint8Array[] = [];
  /** Bytes in pieces not yet taken. */
  waiting = 0;

  /** A view with at least `count` bytes left after `position`. */
  room(count: number): DataView {
    if (this.position + count > this.#bytes.length) this.#turn(count);
    return this.#view;
  }

  putBytes(source: Uint8Array): void {
    if (source.length > PIECE_BYTES) {
      this.#turn(0);
      this.#push(source);
      return;
    }
    this.room(source.length);
    this.#bytes.set(source, this.position);
    this.position += source.length;
  }

  putVarint(value: number): void {
    const view = this.room(varintLength(value));
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) view.setUint8(this.position++, (rest & 0x7f) | 0x80);
    view.setUint8(this.position++, rest);
  }

  /** A UInt64 below 2^32. */
  putUInt64(value: number): void {
    const view = this.room(8);
    view.setUint32(this.position, value, true);
    view.setUint32(this.position + 4, 0, true);
    this.position += 8;
  }

  /** The pieces that are full. */
  take(): Uint8Array[] {
    const full = this.#full;
    this.#full = [];
    this.waiting = 0;
    return full;
  }

  /** Everything. */
  end(): Uint8Array[] {
    this.#turn(0);
    return this.take();
  }

  /** Forgets what was not taken. */
  clear(): void {
    if (this.#bytes.length > PIECE_BYTES) this.#turn(0);
    this.position = 0;
    this.take();
  }

  #turn(count: number): void {
    if (this.position > 0) this.#push(this.#bytes.subarray(0, this.position));
    this.#bytes =
      count <= PIECE_BYTES && this.memory !== undefined
        ? this.memory.take()
        : Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, count));
    this.#view = viewOf(this.#bytes);
    this.position = 0;
  }

  #push(piece: Uint8Array): void {
    this.#full.push(piece);
    this.waiting += piece.length;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_VIEW = viewOf(EMPTY_BYTES);
const NO_LAYOUT: Layout = { columns: [], streams: [] };

/*
 * What follows stays alive between inserts, and not only to spare its making: when a collection finds no object of a
 * shape, V8 forgets the shape and throws away all code that it has optimized for it (docs/internals/write-path.md).
 */
const walk = new Walk();
const MAX_SPARE_RUNS = 4;
const spareRuns = [new Run()];
/** One a table, the newest first. */
const MAX_KNOWN_LAYOUTS = 16;
const knownLayouts: Layout[] = [];

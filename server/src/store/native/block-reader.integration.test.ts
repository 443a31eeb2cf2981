import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EmbeddedSession } from '../encode/round-trip/embedded-session.ts';
import { plainRows } from '../encode/round-trip/plain-rows.ts';
import { ArrayColumn } from './array-column.ts';
import { readNativeBlocks, readNativeBuffer } from './block-reader.ts';
import { TextColumn } from './column.ts';
import { FixedStringColumn } from './fixed-string-column.ts';
import { Int64Column } from './int64-column.ts';
import { LowCardinalityColumn } from './low-cardinality-column.ts';
import { MapColumn } from './map-column.ts';
import { NativeBlock } from './native-block.ts';
import { NativeFormatError } from './native-format-error.ts';
import { NullableColumn } from './nullable-column.ts';
import { NumberColumn } from './number-column.ts';
import { TupleColumn } from './tuple-column.ts';

let engine: EmbeddedSession;

beforeAll(() => {
  engine = new EmbeddedSession();
});

afterAll(() => engine.close());

/** Every type the read side uses, over 300 rows; the values of row n are made from n. */
const ALL_TYPES = `
  SELECT
    toUInt8(number) AS u8, toInt8(-number % 100) AS i8, toUInt16(number * 200) AS u16, toInt16(-number) AS i16,
    toUInt32(number * 10000000) AS u32, toInt32(-number * 1000000) AS i32, toFloat32(number / 4) AS f32,
    number / 8 AS f64, number % 2 = 0 AS flag, toDate(number) AS date, toDateTime(number * 1000, 'UTC') AS time,
    toInt64(number) * -5000000000 AS i64, bitNot(number) AS u64,
    fromUnixTimestamp64Nano(1760000000000000000 + toInt64(number)) AS nanos,
    toFixedString(reinterpretAsFixedString(toUInt64(number + 1)), 8) AS id,
    repeat('x', number) AS text, toLowCardinality(toString(number % 7)) AS low,
    toLowCardinality(if(number % 3 = 0, NULL, toString(number % 5))) AS low_or_null,
    if(number % 4 = 0, NULL, number) AS maybe,
    range(number % 4) AS list, arrayMap(n -> range(n), range(number % 3)) AS lists,
    CAST(arrayMap(n -> toString(n), range(number % 3)), 'Array(LowCardinality(String))') AS low_list,
    CAST(map('a', toString(number), 'b', ''), 'Map(LowCardinality(String), String)') AS pairs,
    CAST((number % 3 = 1 ? [map('k', 's1')] : []), 'Array(Map(LowCardinality(String), String))') AS maps,
    CAST('one', 'Enum8(\\'one\\' = 1, \\'minus, (two\\' = -2)') AS word,
    tuple(number, toString(number)) AS both
  FROM numbers(300) ORDER BY number`;

function checkAllTypes(block: NativeBlock, first: number): void {
  for (let row = 0; row < block.rowCount; row++) {
    const n = first + row;
    const number = (name: string): number => block.column(name, NumberColumn).number(row);
    expect(number('u8')).toBe(n & 255);
    expect(number('i8')).toBe(-(n % 100) + 0);
    expect([number('u16'), number('i16'), number('u32')]).toEqual([n * 200, -n + 0, n * 10_000_000]);
    expect([number('i32'), number('f32'), number('f64')]).toEqual([-n * 1_000_000 + 0, n / 4, n / 8]);
    expect(block.column('flag', NumberColumn).boolean(row)).toBe(n % 2 === 0);
    expect([number('date'), number('time'), number('word')]).toEqual([n, n * 1000, 1]);
    expect(block.column('i64', Int64Column).bigint(row)).toBe(BigInt(n) * -5_000_000_000n);
    expect(block.column('i64', Int64Column).number(row)).toBe(n * -5_000_000_000 + 0);
    expect(block.column('u64', Int64Column).bigint(row)).toBe(18446744073709551615n - BigInt(n));
    expect(block.column('nanos', Int64Column).bigint(row)).toBe(1760000000000000000n + BigInt(n));
    const id = block.column('id', FixedStringColumn);
    expect([id.word(row, 0), id.word(row, 1), id.isZero(row)]).toEqual([n + 1, 0, false]);
    expect(block.column('text', TextColumn).text(row)).toBe('x'.repeat(n));
    expect(block.column('low', TextColumn).text(row)).toBe(String(n % 7));
    const lowOrNull = block.column('low_or_null', LowCardinalityColumn);
    expect(lowOrNull.isNull(row) ? null : lowOrNull.text(row)).toBe(n % 3 === 0 ? null : String(n % 5));
    const maybe = block.column('maybe', NullableColumn);
    expect(maybe.isNull(row) ? null : maybe.valuesAs(Int64Column).number(row)).toBe(n % 4 === 0 ? null : n);
    checkNested(block, row, n);
  }
}

function checkNested(block: NativeBlock, row: number, n: number): void {
  const list = block.column('list', ArrayColumn);
  expect(list.to(row) - list.from(row)).toBe(n % 4);
  for (let i = 0; i < n % 4; i++) expect(list.elementsAs(NumberColumn).number(list.from(row) + i)).toBe(i);
  const lists = block.column('lists', ArrayColumn);
  const inner = lists.elementsAs(ArrayColumn);
  for (let i = 0; i < n % 3; i++) {
    const at = lists.from(row) + i;
    expect(inner.to(at) - inner.from(at)).toBe(i);
  }
  const lowList = block.column('low_list', ArrayColumn);
  for (let i = 0; i < n % 3; i++) {
    expect(lowList.elementsAs(LowCardinalityColumn).text(lowList.from(row) + i)).toBe(String(i));
  }
  const pairs = block.column('pairs', MapColumn);
  const entries: string[][] = [];
  for (let i = pairs.from(row); i < pairs.to(row); i++) {
    entries.push([pairs.keysAs(TextColumn).text(i), pairs.valuesAs(TextColumn).text(i)]);
  }
  expect(entries).toEqual([
    ['a', String(n)],
    ['b', ''],
  ]);
  const maps = block.column('maps', ArrayColumn);
  expect(maps.to(row) - maps.from(row)).toBe(n % 3 === 1 ? 1 : 0);
  expect(block.column('both', TupleColumn).elementAs(1, TextColumn).text(row)).toBe(String(n));
}

async function* inChunks(bytes: Uint8Array, size: () => number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + size());
    yield bytes.subarray(at, end);
    at = end;
  }
}

async function collect(blocks: AsyncIterable<NativeBlock>): Promise<NativeBlock[]> {
  const all: NativeBlock[] = [];
  for await (const block of blocks) all.push(block);
  return all;
}

describe('blocks of the real engine', () => {
  it('are read with every type', async () => {
    const [block] = readNativeBuffer(await engine.selectBytes(ALL_TYPES));
    expect(block.rowCount).toBe(300);
    checkAllTypes(block, 0);
  });

  it('are read the same however the stream is cut', async () => {
    const bytes = await engine.selectBytes(`${ALL_TYPES} SETTINGS max_block_size = 37`);
    const whole = plainRows(readNativeBuffer(bytes).map(withoutUnplain));
    const random = new Random(11);
    for (const size of [() => 1, () => 7, () => random.between(1, 4000), () => bytes.length]) {
      const blocks = await collect(readNativeBlocks(inChunks(bytes, size)));
      let first = 0;
      for (const block of blocks) {
        checkAllTypes(block, first);
        first += block.rowCount;
      }
      expect(first).toBe(300);
      expect(plainRows(blocks.map(withoutUnplain))).toEqual(whole);
    }
  });

  it('are none for an answer without rows', async () => {
    expect(readNativeBuffer(await engine.selectBytes(`SELECT * FROM (${ALL_TYPES}) WHERE u8 > 1000`))).toEqual([]);
    expect(await collect(readNativeBlocks(inChunks(new Uint8Array(0), () => 1)))).toEqual([]);
  });

  it('cut anywhere are an error, not rows', async () => {
    const bytes = await engine.selectBytes('SELECT number, toString(number) AS s FROM numbers(20)');
    for (let end = 1; end < bytes.length; end++) {
      expect(() => readNativeBuffer(bytes.subarray(0, end)), `cut at ${end}`).toThrow(NativeFormatError);
    }
  });

  it('with random bytes changed give an error or rows, quickly, never a crash', async () => {
    const bytes = await engine.selectBytes(ALL_TYPES);
    const seed = 5;
    const random = new Random(seed);
    for (let i = 0; i < 300; i++) {
      const changed = bytes.slice();
      for (let k = random.between(1, 4); k > 0; k--) changed[random.below(changed.length)] = random.below(256);
      try {
        readNativeBuffer(changed);
      } catch (error) {
        expect(error, `seed ${seed}, case ${i}`).toBeInstanceOf(NativeFormatError);
      }
    }
  });

  it('tell what a column is when asked for another type', async () => {
    const [block] = readNativeBuffer(await engine.selectBytes('SELECT 1 AS one'));
    expect(() => block.column('one', TextColumn)).toThrow('column one: type UInt8 is not a TextColumn');
    expect(() => block.column('two', TextColumn)).toThrow('column two: not in the block (has one)');
  });
});

/** The columns that have a plain form. */
function withoutUnplain(block: NativeBlock): NativeBlock {
  const columns = new Map(
    [...block.columns].filter(([, column]) => !(column instanceof NullableColumn || column instanceof TupleColumn)),
  );
  return new NativeBlock(block.rowCount, columns);
}

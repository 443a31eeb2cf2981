import { Dictionary, SpanBatch } from '@clew/model';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { Random } from '@clew/testkit/random';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { describe, expect, it } from 'vitest';
import { plainRows } from '../encode/round-trip/plain-rows.ts';
import { SpanBlockEncoder } from '../encode/span-block-encoder.ts';
import { readNativeBuffer } from './block-reader.ts';
import { BlockWriter } from './block-writer.ts';
import { combineNativeBlocks } from './combine-blocks.ts';
import { LowCardinalityWriter } from './low-cardinality-writer.ts';
import { NativeBuffer } from './native-buffer.ts';
import { StringWriter } from './string-writer.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? 20261121);

async function combined(blocks: readonly Uint8Array[], maxRows?: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of combineNativeBlocks(blocks, maxRows === undefined ? {} : { maxRows })) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Blocks of every table, as several workers with dictionaries of their own make them. */
function randomBlocks(random: Random): Map<string, Uint8Array[]> {
  const tables = new Map<string, Uint8Array[]>();
  const workers = Array.from({ length: 3 }, () => {
    const dictionary = new Dictionary();
    return { dictionary, encoder: new SpanBlockEncoder({ dictionary }) };
  });
  for (let i = 0; i < 12; i++) {
    const { dictionary, encoder } = workers[random.below(workers.length)];
    const requests = random.between(1, 4);
    for (let r = 0; r < requests; r++) {
      const batch = new SpanBatch(dictionary);
      const data = generateTraceData({ seed: random.between(1, 1e9) });
      decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
      encoder.add(batch, random.chance(0.5) ? 'a' : 'b', Date.UTC(2026, 10, 21));
    }
    for (const { table, bytes } of encoder.finish().blocks) {
      const blocks = tables.get(table);
      if (blocks === undefined) tables.set(table, [bytes]);
      else blocks.push(bytes);
    }
  }
  return tables;
}

function textBlock(columns: Readonly<Record<string, readonly string[]>>): Uint8Array {
  const dictionary = new Dictionary();
  let rowCount = 0;
  const writers = Object.entries(columns).map(([name, texts]) => {
    rowCount = texts.length;
    const writer = name.startsWith('lc') ? new LowCardinalityWriter(dictionary) : new StringWriter();
    for (const text of texts) {
      const encoded = Buffer.from(`${text}12345678`);
      const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
      if (writer instanceof StringWriter) writer.add(encoded, view, 0, encoded.length - 8);
      else writer.add(dictionary.internString(text));
    }
    return [name, writer] as const;
  });
  const block = new BlockWriter('t', writers);
  const target = new NativeBuffer(block.byteLength(rowCount));
  block.write(target, rowCount);
  return target.bytes;
}

describe(`combineNativeBlocks (seed ${SEED})`, () => {
  it('gives the same rows in the same order, of every table and random spans, in one block', async () => {
    const random = new Random(SEED);
    for (let round = 0; round < 3; round++) {
      for (const [table, blocks] of randomBlocks(random)) {
        const expected = blocks.flatMap((block) => plainRows(readNativeBuffer(block)));
        const result = readNativeBuffer(await combined(blocks));
        expect({ table, blocks: result.length }).toEqual({ table, blocks: 1 });
        expect(plainRows(result)).toEqual(expected);
      }
    }
  });

  it('starts another block before one would have more rows than allowed', async () => {
    const blocks = Array.from({ length: 10 }, (_, i) => textBlock({ s: [`${i}`, 'x', 'y'] }));
    const result = readNativeBuffer(await combined(blocks, 7));
    expect(result.map(({ rowCount }) => rowCount)).toEqual([6, 6, 6, 6, 6]);
    expect(plainRows(result)).toEqual(blocks.flatMap((block) => plainRows(readNativeBuffer(block))));
  });

  it('keeps blocks of other columns apart, in their order', async () => {
    const blocks = [
      textBlock({ s: ['1', '2'] }),
      textBlock({ s: ['3'] }),
      textBlock({ s: ['4'], lc: ['a'] }),
      textBlock({ s: ['5'], lc: ['b'] }),
      textBlock({ lc: ['c'] }),
      textBlock({ s: ['6'] }),
    ];
    const result = readNativeBuffer(await combined(blocks));
    expect(result.map(({ rowCount }) => rowCount)).toEqual([3, 2, 1, 1]);
    expect(plainRows(result)).toEqual(blocks.flatMap((block) => plainRows(readNativeBuffer(block))));
  });

  it.each([
    ['8', 200],
    ['16', 40_000],
    ['32', 70_000],
  ])('widens the merged dictionary to indexes of %s bits', async (_, perBlock) => {
    const texts = (from: number) => Array.from({ length: perBlock }, (_, i) => `value ${from + i}`);
    const blocks = [textBlock({ lc: texts(0) }), textBlock({ lc: texts(perBlock / 2) })];
    const rows = plainRows(readNativeBuffer(await combined(blocks, 1e6)));
    expect(rows).toEqual([...texts(0), ...texts(perBlock / 2)].map((lc) => ({ lc })));
  });

  it('takes texts longer than a piece and texts with long length prefixes', async () => {
    const long = ['x'.repeat(300_000), 'y'.repeat(127), 'z'.repeat(128), 'w'.repeat(20_000)];
    const blocks = [textBlock({ s: long, lc: long }), textBlock({ s: ['', 'a', 'b', 'c'], lc: ['', '', 'q', 'q'] })];
    const result = readNativeBuffer(await combined(blocks));
    expect(plainRows(result)).toEqual(blocks.flatMap((block) => plainRows(readNativeBuffer(block))));
  });

  it('keeps combinations apart that run at the same time, and those that come after one given up half-way', async () => {
    const random = new Random(SEED + 1);
    const sets = [...randomBlocks(random).values(), ...randomBlocks(random).values()];
    for await (const _ of combineNativeBlocks(sets[0])) break;
    const results = sets.map((): Uint8Array[] => []);
    const running = sets.map((blocks) => combineNativeBlocks(blocks));
    for (let open = running.length; open > 0; ) {
      open = 0;
      for (const [i, pieces] of running.entries()) {
        const next = await pieces.next();
        if (next.done === true) continue;
        results[i].push(next.value);
        open++;
      }
    }
    for (const [i, blocks] of sets.entries()) {
      const expected = blocks.flatMap((block) => plainRows(readNativeBuffer(block)));
      expect(plainRows(readNativeBuffer(Buffer.concat(results[i])))).toEqual(expected);
    }
  });

  it('takes several blocks in one piece of bytes', async () => {
    const [one, two] = [textBlock({ s: ['1', '2'] }), textBlock({ s: ['3'] })];
    const result = readNativeBuffer(await combined([Buffer.concat([one, two]), one]));
    expect(plainRows(result)).toEqual(['1', '2', '3', '1', '2'].map((s) => ({ s })));
    expect(result.length).toBe(1);
  });

  it('hands a single block on as it is', async () => {
    const block = textBlock({ s: ['a'] });
    expect(await combined([block])).toEqual(Buffer.from(block));
    expect(await combined([])).toEqual(Buffer.alloc(0));
  });

  it('refuses a block that is cut short, wherever, and one with something behind it', async () => {
    const good = textBlock({ s: ['abc', 'd'.repeat(200)], lc: ['x', 'y'] });
    for (let length = 1; length < good.length; length++) {
      await expect(combined([good, good.slice(0, length)])).rejects.toMatchObject({ code: 'native-format' });
    }
    const longer = Buffer.concat([good, Buffer.from([2])]);
    await expect(combined([good, longer])).rejects.toMatchObject({ code: 'native-format' });
  });
});

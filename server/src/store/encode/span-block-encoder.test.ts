import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { describe, expect, it } from 'vitest';
import { readNativeBuffer } from '../native/block-reader.ts';
import { expectedSpans } from './round-trip/expected-rows.ts';
import { type PlainRow, type PlainValue, plainRows } from './round-trip/plain-rows.ts';
import { type EncodedEntry, SpanBlockEncoder } from './span-block-encoder.ts';

const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9);
const ONE_DAY_MS = 86_400_000;
const SEED = 3;
const CATALOGUE = ['resources', 'scopes', 'operations', 'attribute_keys'];

function decode(data: TraceData, dictionary: Dictionary): SpanBatch {
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  return batch;
}

/** One resource and scope with a value of every type. */
const PINNED: TraceData = {
  resourceSpans: [
    {
      resource: {
        attributes: [
          { key: 'service.name', value: { type: 'string', value: 'checkout' } },
          { key: 'process.pid', value: { type: 'int', value: -(2n ** 40n) } },
          { key: 'ratio', value: { type: 'double', value: 0.25 } },
          { key: 'ready', value: { type: 'bool', value: true } },
          { key: 'nothing', value: { type: 'empty' } },
          { key: 'arguments', value: { type: 'array', value: [{ type: 'string', value: '-v' }] } },
          { key: 'digest', value: { type: 'bytes', value: Uint8Array.of(1, 2, 3) } },
        ],
        droppedAttributesCount: 2,
      },
      schemaUrl: 'https://opentelemetry.io/schemas/1.27.0',
      scopeSpans: [
        {
          scope: {
            name: 'library',
            version: '1.2.3',
            attributes: [{ key: 'short', value: { type: 'string', value: 'x' } }],
            droppedAttributesCount: 0,
          },
          spans: [],
          schemaUrl: '',
        },
      ],
    },
  ],
};
/** Of PINNED. Changing them on a running system stores every resource and scope a second time: only on purpose. */
const PINNED_IDS = [10228719032670302625n, 15876003029616311089n];

function rows(entry: EncodedEntry, table: string): PlainRow[] {
  return entry.blocks
    .filter((block) => block.table === table)
    .flatMap(({ bytes }) => plainRows(readNativeBuffer(bytes)));
}

function tables(entry: EncodedEntry): string[] {
  return entry.blocks.map(({ table }) => table);
}

describe('SpanBlockEncoder', () => {
  it('gives one block a table, catalogues first, all in one buffer of their own', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    encoder.add(decode(generateRealisticTraces({ seed: SEED, traces: 20 }), dictionary), 't', RECEIVED_UNIX_MS);
    const estimate = encoder.byteCount;
    const entry = encoder.finish();
    expect(tables(entry)).toEqual([...CATALOGUE, 'spans']);
    const total = entry.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(entry.blocks[0].bytes.buffer.byteLength).toBe(total);
    expect(Math.abs(total - estimate) / total).toBeLessThan(0.2);
    expect(encoder.spanCount).toBe(0);
  });

  it('writes every span as its reader reads it', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    for (let seed = 100; seed < 130; seed++) {
      const data = generateTraceData({ seed, duplicateKeys: true });
      encoder.add(decode(data, dictionary), 't', RECEIVED_UNIX_MS);
      const spans = rows(encoder.finish(), 'spans').map(({ resource_id, scope_id, ...row }) => row);
      expect(spans, `seed ${seed}`).toEqual(expectedSpans(data, 't', RECEIVED_UNIX_MS).map(({ row }) => row));
    }
  });

  it('emits catalogue rows until an entry that carried them is confirmed', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const batch = decode(generateRealisticTraces({ seed: SEED, traces: 20 }), dictionary);
    const next = (): EncodedEntry => {
      encoder.add(batch, 't', RECEIVED_UNIX_MS);
      return encoder.finish();
    };
    const first = next();
    const second = next();
    expect(second.blocks).toEqual(first.blocks);
    encoder.forget(second.token);
    encoder.confirm(first.token);
    expect(tables(next())).toEqual(['spans']);
  });

  it('emits catalogue rows anew for another tenant and another day', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const batch = decode(generateRealisticTraces({ seed: SEED, traces: 20 }), dictionary);
    const next = (tenant: string, receivedUnixMs: number): EncodedEntry => {
      encoder.add(batch, tenant, receivedUnixMs);
      const entry = encoder.finish();
      encoder.confirm(entry.token);
      return entry;
    };
    next('one', RECEIVED_UNIX_MS);
    expect(tables(next('two', RECEIVED_UNIX_MS))).toEqual([...CATALOGUE, 'spans']);
    expect(tables(next('one', RECEIVED_UNIX_MS))).toEqual(['spans']);
    const weekLater = next('one', RECEIVED_UNIX_MS + 7 * ONE_DAY_MS);
    expect(tables(weekLater)).toEqual([...CATALOGUE, 'spans']);
    expect(new Set(rows(weekLater, 'spans').map(({ day }) => day))).toEqual(
      new Set([(RECEIVED_UNIX_MS + 7 * ONE_DAY_MS - (RECEIVED_UNIX_MS % ONE_DAY_MS)) / ONE_DAY_MS]),
    );
  });

  it('gives a resource the same id in every process, and another id for any change', () => {
    const data = generateRealisticTraces({ seed: SEED, traces: 20 });
    const idsOf = (traces: TraceData, warmUp: string): PlainValue[] => {
      const dictionary = new Dictionary();
      // Other ids in the dictionary must make no difference.
      dictionary.internString(warmUp);
      const encoder = new SpanBlockEncoder({ dictionary });
      encoder.add(decode(traces, dictionary), 't', RECEIVED_UNIX_MS);
      const entry = encoder.finish();
      return [...rows(entry, 'resources'), ...rows(entry, 'scopes')].map(({ id }) => id);
    };
    const ids = idsOf(data, 'a');
    expect(ids.length).toBeGreaterThan(4);
    expect(new Set(ids).size).toBe(ids.length);
    expect(idsOf(data, 'b')).toEqual(ids);
    expect(idsOf(PINNED, '')).toEqual(PINNED_IDS);
    const changed: TraceData = {
      resourceSpans: data.resourceSpans.map((entry) => ({ ...entry, schemaUrl: `${entry.schemaUrl}x` })),
    };
    expect(idsOf(changed, 'a')[0]).not.toBe(ids[0]);
  });

  it('starts over after a reset', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const data = generateRealisticTraces({ seed: SEED, traces: 20 });
    encoder.add(decode(data, dictionary), 't', RECEIVED_UNIX_MS);
    expect(() => encoder.reset()).toThrow(/Finish it first/);
    const before = encoder.finish();
    encoder.confirm(before.token);
    dictionary.internString('something else first');
    encoder.reset();
    encoder.add(decode(data, dictionary), 't', RECEIVED_UNIX_MS);
    const after = encoder.finish();
    expect(after.blocks.map(({ table, rowCount }) => [table, rowCount])).toEqual(
      before.blocks.map(({ table, rowCount }) => [table, rowCount]),
    );
    expect(rows(after, 'spans')).toEqual(rows(before, 'spans'));
  });

  it('goes on after a block was discarded', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const batch = decode(generateRealisticTraces({ seed: SEED, traces: 20 }), dictionary);
    encoder.add(batch, 't', RECEIVED_UNIX_MS);
    encoder.discard();
    expect(encoder.spanCount).toBe(0);
    encoder.add(batch, 't', RECEIVED_UNIX_MS);
    const entry = encoder.finish();
    expect(entry.spanCount).toBe(batch.spanCount);
    expect(tables(entry)).toEqual([...CATALOGUE, 'spans']);
  });

  it('asks for a reset when names do not repeat', () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    expect(encoder.needsReset).toBe(false);
    for (let i = 0; i <= 200_000; i++) dictionary.internString(`name ${i}`);
    expect(encoder.needsReset).toBe(true);
    encoder.reset();
    expect(encoder.needsReset).toBe(false);
  });

  it('refuses a batch of another dictionary', () => {
    const encoder = new SpanBlockEncoder({ dictionary: new Dictionary() });
    expect(() => encoder.add(new SpanBatch(), 't', RECEIVED_UNIX_MS)).toThrow(/another dictionary/);
  });
});

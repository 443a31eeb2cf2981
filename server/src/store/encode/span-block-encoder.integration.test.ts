import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { generateTraceData } from '@clew/testkit/generate-trace-data';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../schema/migrate.ts';
import { EmbeddedSession } from './round-trip/embedded-session.ts';
import { type ExpectedSpan, expectedSpans } from './round-trip/expected-rows.ts';
import { type PlainRow, plainRows } from './round-trip/plain-rows.ts';
import { SpanBlockEncoder } from './span-block-encoder.ts';

const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9, 0, 0, 123);
const SEED = Number(process.env.CLEW_TEST_SEED ?? 20261120);

let engine: EmbeddedSession;

beforeAll(async () => {
  engine = new EmbeddedSession();
  await migrate(engine);
});

afterAll(() => engine.close());

describe(`blocks in the real engine (seed ${SEED})`, () => {
  it('hold every column of every random span exactly', async () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const expected: ExpectedSpan[] = [];
    for (let i = 0; i < 150; i++) {
      const data = generateTraceData({ seed: SEED + i, duplicateKeys: i % 2 === 1 });
      encoder.add(decode(data, dictionary), 'random', RECEIVED_UNIX_MS);
      expected.push(...expectedSpans(data, 'random', RECEIVED_UNIX_MS));
    }
    expect(expected.length).toBeGreaterThan(1000);
    await engine.insert(encoder.finish());
    await expectStored('random', expected);
  });

  it('keep several tenants of one block apart', async () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const data = generateRealisticTraces({ seed: SEED, traces: 40 });
    for (const tenant of ['one', 'two', 'one']) encoder.add(decode(data, dictionary), tenant, RECEIVED_UNIX_MS);
    await engine.insert(encoder.finish());
    const expected = expectedSpans(data, 'one', RECEIVED_UNIX_MS);
    await expectStored('one', [...expected, ...expected]);
    await expectStored('two', expectedSpans(data, 'two', RECEIVED_UNIX_MS));
    expect(await engine.selectJson(operationsOf('one'))).toEqual(await engine.selectJson(operationsOf('two')));
  });

  it('take a block of 100,000 spans', async () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const batch = decode(generateRealisticTraces({ seed: SEED, traces: 1000, resources: 8 }), dictionary);
    while (encoder.spanCount < 100_000) encoder.add(batch, 'large', RECEIVED_UNIX_MS);
    const { spanCount } = encoder;
    await engine.insert(encoder.finish());
    const [row] = await engine.selectJson(
      "SELECT count() AS spans, uniqExact(span_id) AS ids FROM clew.spans WHERE tenant = 'large'",
    );
    expect(row).toEqual({ spans: spanCount, ids: batch.spanCount });
    const trace = await engine.selectJson(`SELECT uniqExact(trace_id) AS traces, min(first_start_unix_nano) = (
      SELECT min(toUnixTimestamp64Nano(start)) FROM clew.spans WHERE tenant = 'large') AS agrees FROM clew.trace_times WHERE tenant = 'large'`);
    expect(trace).toEqual([{ traces: 1000, agrees: 1 }]);
  });

  it('are stored once when the same entry is inserted again', async () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const data = generateRealisticTraces({ seed: SEED + 3, traces: 30 });
    encoder.add(decode(data, dictionary), 'again', RECEIVED_UNIX_MS);
    const entry = encoder.finish();
    await engine.insert(entry);
    await engine.insert(entry);
    await expectStored('again', expectedSpans(data, 'again', RECEIVED_UNIX_MS));
  });

  it('store a catalogue row once however often it is sent', async () => {
    const dictionary = new Dictionary();
    const data = generateRealisticTraces({ seed: SEED + 1, traces: 30 });
    for (let i = 0; i < 3; i++) {
      const encoder = new SpanBlockEncoder({ dictionary });
      encoder.add(decode(data, dictionary), 'repeated', RECEIVED_UNIX_MS);
      await engine.insert(encoder.finish());
    }
    for (const [table, key] of [
      ['resources', 'id, day'],
      ['scopes', 'id, day'],
      ['operations', 'service, name, kind, day'],
      ['attribute_keys', 'scope, key, type, day'],
    ]) {
      const [row] = await engine.selectJson(
        `SELECT count() > 0 AS some, count() = uniqExact(${key}) AS once
         FROM clew.${table} FINAL WHERE tenant = 'repeated'`,
      );
      expect({ table, row }).toEqual({ table, row: { some: 1, once: 1 } });
    }
  });

  it('note keys with scope and type, and operations with service and kind', async () => {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary });
    const data = generateTraceData({ seed: SEED + 2, maxResources: 8, maxSpansPerScope: 20 });
    encoder.add(decode(data, dictionary), 'catalogue', RECEIVED_UNIX_MS);
    await engine.insert(encoder.finish());
    const keys = plainRows(
      await engine.select(
        "SELECT toString(scope) AS scope, key, type FROM clew.attribute_keys WHERE tenant = 'catalogue'",
      ),
    );
    expect(keys.map((row) => JSON.stringify([row.scope, row.key, row.type])).sort()).toEqual(expectedKeys(data));
    const operations = plainRows(
      await engine.select("SELECT service, name, kind FROM clew.operations WHERE tenant = 'catalogue'"),
    );
    const expected = expectedSpans(data, 'catalogue', RECEIVED_UNIX_MS).map(({ row }) => row);
    expect(sortedSet(operations)).toEqual(sortedSet(expected));

    function sortedSet(rows: readonly PlainRow[]): string[] {
      return [...new Set(rows.map(({ service, name, kind }) => JSON.stringify([service, name, kind])))].sort();
    }
  });
});

function decode(data: TraceData, dictionary: Dictionary): SpanBatch {
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  return batch;
}

function operationsOf(tenant: string): string {
  return `SELECT service, name, kind, day FROM clew.operations WHERE tenant = '${tenant}' ORDER BY ALL`;
}

/** Compares the tenant's rows with the expected, whatever their order, following resource and scope ids. */
async function expectStored(tenant: string, expected: readonly ExpectedSpan[]): Promise<void> {
  const read = async (table: string, final = ''): Promise<PlainRow[]> =>
    plainRows(await engine.select(`SELECT * FROM clew.${table} ${final} WHERE tenant = '${tenant}'`));
  const resources = new Map((await read('resources', 'FINAL')).map(({ id, ...row }) => [id, row]));
  const scopes = new Map((await read('scopes', 'FINAL')).map(({ id, ...row }) => [id, row]));
  const stored = (await read('spans')).map(({ resource_id, scope_id, ...row }) => ({
    row,
    resource: resources.get(resource_id),
    scope: scopes.get(scope_id),
  }));
  expect(stored.length).toBe(expected.length);
  expect(stored.sort(bySpan)).toEqual([...expected].sort(bySpan));
}

function bySpan(a: { readonly row: PlainRow }, b: { readonly row: PlainRow }): number {
  return keyOf(a.row) < keyOf(b.row) ? -1 : 1;
}

function keyOf(row: PlainRow): string {
  return `${row.trace_id} ${row.span_id} ${row.start} ${row.duration} ${row.name}`;
}

function expectedKeys(data: TraceData): string[] {
  const types = ['empty', 'string', 'bool', 'int', 'double', 'array', 'kvlist', 'bytes'];
  const keys = new Set<string>();
  const note = (scope: string, attributes: TraceData['resourceSpans'][number]['resource']['attributes']): void => {
    for (const { key, value } of attributes) {
      keys.add(JSON.stringify([scope, Buffer.from(key).toString('latin1'), types.indexOf(value.type)]));
    }
  };
  for (const { resource, scopeSpans } of data.resourceSpans) {
    note('resource', resource.attributes);
    for (const { scope, spans } of scopeSpans) {
      note('instrumentation', scope.attributes);
      for (const span of spans) {
        note('span', span.attributes);
        for (const event of span.events) note('event', event.attributes);
        for (const link of span.links) note('link', link.attributes);
      }
    }
  }
  return [...keys].sort();
}

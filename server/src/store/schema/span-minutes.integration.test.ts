/** Sums a minute count every stored span once: also where an insert is repeated, or was cut off before its view. */
import { Dictionary, SpanBatch } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SpanBlockEncoder } from '../encode/span-block-encoder.ts';
import { startTestEngine, type TestEngine } from '../engine/test-engine.ts';
import { migrate } from './migrate.ts';
import { migrationClientOf } from './migration-client.ts';
import { MIGRATIONS } from './migrations.ts';

let test: TestEngine;

beforeAll(async () => {
  test = await startTestEngine();
  await test.client.command('CREATE TABLE gate (open UInt8) ENGINE = Memory');
});
afterAll(() => test.close());

beforeEach(async () => {
  await test.client.command('DROP DATABASE IF EXISTS clew SYNC');
  await upTo(MIGRATIONS.length);
  await setGate(1);
});

async function upTo(version: number): Promise<void> {
  await migrate(migrationClientOf(test.client), { migrations: MIGRATIONS.slice(0, version) });
}

function spansBlock(seed: number): Uint8Array {
  const dictionary = new Dictionary();
  const batch = new SpanBatch(dictionary);
  const body = encodeOtlpProtobuf(buildSmallWorld(new Random(seed), 40));
  decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
  const encoder = new SpanBlockEncoder({ dictionary });
  encoder.add(batch, 't', Number(WORLD_END_UNIX_NANO / 1_000_000n));
  const spans = encoder.finish().blocks.find(({ table }) => table === 'spans');
  if (spans === undefined) throw new Error('no spans');
  return spans.bytes;
}

const insert = (block: Uint8Array, deduplicationToken: string) =>
  test.client.insertNative('clew.spans', [block], { deduplicationToken });

async function setGate(open: 0 | 1): Promise<void> {
  await test.client.command('TRUNCATE TABLE gate');
  await test.client.command(`INSERT INTO gate VALUES (${open})`);
}

/** The view, with a gate that makes it fail while the table of spans takes its rows. */
async function gateTheView(): Promise<void> {
  const { rows } = await test.client.selectJson<{ query: string }>(
    "SELECT as_select AS query FROM system.tables WHERE database = 'clew' AND name = 'span_minutes_from_spans'",
  );
  const gated = rows[0].query.replace(
    ' GROUP BY',
    ' WHERE throwIf((SELECT max(open) FROM default.gate) = 0) = 0 GROUP BY',
  );
  expect(gated).toContain('throwIf');
  await test.client.command('DROP TABLE clew.span_minutes_from_spans SYNC');
  await test.client.command(`CREATE MATERIALIZED VIEW clew.span_minutes_from_spans TO clew.span_minutes AS ${gated}`);
}

/** Spans and what is summed up of them, from both tables. */
async function sums(): Promise<{ readonly ofSpans: unknown; readonly ofMinutes: unknown }> {
  const select = async (columns: string, table: string) =>
    (await test.client.selectJson(`SELECT ${columns} FROM clew.${table}`)).rows[0];
  return {
    ofSpans: await select(
      "toString(count()) AS counted, toString(min(duration)) AS least, toString(max(duration)) AS most, toString(countIf(parent_span_id = toFixedString('', 8))) AS roots",
      'spans',
    ),
    ofMinutes: await select(
      'toString(sum(spans)) AS counted, toString(min(duration_min)) AS least, toString(max(duration_max)) AS most, toString(sumIf(spans, is_root)) AS roots',
      'span_minutes',
    ),
  };
}

async function expectEqualSums(): Promise<void> {
  const { ofSpans, ofMinutes } = await sums();
  expect(ofMinutes).toEqual(ofSpans);
}

describe('sums a minute', () => {
  it('count a repeated insert once, and another one with the same spans again', async () => {
    const block = spansBlock(1);
    for (const token of ['a', 'a', 'b', 'a']) await insert(block, token);
    await expectEqualSums();
    expect(Number(((await sums()).ofSpans as { counted: string }).counted)).toBeGreaterThan(0);
  });

  it('are completed by the repetition of an insert that was cut off before its view', async () => {
    await gateTheView();
    await setGate(0);
    const block = spansBlock(2);
    await expect(insert(block, 'cut')).rejects.toThrow();
    expect((await sums()).ofMinutes).toMatchObject({ counted: '0' });
    await setGate(1);
    await insert(block, 'cut');
    await expectEqualSums();
    await insert(block, 'cut');
    await expectEqualSums();
  });

  it('know up to where spans are missing that were stored before', async () => {
    await test.client.command('DROP DATABASE clew SYNC');
    await upTo(3);
    await insert(spansBlock(3), 'before');
    await upTo(MIGRATIONS.length);
    const { rows } = await test.client.selectJson(
      'SELECT tenant, max(newest_start_unix_nano) = (SELECT max(toUnixTimestamp64Nano(start)) FROM clew.spans) AS isNewest FROM clew.span_minutes_since GROUP BY tenant',
    );
    expect(rows).toEqual([{ tenant: 't', isNewest: 1 }]);
  });
});

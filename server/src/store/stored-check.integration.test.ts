import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SpanBlockEncoder } from './encode/span-block-encoder.ts';
import { startTestEngine, type TestEngine } from './engine/test-engine.ts';
import { migrate } from './schema/migrate.ts';
import { migrationClientOf } from './schema/migration-client.ts';
import { MIGRATIONS } from './schema/migrations.ts';
import { containsAllSpans, containsAnySpan } from './stored-check.ts';

const DAY_MS = 86_400_000;

let test: TestEngine;
beforeAll(async () => {
  test = await startTestEngine();
  await migrate(migrationClientOf(test.client), { database: 'clew', migrations: MIGRATIONS });
});
afterAll(() => test.close());

function spansBlock(data: TraceData, receivedUnixMs: number): Uint8Array {
  const dictionary = new Dictionary();
  const encoder = new SpanBlockEncoder({ dictionary });
  const batch = new SpanBatch(dictionary);
  decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
  encoder.add(batch, 'default', receivedUnixMs);
  const block = encoder.finish().blocks.find(({ table }) => table === 'spans');
  if (block === undefined) throw new Error('no spans');
  return block.bytes;
}

it('tells what is in the store from what is not, be it one partition of a group', async () => {
  const stored = spansBlock(generateRealisticTraces({ seed: 1, traces: 30 }), Date.now());
  const otherDay = spansBlock(generateRealisticTraces({ seed: 2, traces: 30 }), Date.now() - 5 * DAY_MS);
  expect(await containsAnySpan(test.client, 'clew', [stored, otherDay])).toBe(false);
  await test.client.insertNative('clew.spans', [stored], { deduplicationToken: 'first' });
  expect(await containsAnySpan(test.client, 'clew', [stored])).toBe(true);
  expect(await containsAnySpan(test.client, 'clew', [otherDay])).toBe(false);
  expect(await containsAnySpan(test.client, 'clew', [otherDay, stored])).toBe(true);
  expect(await containsAnySpan(test.client, 'clew', [])).toBe(false);
  expect(await containsAllSpans(test.client, 'clew', [stored])).toBe(true);
  expect(await containsAllSpans(test.client, 'clew', [otherDay, stored])).toBe(false);
  await test.client.insertNative('clew.spans', [otherDay], { deduplicationToken: 'second' });
  expect(await containsAllSpans(test.client, 'clew', [otherDay, stored])).toBe(true);
});

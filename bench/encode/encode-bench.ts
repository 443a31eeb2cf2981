/**
 * From OTLP protobuf to what ClickHouse inserts: SpanBatch and Native blocks of about 100,000 spans, against
 * protobufjs objects and JSONEachRow. The engine counts the spans of both. Figures are process CPU time, medians over
 * rounds that alternate.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dictionary, SpanBatch } from '@clew/model';
import { generateRequestBodies, type RequestBody } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { EmbeddedSession } from '../../server/src/store/encode/round-trip/embedded-session.ts';
import { type EncodedEntry, SpanBlockEncoder } from '../../server/src/store/encode/span-block-encoder.ts';
import { migrate } from '../../server/src/store/schema/migrate.ts';
import { median, nanosPerSpan } from '../report/nanos-per-span.ts';
import { measureEncodeOnly } from './encode-only.ts';
import { naiveRows } from './naive-rows.ts';

const ROUNDS = 7;
const FLUSH_SPANS = 100_000;
const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 9);
const bodies = generateRequestBodies({ seed: 12345, bodies: 16, spansPerBody: 512, resources: 4 });
const spansPerPass = bodies.length * 512;

const dictionary = new Dictionary();
const batch = new SpanBatch(dictionary);
const encoder = new SpanBlockEncoder({ dictionary });

/** One block. */
function encodeBlock(): EncodedEntry {
  while (encoder.spanCount < FLUSH_SPANS) {
    for (const { body } of bodies) {
      decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
      encoder.add(batch, 'default', RECEIVED_UNIX_MS);
    }
  }
  const entry = encoder.finish();
  encoder.confirm(entry.token);
  return entry;
}

function decodeOnly(): number {
  let spans = 0;
  for (const { body } of bodies) {
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    spans += batch.spanCount;
  }
  return spans;
}

function naivePass(all: readonly RequestBody[]): number {
  return all.reduce((sum, { body }) => sum + naiveRows(body).spanCount, 0);
}

const first = encodeBlock();
const entry = encodeBlock();
nanosPerSpan(2, () => encodeBlock().spanCount);
nanosPerSpan(1, () => naivePass(bodies));
const rounds = { both: [] as number[], decode: [] as number[], naive: [] as number[] };
for (let round = 0; round < ROUNDS; round++) {
  rounds.both.push(nanosPerSpan(3, () => encodeBlock().spanCount));
  rounds.decode.push(nanosPerSpan(20, decodeOnly));
  rounds.naive.push(nanosPerSpan(1, () => naivePass(bodies)));
}
const [both, decode, naive] = [median(rounds.both), median(rounds.decode), median(rounds.naive)];
const blockBytes = entry.blocks.reduce((sum, { bytes }) => sum + bytes.length, 0);
console.log(
  `512 spans a body, ${FLUSH_SPANS} a block: decode and encode ${both.toFixed(0)} ns/span ` +
    `(decode alone ${decode.toFixed(0)}), naive ${naive.toFixed(0)} ns/span, ratio ${(naive / both).toFixed(1)}; ` +
    `${(blockBytes / entry.spanCount).toFixed(0)} B/span in the block`,
);
measureEncodeOnly(bodies, FLUSH_SPANS);
await verify();

/** The engine must find every span, in both forms. */
async function verify(): Promise<void> {
  const engine = new EmbeddedSession();
  const directory = mkdtempSync(join(tmpdir(), 'clew-encode-bench-'));
  try {
    await migrate(engine);
    await engine.insert(first);
    const file = join(directory, 'naive.json');
    writeFileSync(file, bodies.map(({ body }) => naiveRows(body).text).join(''));
    const [row] = (await engine.selectJson(`SELECT
      (SELECT count() FROM clew.spans) AS ours,
      (SELECT count() FROM clew.spans s JOIN clew.resources r ON r.id = s.resource_id AND r.tenant = s.tenant) AS joined,
      (SELECT uniqExact(span_id) FROM clew.spans) AS distinct,
      (SELECT uniqExact(span_id) FROM file('${file}', JSONEachRow)) AS naive`)) as {
      ours: number;
      joined: number;
      distinct: number;
      naive: number;
    }[];
    console.log(`verified by the engine: ${row.ours} spans stored, ${row.distinct} distinct, naive ${row.naive}`);
    const holds = row.ours === first.spanCount && row.joined === first.spanCount;
    if (!holds || row.distinct !== spansPerPass || row.naive !== spansPerPass) {
      throw new Error(`encode bench: counts differ: ${JSON.stringify(row)} (expected ${first.spanCount} spans)`);
    }
  } finally {
    engine.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * What the engine pays for the shape of blocks and of the spans table. Three questions, each with its baseline in the
 * same run: small blocks against combined ones, the schema before its plain strings against after, merges before they took
 * more parts at once against after. CPU seconds of this process, which has the engine in it, per million spans.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dictionary, SPAN_WORDS, SpanBatch } from '@clew/model';
import { generateRequestBodies } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { Session } from 'chdb';
import { SpanBlockEncoder } from '../../server/src/store/encode/span-block-encoder.ts';
import { connectionArguments, writeEngineConfig } from '../../server/src/store/engine/engine-config.ts';
import { loadInsertApi } from '../../server/src/store/engine/engine-library.ts';
import { combineNativeBlocks } from '../../server/src/store/native/combine-blocks.ts';
import { migrate } from '../../server/src/store/schema/migrate.ts';
import { MIGRATIONS } from '../../server/src/store/schema/migrations.ts';

const SPANS_A_REQUEST = 512;
const REQUESTS_A_GROUP = 98;
const GROUP_SPANS = SPANS_A_REQUEST * REQUESTS_A_GROUP;
const GROUPS = 8;
const INSERTS = 32;
const ENGINE_BYTES = 700 * 2 ** 20;
/** Words of trace id, span id and parent id at the start of a span record. */
const ID_WORDS = 8;

const bodies = generateRequestBodies({
  seed: 12345,
  bodies: REQUESTS_A_GROUP,
  spansPerBody: SPANS_A_REQUEST,
  resources: 4,
});
const dictionary = new Dictionary();
const batch = new SpanBatch(dictionary);

/** One block of the spans table a request, with ids of their own. */
function encodeGroup(salt: number): Uint8Array[] {
  const encoder = new SpanBlockEncoder({ dictionary });
  const blocks: Uint8Array[] = [];
  for (const { body } of bodies) {
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    for (let at = 0; at < batch.spanCount * SPAN_WORDS; at += SPAN_WORDS) {
      for (let word = at; word < at + ID_WORDS; word++) {
        if (batch.spans[word] !== 0) batch.spans[word] ^= Math.imul(salt, 0x9e3779b1) ^ ((word - at) * 77_777);
      }
    }
    encoder.add(batch, 'default', Date.UTC(2026, 10, 21));
    const entry = encoder.finish();
    encoder.confirm(entry.token);
    blocks.push(...entry.blocks.filter(({ table }) => table === 'spans').map(({ bytes }) => bytes));
  }
  return blocks;
}

const directory = mkdtempSync(join(tmpdir(), 'clew-store-bench-'));
const configPath = join(directory, 'engine.xml');
const dataPath = join(directory, 'data');
mkdirSync(dataPath);
writeEngineConfig(configPath, ENGINE_BYTES);
const engineArguments = connectionArguments({ dataPath, configPath, memoryLimitBytes: ENGINE_BYTES, tag: 'bench' });
const api = loadInsertApi();
api.keepSignalHandlers();
const session = new Session(dataPath, { connectionArgs: engineArguments });
const connection = api.connect(['clickhouse', `--path=${dataPath}`, ...engineArguments]);
const engine = {
  command: (sql: string) => session.queryAsync(sql),
  selectJson: async (sql: string): Promise<Record<string, string>[]> => {
    const text = (await session.queryAsync(sql, { format: 'JSONEachRow' })).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, string>);
  },
};

/** @returns rows the engine says it has taken. */
async function insert(table: string, blocks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number> {
  const stream = await api.begin(connection, `INSERT INTO ${table}`, 'Native', {});
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  const append = async () => {
    if (held.length > 0 && !(await api.append(stream, Buffer.concat(held)))) throw new Error(api.streamError(stream));
    held = [];
    heldBytes = 0;
  };
  for await (const block of blocks) {
    held.push(block);
    heldBytes += block.length;
    if (heldBytes > 4 * 2 ** 20) await append();
  }
  await append();
  const result = await api.finish(stream);
  const failure = api.resultError(result);
  const rows = api.resultRowsWritten(result);
  api.destroyResult(result);
  api.destroy(stream);
  if (failure !== undefined) throw new Error(failure);
  return rows;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function expectEqual(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`store bench: ${what}: ${actual} (expected ${expected})`);
}

async function createSchema(database: string, steps: number): Promise<void> {
  await migrate(engine, { database, migrations: MIGRATIONS.slice(0, steps) });
}

async function expectStored(database: string, spans: number): Promise<void> {
  const [row] = await engine.selectJson(
    `SELECT count() AS spans, uniqExact(trace_id, span_id) AS ids FROM ${database}.spans`,
  );
  expectEqual(`spans in ${database}`, Number(row.spans), spans);
  expectEqual(`different spans in ${database}`, Number(row.ids), Math.min(spans, GROUPS * GROUP_SPANS));
}

async function readingBlocks(groups: readonly Uint8Array[][], combine: boolean): Promise<number> {
  const before = cpuSeconds();
  for (const blocks of groups) {
    expectEqual(
      'rows read',
      await insert('bench.nowhere', combine ? combineNativeBlocks(blocks) : blocks),
      GROUP_SPANS,
    );
  }
  return cpuSeconds() - before;
}

async function oneMerge(groups: readonly Uint8Array[][], steps: number): Promise<number> {
  const database = `merge_${steps}`;
  await createSchema(database, steps);
  await engine.command('SYSTEM STOP MERGES');
  for (const blocks of groups) await insert(`${database}.spans`, combineNativeBlocks(blocks));
  await engine.command('SYSTEM START MERGES');
  const before = cpuSeconds();
  await engine.command(`OPTIMIZE TABLE ${database}.spans FINAL`);
  const seconds = cpuSeconds() - before;
  await expectStored(database, groups.length * GROUP_SPANS);
  await engine.command(`DROP DATABASE ${database} SYNC`);
  return seconds;
}

async function manyInserts(
  groups: readonly Uint8Array[][],
  steps: number,
): Promise<{ seconds: number; parts: number }> {
  const database = `inserts_${steps}`;
  await createSchema(database, steps);
  const before = cpuSeconds();
  for (let i = 0; i < INSERTS; i++) {
    await insert(
      `${database}.spans SETTINGS insert_deduplication_token = 'insert ${i}'`,
      combineNativeBlocks(groups[i % groups.length]),
    );
  }
  await mergesQuiet(database);
  const seconds = cpuSeconds() - before;
  await expectStored(database, INSERTS * GROUP_SPANS);
  const [row] = await engine.selectJson(
    `SELECT count() AS parts FROM system.parts WHERE active AND database = '${database}' AND table = 'spans'`,
  );
  await engine.command(`DROP DATABASE ${database} SYNC`);
  return { seconds, parts: Number(row.parts) };
}

async function mergesQuiet(database: string): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    await sleep(200);
    const [row] = await engine.selectJson(
      `SELECT count() AS running FROM system.merges WHERE database = '${database}'`,
    );
    quiet = Number(row.running) === 0 ? quiet + 1 : 0;
  }
}

function report(
  title: string,
  before: string,
  beforeSeconds: number,
  after: string,
  afterSeconds: number,
  spans: number,
): void {
  const perMillion = (seconds: number) => ((seconds / spans) * 1e6).toFixed(1).padStart(6);
  console.log(`${title}\n  ${perMillion(beforeSeconds)} CPU s per million spans  ${before}`);
  console.log(
    `  ${perMillion(afterSeconds)} CPU s per million spans  ${after}: ${(beforeSeconds / afterSeconds).toFixed(1)} x less\n`,
  );
}

try {
  const groups = Array.from({ length: GROUPS }, (_, i) => encodeGroup(i + 1));
  const spans = GROUPS * GROUP_SPANS;
  await createSchema('bench', MIGRATIONS.length);
  await engine.command('CREATE TABLE bench.nowhere AS bench.spans ENGINE = Null');
  await readingBlocks(groups.slice(0, 1), true);
  report(
    `Reading Native blocks, into a table that keeps nothing (${spans} spans)`,
    `blocks of ${SPANS_A_REQUEST} spans`,
    await readingBlocks(groups, false),
    `combined to ${GROUP_SPANS}, combining included`,
    await readingBlocks(groups, true),
    spans,
  );
  report(
    `One merge of ${GROUPS} parts of ${GROUP_SPANS} spans`,
    'LowCardinality wherever values repeat (schema step 1)',
    await oneMerge(groups, 1),
    'plain strings outside the sorting key (step 2)',
    await oneMerge(groups, 2),
    spans,
  );
  const five = await manyInserts(groups, 2);
  const twelve = await manyInserts(groups, 3);
  report(
    `${INSERTS} inserts of ${GROUP_SPANS} spans and their merges`,
    `as ClickHouse merges by default (step 2), ${five.parts} parts left`,
    five.seconds,
    `more parts in a merge (step 3), ${twelve.parts} parts left`,
    twelve.seconds,
    INSERTS * GROUP_SPANS,
  );
} finally {
  api.closeConnection(connection);
  session.close();
  rmSync(directory, { recursive: true, force: true });
}

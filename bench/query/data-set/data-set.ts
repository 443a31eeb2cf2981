/** A store of many millions of spans in both schemas, built once and used by many runs. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Random } from '@clew/testkit/random';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { createStoreClient, type StoreClient } from '../../../server/src/store/client.ts';
import { startEmbeddedEngine } from '../../../server/src/store/engine/embedded-engine.ts';
import { migrate } from '../../../server/src/store/schema/migrate.ts';
import { migrationClientOf } from '../../../server/src/store/schema/migration-client.ts';
import { MIGRATIONS } from '../../../server/src/store/schema/migrations.ts';
import type { BaselineRow } from '../../target/baseline-rows.ts';
import { BASELINE_SCHEMA, BASELINE_TABLES } from '../../target/baseline-schema.ts';
import { type Copy, checksumStatement, copyStatement, type Schema } from './copy-sql.ts';
import { SEED_TABLES, type Seed, writeSeed } from './seed.ts';

export interface DataSetPlan {
  /** Holds the program's data directory and the manifest. */
  readonly dir: string;
  /** At least; rounded up to whole copies of the seed. */
  readonly spans: number;
  readonly seed: number;
}

export interface DataSet {
  readonly format: number;
  readonly schemaVersion: number;
  readonly plan: Omit<DataSetPlan, 'dir'>;
  readonly tenant: string;
  readonly spans: number;
  readonly traces: number;
  /** Of ids, names, starts and durations; the same in both schemas. */
  readonly checksum: string;
  readonly startUnixMs: number;
  readonly endUnixMs: number;
  readonly bytes: { readonly clew: number; readonly baseline: number };
  readonly parts: { readonly clew: number; readonly baseline: number };
  /** Some traces of every copy of the seed with their spans, one of ten thousand among them. */
  readonly sampleTraces: readonly { readonly traceId: string; readonly spans: number }[];
  readonly largeTraceIds: readonly string[];
  readonly builtInSeconds: number;
}

/** Of this file's way to build; a data set of another one is built anew. */
const FORMAT = 2;
export const TENANT = 'default';
const RANGE_NANO = 24n * 3_600_000_000_000n;
const SEED_SPANS = 250_000;
const SHORT_COPIES = 1.01;
const LARGE_TRACE_SPANS = 10_000;
/** One copy in so many has the large trace. */
const LARGE_EVERY = 16;
const TRACES_SAMPLED_PER_COPY = 20;
/** Two inserts of a million spans at once, uncompressed and sorted, and merges. */
const ENGINE_MEMORY_BYTES = 10 * 2 ** 30;
const COPIES_PER_INSERT = 4;
const STATEMENT_TIMEOUT_MS = 900_000;
const QUIET_TIMEOUT_MS = 1_800_000;
const POLL_MS = 1_000;
/** Parts that may wait for merges before copying goes on. */
const MAX_PARTS = 60;
/** Two days of UTC, so that ranges cross partitions: until 12:00 of the last day. */
const END_UNIX_NANO = 1_795_176_000_000_000_000n;

const TABLES = { clew: 'clew.spans', baseline: 'default.otel_traces' } as const;

export async function openDataSet(
  plan: DataSetPlan,
  enginePath: string,
  say: (text: string) => void,
): Promise<DataSet> {
  const manifestPath = join(plan.dir, 'manifest.json');
  const known = tryManifest(manifestPath);
  if (known !== undefined && isUsable(known, plan)) {
    say(`data set: ${known.spans} spans in ${plan.dir}, built before; checking it`);
    await withEngine(plan.dir, enginePath, async ({ client }) => verify(client, known));
    return known;
  }
  if (existsSync(plan.dir)) {
    if (known === undefined && existsSync(join(plan.dir, 'data')) === false && readdirSync(plan.dir).length > 0) {
      throw new Error(`--dir ${plan.dir}: holds something else than a data set. Choose another one.`);
    }
    rmSync(plan.dir, { recursive: true, force: true });
  }
  mkdirSync(plan.dir, { recursive: true });
  const built = await withEngine(plan.dir, enginePath, (engine) => build(engine, plan, say));
  // Last: without it the directory is not taken for a data set.
  writeFileSync(manifestPath, JSON.stringify(built, null, 2));
  return built;
}

interface BuildEngine {
  readonly client: StoreClient;
  readonly insertBaseline: (rows: readonly BaselineRow[]) => Promise<void>;
}

async function withEngine<T>(dir: string, enginePath: string, work: (engine: BuildEngine) => Promise<T>): Promise<T> {
  const logger = { info: () => undefined, warn: console.error, error: console.error };
  const engine = await startEmbeddedEngine({
    dataDir: join(dir, 'data'),
    enginePath,
    memoryLimitBytes: ENGINE_MEMORY_BYTES,
    logger,
  });
  const client = createStoreClient(engine.clientOptions);
  // Node hands an agent's options on to net.connect; its types do not say so.
  const toSocket = { socketPath: engine.socketPath, keepAlive: true };
  const rowsClient = createClient({
    url: 'http://localhost',
    http_agent: new Agent(toSocket),
    request_timeout: STATEMENT_TIMEOUT_MS,
    log: { level: ClickHouseLogLevel.OFF },
  });
  try {
    return await work({
      client,
      insertBaseline: async (rows) => {
        await rowsClient.insert({ table: SEED_TABLES.baseline, values: rows, format: 'JSONEachRow' });
      },
    });
  } finally {
    await rowsClient.close();
    await client.close();
    await engine.stop();
  }
}

async function build(engine: BuildEngine, plan: DataSetPlan, say: (text: string) => void): Promise<DataSet> {
  const startedAt = performance.now();
  const { client } = engine;
  const seedSpans = Math.min(SEED_SPANS, plan.spans);
  // A seed has some spans fewer than planned, and not every copy has its largest trace: at least what was asked for.
  const copies = plan.spans <= SEED_SPANS ? 1 : Math.ceil((plan.spans * SHORT_COPIES) / seedSpans);
  const slotNano = RANGE_NANO / BigInt(copies);
  await createTables(client);
  const seed = await writeSeed(
    client,
    engine.insertBaseline,
    {
      seed: plan.seed,
      spans: seedSpans,
      tenant: TENANT,
      endUnixNano: END_UNIX_NANO,
      slotNano,
      largeTraceSpans: Math.min(LARGE_TRACE_SPANS, plan.spans),
    },
    every(50_000, (spans) => say(`data set: seed, ${spans} spans generated, ${secondsSince(startedAt)} s`)),
  );
  const random = new Random(plan.seed ^ 0x5eed);
  const copied = Array.from({ length: copies }, (_, i): Copy => copyOf(random, i, slotNano, seed));
  const lanes: Schema[] = ['clew', 'baseline'];
  await Promise.all(
    lanes.map((schema) =>
      copyAll(client, schema, copied, (done) =>
        say(`data set: ${schema}, copy ${done} of ${copies}, ${secondsSince(startedAt)} s`),
      ),
    ),
  );
  say(`data set: waiting for merges, ${secondsSince(startedAt)} s`);
  await mergesDone(client);
  const sampleTraces = await sampleOf(client, copied);
  for (const table of Object.values(SEED_TABLES)) await client.command(`DROP TABLE ${table} SYNC`);
  const clew = await checksumOf(client, 'clew');
  const baseline = await checksumOf(client, 'baseline');
  const large = copied.filter(({ withoutTraceId }) => withoutTraceId === undefined);
  const spans = copies * (seed.spans - seed.largeTraceSpans) + large.length * seed.largeTraceSpans;
  const dataSet: DataSet = {
    format: FORMAT,
    schemaVersion: MIGRATIONS.length,
    plan: { spans: plan.spans, seed: plan.seed },
    tenant: TENANT,
    spans,
    traces: copies * (seed.traces - 1) + large.length,
    checksum: clew.checksum,
    startUnixMs: Number((END_UNIX_NANO - RANGE_NANO) / 1_000_000n),
    // Spans begin up to 20 s after their trace.
    endUnixMs: Number(END_UNIX_NANO / 1_000_000n) + 60_000,
    bytes: { clew: await bytesOf(client, 'clew'), baseline: await bytesOf(client, 'baseline') },
    parts: { clew: await partsOf(client, 'clew'), baseline: await partsOf(client, 'baseline') },
    sampleTraces,
    largeTraceIds: large.map((copy) => xorHex(seed.largeTraceId, copy.traceMask)),
    builtInSeconds: Math.round((performance.now() - startedAt) / 1000),
  };
  requireEqual('spans', Number(clew.spans), spans);
  requireEqual('spans of the baseline', Number(baseline.spans), spans);
  requireEqual("the baseline's checksum", baseline.checksum, clew.checksum);
  say(`data set: ${spans} spans built in ${dataSet.builtInSeconds} s`);
  return dataSet;
}

async function createTables(client: StoreClient): Promise<void> {
  await migrate(migrationClientOf(client));
  for (const statement of BASELINE_SCHEMA) await client.command(statement);
  await client.command('CREATE DATABASE IF NOT EXISTS bench');
  await client.command(
    `CREATE TABLE ${SEED_TABLES.clew} AS ${TABLES.clew} ENGINE = MergeTree ` +
      'ORDER BY (service, name, start) SETTINGS non_replicated_deduplication_window = 0',
  );
  await client.command(
    `CREATE TABLE ${SEED_TABLES.baseline} AS ${TABLES.baseline} ENGINE = MergeTree ` +
      'ORDER BY (ServiceName, SpanName, toDateTime(Timestamp))',
  );
}

function copyOf(random: Random, index: number, slotNano: bigint, seed: Seed): Copy {
  return {
    traceMask: random.hex(32),
    spanMask: random.hex(16),
    earlierNano: slotNano * BigInt(index),
    userGroup: random.hex(2),
    withoutTraceId: index % LARGE_EVERY === 0 ? undefined : seed.largeTraceId,
  };
}

async function copyAll(
  client: StoreClient,
  schema: Schema,
  copies: readonly Copy[],
  done: (copies: number) => void,
): Promise<void> {
  const [database, table] = TABLES[schema].split('.');
  const { rows } = await client.selectJson<{ name: string }>(
    `SELECT name FROM system.columns WHERE database = '${database}' AND table = '${table}' ` +
      "AND default_kind IN ('', 'DEFAULT') ORDER BY position",
  );
  const columns = rows.map(({ name }) => name);
  for (let at = 0; at < copies.length; at += COPIES_PER_INSERT) {
    await fewParts(client, schema);
    const some = copies.slice(at, at + COPIES_PER_INSERT);
    const statement = copyStatement({ schema, from: SEED_TABLES[schema], to: TABLES[schema], columns }, some);
    await client.command(statement, {}, { timeoutMs: STATEMENT_TIMEOUT_MS, settings: INSERT_SETTINGS });
    done(at + some.length);
  }
}

/** Parts of a million spans: those of a second are merged twice before they are as large. */
const INSERT_SETTINGS = {
  max_insert_threads: 1,
  max_threads: 1,
  min_insert_block_size_rows: 1_200_000,
  min_insert_block_size_bytes: 3_000_000_000,
  max_memory_usage: 6_000_000_000,
};

async function fewParts(client: StoreClient, schema: Schema): Promise<void> {
  while ((await partsOf(client, schema)) > MAX_PARTS) await sleep(POLL_MS);
}

async function mergesDone(client: StoreClient): Promise<void> {
  const until = performance.now() + QUIET_TIMEOUT_MS;
  for (let quiet = 0; quiet < 3; ) {
    const { rows } = await client.selectJson<{ merges: string }>(
      'SELECT toString(count()) AS merges FROM system.merges',
    );
    quiet = rows[0]?.merges === '0' ? quiet + 1 : 0;
    if (performance.now() > until) throw new Error('data set: merges did not become quiet in time.');
    await sleep(POLL_MS);
  }
}

async function sampleOf(client: StoreClient, copies: readonly Copy[]): Promise<DataSet['sampleTraces']> {
  const { rows } = await client.selectJson<{ id: string; spans: string }>(
    `SELECT lower(hex(trace_id)) AS id, toString(count()) AS spans FROM ${SEED_TABLES.clew} GROUP BY trace_id ` +
      `HAVING count() <= 100 ORDER BY cityHash64(trace_id) LIMIT ${TRACES_SAMPLED_PER_COPY}`,
  );
  return copies.flatMap(({ traceMask }) =>
    rows.map(({ id, spans }) => ({ traceId: xorHex(id, traceMask), spans: Number(spans) })),
  );
}

async function verify(client: StoreClient, dataSet: DataSet): Promise<void> {
  await dropLaterDays(client);
  for (const schema of ['clew', 'baseline'] as const) {
    const { spans, checksum } = await checksumOf(client, schema);
    requireEqual(`spans of ${schema}`, Number(spans), dataSet.spans);
    requireEqual(`checksum of ${schema}`, checksum, dataSet.checksum);
  }
}

/** What earlier runs sent while they measured, so that stores do not grow from run to run. */
async function dropLaterDays(client: StoreClient): Promise<void> {
  const { rows } = await client.selectJson<{ table: string; id: string }>(
    `SELECT DISTINCT table, partition_id AS id FROM system.parts WHERE active AND database = 'clew'
     AND min_date > toDate(${END_UNIX_NANO / 1_000_000_000n}, 'UTC')
     AND table IN (SELECT table FROM system.columns WHERE database = 'clew' AND name = 'retention_days')`,
  );
  for (const { table, id } of rows) await client.command(`ALTER TABLE clew.${table} DROP PARTITION ID '${id}'`);
}

function requireEqual(what: string, found: string | number, expected: string | number): void {
  if (found === expected) return;
  throw new Error(`data set: ${what}: ${found} (expected ${expected}). Remove its directory and build it again.`);
}

async function checksumOf(client: StoreClient, schema: Schema): Promise<{ spans: string; checksum: string }> {
  // What a run sent while it measured lies after the data set.
  const time = schema === 'clew' ? 'start' : 'Timestamp';
  const until = `WHERE ${time} < fromUnixTimestamp64Nano(${END_UNIX_NANO + 60_000_000_000n})`;
  const { rows } = await client.selectJson<{ spans: string; checksum: string }>(
    `${checksumStatement(schema, TABLES[schema])} ${until}`,
    {},
    { timeoutMs: STATEMENT_TIMEOUT_MS },
  );
  return rows[0];
}

async function bytesOf(client: StoreClient, schema: Schema): Promise<number> {
  return Number((await partFigures(client, schema)).bytes);
}

async function partsOf(client: StoreClient, schema: Schema): Promise<number> {
  return Number((await partFigures(client, schema)).parts);
}

async function partFigures(client: StoreClient, schema: Schema): Promise<{ bytes: string; parts: string }> {
  const all =
    schema === 'clew'
      ? "database = 'clew'"
      : `database = 'default' AND table IN (${BASELINE_TABLES.map((table) => `'${table}'`).join(', ')})`;
  const { rows } = await client.selectJson<{ bytes: string; parts: string }>(
    `SELECT toString(sum(bytes_on_disk)) AS bytes, ` +
      `toString(countIf(concat(database, '.', table) = '${TABLES[schema]}')) AS parts ` +
      `FROM system.parts WHERE active AND ${all}`,
  );
  return rows[0];
}

function tryManifest(path: string): DataSet | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as DataSet;
  } catch {
    return undefined;
  }
}

function isUsable(known: DataSet, plan: DataSetPlan): boolean {
  return (
    known.format === FORMAT &&
    known.schemaVersion === MIGRATIONS.length &&
    known.plan.spans === plan.spans &&
    known.plan.seed === plan.seed
  );
}

function xorHex(a: string, b: string): string {
  const mask = Buffer.from(b, 'hex');
  return Buffer.from(Buffer.from(a, 'hex').map((byte, i) => byte ^ mask[i])).toString('hex');
}

function secondsSince(startedAt: number): string {
  return ((performance.now() - startedAt) / 1000).toFixed(0);
}

function every(step: number, act: (value: number) => void): (value: number) => void {
  let next = step;
  return (value) => {
    if (value < next) return;
    while (next <= value) next += step;
    act(value);
  };
}

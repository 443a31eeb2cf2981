/**
 * Clew's store over three real ClickHouse servers. The judge of its answers is the store over one engine.
 * Another seed: CLEW_TEST_SEED=… npx vitest run --project integration server/src/store/cluster
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FoundTrace } from '@clew/contract';
import type { TraceColumns, TraceData, TraceId } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { buildVocabulary, randomFilter } from '@clew/testkit/random-filter';
import { buildStatic, parseFilterSyntax, printExpression } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchTraces } from '../../query/search.ts';
import { createStoreClient } from '../client.ts';
import type { OpenedStore } from '../opened-store.ts';
import { startTestStore, type TestStore } from '../read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../reader.ts';
import { migrate } from '../schema/migrate.ts';
import { migrationClientOf } from '../schema/migration-client.ts';
import { MIGRATIONS } from '../schema/migrations.ts';
import type { SpanStore, TimeRange } from '../span-store.ts';
import { ensureDistributedTables } from './distributed-tables.ts';
import { openCluster } from './open-cluster.ts';
import { clusterStatement } from './replicated-statement.ts';
import { insertTraces } from './test/insert-traces.ts';
import { CLUSTER_NAME, SMALLER_CLUSTER_NAME, startTestCluster, type TestCluster } from './test/test-cluster.ts';
import { shardOfTrace } from './trace-shards.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const TENANT = 'acme';
const TRACES = 150;
const FILTERS = Number(process.env.CLEW_DIFFERENTIAL_FILTERS ?? 6);
const WORLD: TimeRange = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
const RECEIVED_UNIX_MS = Number(WORLD_END_UNIX_NANO / 1_000_000n);
const EVERYTHING = buildStatic({ type: 'bool', value: true });
const NODES = [0, 1, 2];

const random = new Random(SEED);
const world = buildSmallWorld(random, TRACES);
const traceIds = [...new Set(spansOf(world).map(({ traceId }) => traceId))];
const logged: string[] = [];
const opened: OpenedStore[] = [];
let cluster: TestCluster;
let single: TestStore;
let judge: SpanStore;
let store: OpenedStore;
let dir: string;

beforeAll(async () => {
  console.info(`cluster: seed ${SEED}`);
  dir = await mkdtemp(join(tmpdir(), 'clew-cluster-data-'));
  [cluster, single] = await Promise.all([startTestCluster(), startTestStore()]);
  judge = new ClickHouseSpanStore(single);
  await single.insert(world, TENANT, RECEIVED_UNIX_MS);
  store = await open('clew');
  await store.ready;
  await insert(store, world);
});

afterAll(async () => {
  for (const each of opened) await each.close();
  await Promise.all([cluster?.close(), single?.close()]);
  await rm(dir, { recursive: true, force: true });
});

function spansOf({ resourceSpans }: TraceData) {
  return resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

async function open(database: string, name = CLUSTER_NAME): Promise<OpenedStore> {
  const log = (fields: object, message: string) => logged.push(`${message} ${JSON.stringify(fields)}`);
  const opening = await openCluster({
    cluster: name,
    database,
    clickhouseUrl: cluster.urls.join(','),
    dataDir: dir,
    logger: { info: log, warn: log, error: log },
  });
  const reading = { ...opening, reader: new ClickHouseSpanStore(opening.engine) };
  opened.push(reading);
  return reading;
}

let inserts = 0;

async function insert(into: OpenedStore, data: TraceData): Promise<void> {
  const how = { tenant: TENANT, receivedUnixMs: RECEIVED_UNIX_MS, token: `test-${++inserts}` };
  expect(await insertTraces(into, data, how)).toBe(spansOf(data).length);
}

const onAllNodes = (sql: string) => Promise.all(NODES.map((node) => cluster.query(node, sql)));

async function eventually<T>(read: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await read();
    if (holds(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

interface Asked {
  readonly text?: string;
  readonly limit?: number;
  readonly cursor?: string | undefined;
}

async function find(reader: SpanStore, { text = '{ }', limit = TRACES, cursor }: Asked = {}) {
  const options = { timeoutMs: 60_000 };
  const request = { tenant: TENANT, text, range: WORLD, limit, spansPerTrace: 3, cursor, options };
  const answer = await searchTraces(reader, request);
  return { ...answer, traces: answer.traces.map(comparable) };
}

/** Of spans with the same id any may come first: those are told apart by nothing. */
function comparable({ matched, spansets: _, ...facts }: FoundTrace) {
  return { ...facts, matched: matched.map(({ spanId, durationNano }) => `${spanId} ${durationNano}`) };
}

/** Names are numbered as their rows come, and parts are read side by side. */
function spelledOut(columns: TraceColumns | undefined) {
  if (columns === undefined) return undefined;
  const { names, services, name, service, ...others } = columns;
  return { ...others, name: Array.from(name, (at) => names[at]), service: Array.from(service, (at) => services[at]) };
}

const shardOf = (traceId: TraceId) => shardOfTrace(traceId, store.shardSlots ?? new Uint16Array(1));

describe('a cluster', () => {
  it('has the schema on every node', async () => {
    const tables = await onAllNodes(
      "SELECT database || '.' || name FROM system.tables WHERE database LIKE 'clew%' AND name NOT LIKE '.%' ORDER BY 1",
    );
    expect(tables[0].split('\n')).toEqual([
      ...['attribute_keys', 'operations', 'resources', 'schema_migrations', 'scopes', 'shard_placements'].map(
        (name) => `clew.${name}`,
      ),
      ...['span_minutes', 'span_minutes_from_spans', 'span_minutes_since', 'spans'].map((name) => `clew.${name}`),
      ...['clew.trace_times', 'clew.trace_times_from_spans', 'clew_distributed.answering_shards'],
      ...['attribute_keys', 'operations', 'resources', 'schema_migrations', 'scopes', 'shard_placements'].map(
        (name) => `clew_distributed.${name}`,
      ),
      ...['span_minutes', 'span_minutes_since', 'spans'].map((name) => `clew_distributed.${name}`),
      'clew_distributed.trace_times',
    ]);
    expect(new Set(tables).size).toBe(1);
  });

  it('has each trace on the one shard that ClickHouse looks for it, about evenly', async () => {
    const counts = await onAllNodes(
      'SELECT count(), uniqExact(trace_id), uniqExact(xxHash32(trace_id) % 3) FROM clew.spans',
    );
    const numbers = counts.map((line) => line.split('\t').map(Number));
    expect(numbers.reduce((sum, [spans]) => sum + spans, 0)).toBe(spansOf(world).length);
    expect(numbers.reduce((sum, [, traces]) => sum + traces, 0)).toBe(traceIds.length);
    for (const [, traces, slots] of numbers) {
      expect(slots).toBe(1);
      expect(Math.abs(traces - traceIds.length / 3)).toBeLessThan(traceIds.length / 6);
    }
    const shards = await onAllNodes('SELECT lower(hex(any(trace_id))) FROM clew.spans');
    expect(shards.map((traceId) => shardOf(traceId as TraceId))).toEqual([0, 1, 2]);
  });

  it('has what spans refer to on their shard', async () => {
    for (const [column, table] of [
      ['resource_id', 'resources'],
      ['scope_id', 'scopes'],
    ] as const) {
      const lost = `SELECT count() FROM clew.spans WHERE ${column} NOT IN (SELECT id FROM clew.${table})`;
      expect(await onAllNodes(lost)).toEqual(['0', '0', '0']);
    }
  });

  it('answers like one server', { timeout: 60_000 }, async () => {
    const vocabulary = buildVocabulary(world);
    for (let i = 0; i < FILTERS; i++) {
      const text = `{ ${printExpression(randomFilter(random, vocabulary))} }`;
      const [expected, found] = [await find(judge, { text }), await find(store.reader, { text })];
      expect({ text, traces: found.traces }).toEqual({ text, traces: expected.traces });
      expect({ text, complete: found.statistics.complete }).toEqual({ text, complete: true });
    }
  });

  it('pages like one server', async () => {
    const whole = (await find(judge)).traces;
    const paged = [];
    let next: string | undefined;
    let retries = 0;
    for (;;) {
      const { traces, statistics, cursor } = await find(store.reader, { limit: 50, cursor: next });
      // A server out of the library that is started again in between makes a page incomplete: asked for once more.
      if (!statistics.complete && retries++ < 5) continue;
      paged.push(...traces);
      if (cursor === undefined) break;
      next = cursor;
    }
    expect(paged).toEqual(whole);
  });

  it('lists names, keys and values like one server', async () => {
    const field = parseFilterSyntax('{ resource.service.name != nil }').expression;
    if (field.kind !== 'comparison') throw new Error('not a comparison');
    for (const read of [
      (reader: SpanStore) => reader.services(TENANT, WORLD),
      (reader: SpanStore) => reader.attributeKeys(TENANT, WORLD, '', 100),
      async (reader: SpanStore) => (await reader.attributeValues(TENANT, field.left, EVERYTHING, WORLD, '', 50)).value,
      (reader: SpanStore) => reader.hasSpans(TENANT),
      (reader: SpanStore) => reader.hasSpans('nobody'),
    ]) {
      expect(await read(store.reader)).toEqual(await read(judge));
    }
  });

  it('loads traces like one server', async () => {
    for (const traceId of traceIds.slice(0, 6)) {
      expect(await store.reader.loadTrace(TENANT, traceId)).toEqual(await judge.loadTrace(TENANT, traceId));
      const [ofCluster, ofOne] = await Promise.all(
        [store.reader, judge].map((reader) => reader.loadTraceColumns(TENANT, traceId)),
      );
      expect(spelledOut(ofCluster)).toEqual(spelledOut(ofOne));
    }
  });
});

describe('a cluster that has grown', () => {
  it('finds what was stored before and after', async () => {
    const before = await open('grown', SMALLER_CLUSTER_NAME);
    await before.ready;
    expect(Math.max(...(before.shardSlots ?? []))).toBe(1);
    await insert(before, world);
    const after = await open('grown');
    await after.ready;
    const moved = traceIds.filter((traceId) => shardOf(traceId) === 2);
    expect(moved.length).toBeGreaterThan(0);
    for (const traceId of moved.slice(0, 5)) {
      expect(await after.reader.loadTrace(TENANT, traceId)).toEqual(await judge.loadTrace(TENANT, traceId));
    }
    expect((await find(after.reader)).traces).toEqual((await find(judge)).traces);
  });
});

describe('a cluster of before', () => {
  it('is brought up to date on every node, with what is read from', { timeout: 60_000 }, async () => {
    const before = MIGRATIONS.slice(0, 7);
    for (const url of cluster.urls) {
      const client = createStoreClient({ url });
      const rewrite = (sql: string): string => clusterStatement(sql, CLUSTER_NAME, false);
      await migrate(migrationClientOf(client), { database: 'older', migrations: before, rewrite });
      await ensureDistributedTables(client, CLUSTER_NAME, 'older');
      await client.command(
        `INSERT INTO older.spans (tenant, day, event_name, event_time, event_dropped_attributes_count, event_attributes)
         VALUES ('${TENANT}', '2026-11-01', ['retry'], ['2026-11-01 00:00:00'], [0], [map('attempt', 's2')])`,
      );
      await client.close();
    }
    const older = await open('older');
    await older.ready;
    expect(await older.notReadyBecause()).toBeUndefined();
    expect(older.nodeStates().map(({ isUp }) => isUp)).toEqual([true, true, true]);
    const events = await onAllNodes(
      `SELECT count(), any(arrayStringConcat(mapKeys(events_and_links), ' ')), any(arrayStringConcat(events.name, ' '))
       FROM older_distributed.spans`,
    );
    expect(events).toEqual(NODES.map(() => '3\tretry attempt\tretry'));
    await insert(older, world);
    const counts = await onAllNodes('SELECT count() FROM older_distributed.spans');
    expect(counts).toEqual(NODES.map(() => String(spansOf(world).length + 3)));
  });
});

describe('a cluster without one of its shards', () => {
  const AWAY = 2;
  const isThere = ({ traceId }: { readonly traceId: string }) => shardOf(traceId as TraceId) !== AWAY;

  it('answers from the others, and says so', { timeout: 60_000 }, async () => {
    await cluster.kill(AWAY);
    await eventually(
      async () => store.nodeStates(),
      (states) => states.filter(({ isUp }) => isUp).length === 2,
    );
    const { traces, statistics } = await find(store.reader);
    expect(traces).toEqual((await find(judge)).traces.filter(isThere));
    expect(statistics).toMatchObject({
      complete: false,
      incompleteReason: expect.stringMatching(
        /^shard 3 of 3 \(127\.0\.0\.1:\d+\) does not answer: spans there are missing$/,
      ),
    });
    expect(store.isUp()).toBe(false);
    expect(await store.notReadyBecause()).toBeUndefined();
  });

  it('loads the traces of the others whole, and refuses to call the others unknown', async () => {
    const there = traceIds.find((traceId) => shardOf(traceId) !== AWAY) as TraceId;
    expect(await store.reader.loadTrace(TENANT, there)).toEqual(await judge.loadTrace(TENANT, there));
    const away = traceIds.find((traceId) => shardOf(traceId) === AWAY) as TraceId;
    await expect(store.reader.loadTrace(TENANT, away)).rejects.toMatchObject({
      name: 'StoreShardMissingError',
      message: expect.stringMatching(
        /^shard 3 of 3 does not answer \(node 127\.0\.0\.1:\d+: .*\), and this trace is on it/,
      ),
    });
  });

  it('takes spans for the others, and keeps refusing those of the one', async () => {
    const own = { deduplicationToken: 'empty', timeoutMs: 30_000 };
    await expect(store.targetOf(AWAY).insertNative('spans', [], own)).rejects.toThrow('shard 3 of 3 does not answer');
  });

  it('starts on what it remembers, and prepares a node that comes back', { timeout: 90_000 }, async () => {
    const other = await open('later');
    await eventually(
      async () => other.nodeStates(),
      (states) => states.filter(({ isUp }) => isUp).length === 2,
    );
    expect(other.shardSlots).toEqual(store.shardSlots);
    expect(
      await cluster.query(0, "SELECT count() FROM system.tables WHERE database = 'later' AND name = 'spans'"),
    ).toBe('1');
    await cluster.start(AWAY);
    await eventually(
      async () => other.isUp() && store.isUp(),
      (isUp) => isUp,
    );
    await insert(other, world);
    expect((await find(other.reader)).traces).toEqual((await find(judge)).traces);
    const again = await find(store.reader);
    expect(again.traces).toEqual((await find(judge)).traces);
    expect(again.statistics.complete).toBe(true);
  });
});

describe('opening a cluster', () => {
  it('says which clusters there are when there is none of that name', async () => {
    await expect(open('clew', 'trace')).rejects.toThrow(
      /^cluster trace: the ClickHouse server has no such entry in remote_servers \(it has: .*traces, traces_before.*\)/,
    );
  });
});

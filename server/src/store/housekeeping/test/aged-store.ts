/** A database in a real engine with spans of chosen days and classes, and housekeepers with clocks that can be set. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Dictionary, SpanBatch, type TraceData, type TraceId } from '@clew/model';
import { generateRealisticTraces } from '@clew/testkit/generate-realistic-traces';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { Registry } from 'prom-client';
import { createStorageMetrics } from '../../../telemetry/storage-metrics.ts';
import { createStoreClient, type StoreClient } from '../../client.ts';
import { SpanBlockEncoder } from '../../encode/span-block-encoder.ts';
import type { TestEngine } from '../../engine/test-engine.ts';
import { ClickHouseSpanStore } from '../../reader.ts';
import { migrate } from '../../schema/migrate.ts';
import { migrationClientOf } from '../../schema/migration-client.ts';
import { Housekeeper, type HousekeeperOptions } from '../housekeeper.ts';
import { MS_PER_DAY } from '../partition.ts';
import { STORE_TABLES } from '../store-tables.ts';

export interface StoredSpans {
  readonly tenant: string;
  readonly traceIds: readonly TraceId[];
  readonly spans: number;
}

export interface Batch {
  readonly tenant: string;
  /** Days since 1970 of the spans' starts. */
  readonly day: number;
  /** When they came; default: at noon of their day. One trace unless `traces` says more. */
  readonly receivedUnixMs?: number;
  readonly traces?: number;
}

let databases = 0;
let inserts = 0;
/** Emptied for the next test: making one takes half a second. */
const emptied = new WeakMap<TestEngine, string>();

export class AgedStore {
  readonly database: string;
  readonly client: StoreClient;
  readonly reader: ClickHouseSpanStore;
  readonly logged: string[] = [];
  /** The wall clock and the one that cannot be set, of every housekeeper. */
  wallUnixMs: number;
  runningMs = 0;
  readonly #directory = mkdtempSync(join(tmpdir(), 'clew-housekeeping-'));
  readonly #engine: TestEngine;
  #inserts = 0;
  #isSpoilt = false;

  private constructor(engine: TestEngine, database: string, nowUnixMs: number) {
    this.#engine = engine;
    this.database = database;
    this.wallUnixMs = nowUnixMs;
    this.client = createStoreClient({ ...engine.engine.clientOptions, database });
    this.reader = new ClickHouseSpanStore(this.client);
  }

  static async create(engine: TestEngine, nowUnixMs: number): Promise<AgedStore> {
    const ready = emptied.get(engine);
    if (emptied.delete(engine) && ready !== undefined) return new AgedStore(engine, ready, nowUnixMs);
    const database = `aged_${++databases}`;
    await migrate(migrationClientOf(engine.client), { database });
    return new AgedStore(engine, database, nowUnixMs);
  }

  /** Stores batches the way ingestion does, all in one insert a table. */
  async store(batches: readonly Batch[], retentionDaysOf: (tenant: string) => number): Promise<readonly StoredSpans[]> {
    const dictionary = new Dictionary();
    const encoder = new SpanBlockEncoder({ dictionary, retentionDaysOf });
    const stored: StoredSpans[] = [];
    for (const [i, { tenant, day, receivedUnixMs, traces = 1 }] of batches.entries()) {
      const noonUnixMs = (day + 0.5) * MS_PER_DAY;
      const data = generateRealisticTraces({
        seed: this.#inserts * 1000 + i + 1,
        traces,
        startTimeUnixNano: BigInt(noonUnixMs) * 1_000_000n,
      });
      const batch = new SpanBatch(dictionary);
      decodeOtlpProtobuf(batch, encodeOtlpProtobuf(data), DEFAULT_DECODE_LIMITS);
      encoder.add(batch, tenant, receivedUnixMs ?? noonUnixMs);
      stored.push({ tenant, traceIds: traceIdsOf(data), spans: batch.spanCount });
    }
    this.#inserts++;
    for (const { table, bytes } of encoder.finish().blocks) {
      await this.#engine.client.insertNative(`${this.database}.${table}`, [bytes], {
        deduplicationToken: `${this.database}-${++inserts}-${table}`,
      });
    }
    return stored;
  }

  /** A process's housekeeper; the same name means the same data directory, so after a restart. */
  housekeeper(name = 'one', options: Partial<HousekeeperOptions> = {}): Housekeeper {
    const log = (fields: object, message: string) => this.logged.push(`${message} ${JSON.stringify(fields)}`);
    return new Housekeeper({
      nodes: () => [{ name: 'embedded', client: this.#engine.client }],
      database: this.database,
      tables: STORE_TABLES,
      intervalMs: 60_000,
      maxDiskBytes: undefined,
      minFreeDiskBytes: 0,
      journalBytes: () => 0,
      statePath: join(this.#directory, `${name}.json`),
      metrics: createStorageMetrics(new Registry()),
      logger: { info: log, warn: log, error: log },
      nowUnixMs: () => this.wallUnixMs,
      nowMs: () => this.runningMs,
      ...options,
    });
  }

  /** Lets both clocks go on. */
  pass(ms: number): void {
    this.wallUnixMs += ms;
    this.runningMs += ms;
  }

  /** Ids of the partitions there are. */
  async partitions(table = 'spans'): Promise<readonly string[]> {
    const { rows } = await this.client.selectJson<{ id: string }>(
      `SELECT DISTINCT partition_id AS id FROM system.parts
       WHERE active AND database = {database:String} AND table = {table:String} ORDER BY id`,
      { database: this.database, table },
    );
    return rows.map(({ id }) => id);
  }

  async bytes(): Promise<number> {
    const { rows } = await this.client.selectJson<{ bytes: string }>(
      'SELECT sum(bytes_on_disk) AS bytes FROM system.parts WHERE active AND database = {database:String}',
      { database: this.database },
    );
    return Number(rows[0].bytes);
  }

  /** Spans of the traces, read by id: how many there are, and how many of them have a resource. */
  async read({ tenant, traceIds }: StoredSpans): Promise<{ readonly spans: number; readonly withResource: number }> {
    let spans = 0;
    let withResource = 0;
    for (const traceId of traceIds) {
      const data = await this.reader.loadTrace(tenant, traceId);
      for (const { resource, scopeSpans } of data?.resourceSpans ?? []) {
        const count = scopeSpans.reduce((sum, scope) => sum + scope.spans.length, 0);
        spans += count;
        if (resource.attributes.some(({ key }) => key === 'service.name')) withResource += count;
      }
    }
    return { spans, withResource };
  }

  /** To be called before tables are changed: the database is not for the next test then. */
  spoil(): void {
    this.#isSpoilt = true;
  }

  async close(): Promise<void> {
    if (!this.#isSpoilt) await this.#empty();
    await this.client.close();
    rmSync(this.#directory, { recursive: true });
  }

  async #empty(): Promise<void> {
    const { rows } = await this.client.selectJson<{ name: string }>(
      `SELECT DISTINCT table AS name FROM system.parts
       WHERE active AND database = {database:String} AND table != 'schema_migrations'`,
      { database: this.database },
    );
    await Promise.all(rows.map(({ name }) => this.client.command(`TRUNCATE TABLE ${this.database}.${name} SYNC`)));
    emptied.set(this.#engine, this.database);
  }
}

function traceIdsOf(data: TraceData): readonly TraceId[] {
  const ids = new Set<TraceId>();
  for (const { scopeSpans } of data.resourceSpans) {
    for (const { spans } of scopeSpans) for (const { traceId } of spans) ids.add(traceId);
  }
  return [...ids];
}

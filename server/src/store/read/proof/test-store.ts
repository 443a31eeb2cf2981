/** The real engine with the real schema, client and encoder, behind the interface the reader takes: for tests. */
import { randomUUID } from 'node:crypto';
import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { createStoreClient, type StoreClient } from '../../client.ts';
import { SpanBlockEncoder } from '../../encode/span-block-encoder.ts';
import { engineOfRun } from '../../engine/test/engine-of-run.ts';
import { startTestEngine } from '../../engine/test-engine.ts';
import { DEFAULT_DATABASE, migrate } from '../../schema/migrate.ts';
import { migrationClientOf } from '../../schema/migration-client.ts';
import type { ReadEngine } from '../read-engine.ts';

export interface TestStorePlace {
  /** To the engine, of no database. */
  readonly admin: StoreClient;
  /** To the database of the store. */
  readonly client: StoreClient;
  readonly database: string;
  /** Ends the engine, or removes the database from one that others use too. */
  readonly leave: () => Promise<void>;
}

export class TestStore implements ReadEngine {
  readonly client: StoreClient;
  /** Texts of the statements read so far. */
  readonly statements: string[] = [];
  readonly #place: TestStorePlace;
  #inserts = 0;

  constructor(place: TestStorePlace) {
    this.#place = place;
    this.client = place.client;
  }

  /** Stores traces the way ingestion does: OTLP bytes, decoder, encoder, Native blocks. */
  insert(data: TraceData, tenant: string, receivedUnixMs: number): Promise<void> {
    return this.insertBody(encodeOtlpProtobuf(data), tenant, receivedUnixMs);
  }

  /** The same of a request's bytes. */
  async insertBody(body: Uint8Array, tenant: string, receivedUnixMs: number): Promise<void> {
    const dictionary = new Dictionary();
    const batch = new SpanBatch(dictionary);
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    const encoder = new SpanBlockEncoder({ dictionary });
    encoder.add(batch, tenant, receivedUnixMs);
    for (const { table, bytes } of encoder.finish().blocks) {
      await this.insertBlocks(table, [bytes], `test-${++this.#inserts}`);
    }
  }

  insertBlocks(table: string, blocks: readonly Uint8Array[], deduplicationToken: string): Promise<void> {
    return this.#place.admin.insertNative(`${this.#place.database}.${table}`, blocks, { deduplicationToken });
  }

  selectJson: ReadEngine['selectJson'] = (sql, parameters, options) => {
    this.statements.push(sql);
    return this.client.selectJson(sql, parameters, options);
  };

  selectNative: ReadEngine['selectNative'] = (sql, parameters, options) => {
    this.statements.push(sql);
    return this.client.selectNative(sql, parameters, options);
  };

  async close(): Promise<void> {
    await this.client.close();
    await this.#place.leave();
  }
}

/**
 * Opens a store in a database of its own, in the engine that the files of a test run have together; `ownEngine`: for
 * who looks at all that an engine does.
 */
export async function startTestStore({ ownEngine = false } = {}): Promise<TestStore> {
  const shared = engineOfRun();
  if (ownEngine || shared === undefined) {
    const { engine, client: admin, close } = await startTestEngine();
    return openTestStore(engine.clientOptions, { admin, database: DEFAULT_DATABASE, leave: close });
  }
  const { socketPath } = shared;
  const admin = createStoreClient({ socketPath });
  const database = `test_${randomUUID().replaceAll('-', '_')}`;
  return openTestStore(
    { socketPath },
    {
      admin,
      database,
      async leave() {
        await admin.command(`DROP DATABASE ${database} SYNC`);
        await admin.close();
      },
    },
  );
}

async function openTestStore(
  options: { readonly socketPath: string },
  place: Omit<TestStorePlace, 'client'>,
): Promise<TestStore> {
  const { admin, database } = place;
  await migrate(migrationClientOf(admin), { database });
  return new TestStore({ ...place, client: createStoreClient({ ...options, database }) });
}

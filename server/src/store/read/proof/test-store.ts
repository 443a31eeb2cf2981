/** The real engine with the real schema, client and encoder, behind the interface the reader takes: for tests. */
import { Dictionary, SpanBatch, type TraceData } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { createStoreClient, type StoreClient } from '../../client.ts';
import { SpanBlockEncoder } from '../../encode/span-block-encoder.ts';
import { startTestEngine, type TestEngine } from '../../engine/test-engine.ts';
import { DEFAULT_DATABASE, migrate } from '../../schema/migrate.ts';
import type { ReadEngine } from '../read-engine.ts';

export class TestStore implements ReadEngine {
  readonly client: StoreClient;
  /** Texts of the statements read so far. */
  readonly statements: string[] = [];
  readonly #engine: TestEngine;
  #inserts = 0;

  constructor(engine: TestEngine, client: StoreClient) {
    this.#engine = engine;
    this.client = client;
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
      await this.#engine.client.insertNative(`${DEFAULT_DATABASE}.${table}`, [bytes], {
        deduplicationToken: `test-${++this.#inserts}`,
      });
    }
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
    await this.#engine.close();
  }
}

export async function startTestStore(): Promise<TestStore> {
  const engine = await startTestEngine();
  await migrate({
    command: (sql) => engine.client.command(sql),
    selectJson: async (sql) => (await engine.client.selectJson(sql)).rows,
  });
  return new TestStore(engine, createStoreClient({ ...engine.engine.clientOptions, database: DEFAULT_DATABASE }));
}

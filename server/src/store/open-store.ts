/** Opens the store: the embedded engine or a server, its client, the schema, the reader. */
import type { Config } from '../config/config.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { ReadGate } from './admission/read-gate.ts';
import { createStoreClient, type StoreClientOptions } from './client.ts';
import { openCluster } from './cluster/open-cluster.ts';
import { createEmbeddedTarget } from './embedded-target.ts';
import { DataDirectoryLock } from './engine/data-directory-lock.ts';
import { type EmbeddedEngine, type EngineCrash, startEmbeddedEngine } from './engine/embedded-engine.ts';
import type { OpenedStore } from './opened-store.ts';
import { refusingReads } from './read/refusing-reads.ts';
import { ClickHouseSpanStore } from './reader.ts';
import { migrationClientOf } from './schema/migration-client.ts';
import { SchemaUpdate } from './schema/schema-update.ts';
import { withServerCodecs } from './schema/server-codecs.ts';
import { serverPlace } from './server-place.ts';
import { containsAnySpan } from './stored-check.ts';

export interface OpenStoreOptions {
  readonly config: Config['store'];
  /** The bundled engine process. */
  readonly enginePath: string;
  readonly logger: StageLogger;
  /** What every read passes. */
  readonly readGate: ReadGate;
  readonly onEngineRestart: (crash: EngineCrash) => void;
}

/**
 * @throws Error in words for a person when the data directory or the engine cannot be had, or the schema is not one
 * this program can work with. A server that is away is no error: spans wait in the journal.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  const { config } = options;
  return config.cluster === undefined ? openServer(options) : openClusterLocked(options, config.cluster);
}

async function openClusterLocked(
  { config, logger, readGate }: OpenStoreOptions,
  cluster: string,
): Promise<OpenedStore> {
  const { dataDir, database, clickhouseUrl = '' } = config;
  const lock = await DataDirectoryLock.acquire(dataDir);
  const options = { cluster, database, clickhouseUrl, dataDir, logger };
  const { engine, ...store } = await openCluster(options).catch((error: unknown) => {
    lock.release();
    throw error;
  });
  return {
    ...store,
    reader: new ClickHouseSpanStore(engine, readLimitsOf(config), readGate),
    async close() {
      await store.close();
      lock.release();
    },
  };
}

function readLimitsOf({ queryTimeoutMs, queryMemoryBytes }: Config['store']) {
  return { timeoutMs: queryTimeoutMs, maxMemoryBytes: queryMemoryBytes };
}

async function openServer(options: OpenStoreOptions): Promise<OpenedStore> {
  const { config, logger } = options;
  const engine = config.clickhouseUrl === undefined ? await openEngine(options) : undefined;
  // The embedded engine holds the directory itself. With a server only the journal is in it, which has one writer too.
  const lock = engine === undefined ? await DataDirectoryLock.acquire(config.dataDir) : undefined;
  const place: StoreClientOptions =
    engine === undefined ? serverPlace(config.clickhouseUrl ?? '') : engine.clientOptions;
  // Before the first migration the database does not exist, and a server refuses requests that name it.
  const admin = createStoreClient(place);
  const client = createStoreClient({ ...place, database: config.database });
  const schema = new SchemaUpdate({
    client: migrationClientOf(admin),
    database: config.database,
    logger,
    whoAnswers: 'the ClickHouse server',
    ...(engine === undefined && { rewrite: withServerCodecs }),
  });
  let ready: Promise<void>;
  if (engine !== undefined) {
    const { done } = await schema.begin().catch(async (error: unknown) => {
      await engine.stop();
      throw error;
    });
    ready = done;
  } else {
    ready = schema.whenThere();
  }
  // Nobody else has the embedded engine: what is stored this process has stored.
  const reader = new ClickHouseSpanStore(
    refusingReads(client, () => schema.progress),
    readLimitsOf(config),
    options.readGate,
    engine !== undefined,
  );
  return {
    reader,
    targetOf: () =>
      engine === undefined
        ? {
            insertNative: (table, blocks, { deduplicationToken, timeoutMs }) =>
              admin.insertNative(`${config.database}.${table}`, blocks, {
                deduplicationToken,
                signal: AbortSignal.timeout(timeoutMs),
              }),
            containsAny: (spanBlocks) => containsAnySpan(admin, config.database, spanBlocks),
          }
        : createEmbeddedTarget({
            ...{ client: admin, database: config.database, engine, logger },
            onAttributeKeys: () => reader.attributeKeysStored(),
          }),
    shardSlots: undefined,
    nodeStates: () => [],
    nodes: () => [
      { name: engine === undefined ? new URL(config.clickhouseUrl ?? '').host : 'embedded', client: admin },
    ],
    ready,
    engineMemory: async (reclaim) => engine?.memory(reclaim) ?? 0,
    isUp: () => schema.isDone && (engine === undefined || engine.isReady),
    async notReadyBecause() {
      if (!schema.isDone)
        return schema.progress ?? 'the schema is not in place yet: the ClickHouse server has not answered';
      const fullDisk = await engine?.fullDisk();
      if (fullDisk !== undefined) return fullDisk;
      return (await client.ping()) ? undefined : 'the store does not answer';
    },
    async close() {
      schema.close();
      await client.close();
      await admin.close();
      await engine?.stop();
      lock?.release();
    },
  };
}

async function openEngine({ config, enginePath, logger, onEngineRestart }: OpenStoreOptions): Promise<EmbeddedEngine> {
  return startEmbeddedEngine({
    dataDir: config.dataDir,
    enginePath,
    memoryLimitBytes: config.engineMemoryBytes,
    logger: {
      info: (fields, message) => logger.info({ ...fields }, message),
      warn: (fields, message) => logger.warn({ ...fields }, message),
      error: (fields, message) => logger.error({ ...fields }, message),
    },
    onCrash: onEngineRestart,
  });
}

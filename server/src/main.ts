/**
 * Wires the stages of one Clew process, top to bottom in the order of the data. With ingest-worker.ts the only file
 * that knows concrete classes.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SpareBuffers } from '@clew/model/spare-buffers';
import { createApi } from './api/api.ts';
import { explainListenError, openApiPort } from './api/api-port.ts';
import type { ApiDependencies } from './api/dependencies.ts';
import { ApiError } from './api/problem.ts';
import { createStreamingQuerier } from './api/tempo/streaming-querier.ts';
import { createTempoApi } from './api/tempo/tempo-api.ts';
import { type Config, limitsOf } from './config/config.ts';
import { isLoopback } from './config/is-loopback.ts';
import { readTenantFromHeader } from './config/read-tenant.ts';
import { loadTlsFiles } from './config/tls-files.ts';
import { setV8Flags } from './config/v8-flags.ts';
import { createIngestPool, DEFAULT_INGEST_POOL_LIMITS } from './decode/ingest-pool.ts';
import type { Retention } from './decode/worker-messages.ts';
import { Journal } from './journal/journal.ts';
import { tuneCAllocator } from './memory/c-allocator.ts';
import { createLimitMemory } from './process/limit-stages.ts';
import { BodyBudget } from './receive/body-budget.ts';
import { DEFAULT_CORS } from './receive/cors.ts';
import type { Ingest } from './receive/ingest.ts';
import { MemoryGuard } from './receive/memory-guard.ts';
import { startOtlpGrpcServer } from './receive/otlp-grpc.ts';
import { createOtlpHttpHandler } from './receive/otlp-http.ts';
import { type RunningReceiver, startOtlpHttpServer } from './receive/otlp-http-server.ts';
import { DEFAULT_RECEIVE_LIMITS, type ReceiveLimits } from './receive/receive-limits.ts';
import { TENANT_HEADER, tenantFromHeader } from './receive/tenant.ts';
import { TenantGate } from './receive/tenant-gate.ts';
import { watchConnections } from './receive/watch-connections.ts';
import { ReadGate } from './store/admission/read-gate.ts';
import { Housekeeper } from './store/housekeeping/housekeeper.ts';
import { STORE_TABLES } from './store/housekeeping/store-tables.ts';
import { LaneWriters } from './store/lane-writers.ts';
import { openStore } from './store/open-store.ts';
import { isBadBlockError, isSizeError } from './store/store-error.ts';
import { IngestCounters } from './telemetry/ingest-counters.ts';
import { createLogger } from './telemetry/logger.ts';
import { createMemoryMetrics } from './telemetry/memory-metrics.ts';
import { createProgramMetrics } from './telemetry/program-metrics.ts';
import { createPrometheusIngestMetrics } from './telemetry/prometheus-ingest-metrics.ts';
import { createReadMetrics } from './telemetry/read-metrics.ts';
import { createStorageMetrics } from './telemetry/storage-metrics.ts';

declare const __CLEW_VERSION__: string;

export interface ClewUrls {
  readonly ui: string;
  /** Empty when the port was taken by somebody else. */
  readonly otlpGrpc: string;
  /** Empty when the port was taken by somebody else; `ui` + /v1/traces takes OTLP/HTTP as well. */
  readonly otlpHttp: string;
  /** For Grafana's Tempo data source; empty when the port was taken by somebody else (`ui` + /tempo answers as well). */
  readonly tempo: string;
}

export interface RunningClew {
  readonly urls: ClewUrls;
  /** Finishes what is under way and stops. What the store does not take in time stays in the journal. */
  stop(): Promise<void>;
}

/** Memory of bodies and blocks kept for later ones. */
const SPARE_BODY_BYTES = 8 * 2 ** 20;
/** What one insert of a busy second frees: what is not kept is garbage of the oldest kind. */
const SPARE_BLOCK_BYTES = 24 * 2 ** 20;
/** Most payload of one insert. */
const MAX_GROUP_BYTES = 28 * 2 ** 20;
/** What an insert of that needs in the engine and on the way there, beside what is there anyway: measured, rounded up. */
const INSERT_BYTES = 5 * MAX_GROUP_BYTES;
/** What senders are told to wait while the store's disk is full. */
const FULL_RETRY_AFTER_MS = 30_000;
/** How long a stop waits for the store to take what is in the journal. */
const STOP_DRAIN_MS = 5_000;

/** @throws Error in words for a person when the data directory, the engine or the main port cannot be had. */
export async function startServer(config: Config): Promise<RunningClew> {
  const startedUnixMs = Date.now();
  setV8Flags();
  // While the engine starts, which takes longer.
  const tuningAllocator = tuneCAllocator();
  const version = __CLEW_VERSION__;
  const logger = createLogger(config.log);
  const { dataDir } = config.store;

  // Store first: it takes longest, and it makes the data directory and holds its lock.
  const readGate = new ReadGate(config.query);
  const store = await openStore({
    config: config.store,
    readGate,
    enginePath: fileURLToPath(new URL('./engine.js', import.meta.url)),
    logger,
    onEngineRestart: ({ reason }) => metrics.engineRestarted(reason),
  });
  const bodyMemory = new SpareBuffers(SPARE_BODY_BYTES);
  const blockMemory = new SpareBuffers(SPARE_BLOCK_BYTES);
  const journal = await Journal.open({
    dir: join(dataDir, 'journal'),
    maxBytes: config.journal.maxBytes,
    segmentBytes: config.journal.segmentBytes,
    memoryBytes: config.journal.memoryBytes,
    onFreed: ({ blocks }) => {
      // The blocks of an entry lie in one buffer, those of several shards in several.
      for (const buffer of new Set(blocks.map(({ bytes }) => bytes.buffer))) {
        if (buffer instanceof ArrayBuffer) blockMemory.give(buffer);
      }
    },
    ...(store.shardSlots && { lanes: Math.max(...store.shardSlots) + 1 }),
    logger,
  });
  const metrics = createProgramMetrics(version, () => ({
    journal: journal.depth,
    journalDamagedEntries: journal.damagedEntryCount,
    journalFailedWrites: journal.failedWriteCount,
    engineUp: store.isUp(),
    storeNodes: store.nodeStates(),
  }));
  readGate.reportTo(createReadMetrics(metrics.registry, readGate));
  const counters = new IngestCounters(createPrometheusIngestMetrics(metrics.registry));

  const housekeeper = new Housekeeper({
    nodes: () => store.nodes(),
    database: config.store.database,
    tables: STORE_TABLES,
    intervalMs: config.store.housekeepingIntervalMs,
    maxDiskBytes: config.store.maxDiskBytes,
    minFreeDiskBytes: config.store.minFreeDiskBytes,
    journalBytes: () => (config.store.clickhouseUrl === undefined ? journal.depth.bytes : 0),
    statePath: join(dataDir, 'housekeeping.json'),
    metrics: createStorageMetrics(metrics.registry),
    logger,
  });
  const writer = new LaneWriters({
    journal,
    targetOf: store.targetOf,
    isContentError: isBadBlockError,
    isSizeError,
    flushSpans: config.writer.flushSpans,
    flushIntervalMs: config.writer.flushIntervalMs,
    maxGroupBytes: MAX_GROUP_BYTES,
    groupFactor: () => housekeeper.insertFactor,
    waitForRoom: (signal) => memoryGuard.waitForInsertRoom(signal),
    metrics: metrics.writer,
    logger,
  });
  void store.ready.then(() => {
    writer.start();
    housekeeper.start();
  });

  const gate = new TenantGate({
    limitsOf: (tenant) => limitsOf(config, tenant),
    maxTenants: config.ingest.maxTenants,
    maxBodyBytes: config.otlp.maxBodyBytes,
    metrics: counters,
  });
  const pool = createIngestPool({
    workerUrl: new URL('./ingest-worker.js', import.meta.url),
    workerCount: config.ingest.workers,
    append: (entry) => journal.append(entry),
    bodyMemory,
    blockMemory,
    journalFullBecause: () => journalFullBecause(journal.depth.bytes, config.journal.maxBytes),
    tenantSetup: {
      limits: config.limits,
      tenants: config.tenants,
      memory: createLimitMemory(),
      rates: gate.rateMemory,
    },
    limits: {
      ...DEFAULT_INGEST_POOL_LIMITS,
      maxInFlightBytes: config.ingest.maxInFlightBytes,
      maxInFlightRequests: config.ingest.maxInFlightRequests,
      worker: {
        ...DEFAULT_INGEST_POOL_LIMITS.worker,
        maxBodyBytes: config.otlp.maxBodyBytes,
        retention: retentionOf(config),
        ...(store.shardSlots && { shardSlots: store.shardSlots }),
      },
    },
    metrics: counters,
    logger,
  });

  const limits: ReceiveLimits = {
    ...DEFAULT_RECEIVE_LIMITS,
    maxBodyBytes: config.otlp.maxBodyBytes,
    maxReceivingBytes: config.ingest.maxInFlightBytes,
  };
  const budget = new BodyBudget(limits.maxReceivingBytes, (bytes) => counters.receivingBytesChanged(bytes), bodyMemory);
  const memoryGuard = new MemoryGuard({
    limitBytes: config.memory.limitBytes,
    maxBodyBytes: limits.maxReceivingBytes,
    budget,
    insertBytes: INSERT_BYTES,
    processes: {
      main: async (reclaim) => {
        if (reclaim) await (await tuningAllocator).trim();
        return process.memoryUsage.rss();
      },
      engine: (reclaim) => store.engineMemory(reclaim),
    },
    metrics: createMemoryMetrics(metrics.registry, config.memory.limitBytes),
    logger,
  });
  memoryGuard.start();
  // A ClickHouse server has a memory of its own.
  if (config.store.clickhouseUrl === undefined) readGate.keepWithin(() => memoryGuard.roomBytes);
  const receiver = {
    ingest: refusingWhenFull(pool.ingest, () => housekeeper.refusal),
    limits,
    budget,
    tenantOf: tenantFromHeader,
    gate,
    metrics: counters,
    logger,
  };
  const otlpHttpHandler = createOtlpHttpHandler({
    ...receiver,
    // Pages of this machine may always send: that is what a developer's first browser span needs.
    cors: { ...DEFAULT_CORS, allowedOrigins: [...DEFAULT_CORS.allowedOrigins, ...config.otlp.corsAllowedOrigins] },
  });

  const { host } = config.server;
  const receivers: RunningReceiver[] = [];
  /** A taken dialect port is a warning: everything else still works. */
  const tryListen = async (
    name: string,
    port: number,
    scheme: string,
    start: () => Promise<RunningReceiver>,
  ): Promise<string> => {
    try {
      const running = await start();
      receivers.push(running);
      return `${scheme}://${hostInUrl(host)}:${running.port}`;
    } catch (error) {
      const explained = await explainListenError(error as NodeJS.ErrnoException, host, port);
      logger.warn({ port }, `${name} is not listening: ${explained.message}`);
      return '';
    }
  };
  const otlpHttp = await tryListen('OTLP/HTTP', config.otlp.httpPort, 'http', () =>
    startOtlpHttpServer({
      handler: otlpHttpHandler,
      host,
      port: config.otlp.httpPort,
      limits,
      metrics: counters,
      logger,
    }),
  );
  const httpPort = receivers[0]?.port ?? config.otlp.httpPort;
  const otlpGrpc = await tryListen('OTLP/gRPC', config.otlp.grpcPort, 'http', () =>
    startOtlpGrpcServer({ ...receiver, host, port: config.otlp.grpcPort, httpPort }),
  );

  const apiScheme = config.tls.cert === undefined ? 'http' : 'https';
  let urls: ClewUrls = { ui: '', otlpGrpc, otlpHttp, tempo: '' };
  const stopping = new AbortController();
  const apiDependencies: ApiDependencies = {
    stopping: stopping.signal,
    store: store.reader,
    version,
    uiDir: fileURLToPath(new URL('./ui', import.meta.url)),
    tenantOf: (headers) => {
      const result = readTenantFromHeader(headers.get(TENANT_HEADER) ?? undefined);
      if (!result.ok) throw new ApiError(400, 'TENANT_INVALID', result.message);
      return result.tenant;
    },
    status: () => ({
      version,
      startedUnixMs,
      spans: {
        received: counters.receivedSpans,
        accepted: counters.acceptedSpans,
        refused: counters.rejectedSpans,
        stored: writer.storedSpans,
      },
      acceptedPerSecond: counters.acceptedPerSecond(),
      journal: journal.depth,
      endpoints: urls,
      ...(housekeeper.storage !== undefined && { storage: housekeeper.storage }),
    }),
    metricsText: () => metrics.registry.metrics(),
    readiness: {
      takesNoSpansBecause: async () => {
        const { bytes } = journal.depth;
        if (journal.isFull || journalFullBecause(bytes, config.journal.maxBytes) !== undefined) {
          return `the journal is full: ${bytes} bytes (limit ${config.journal.maxBytes}, journal.maxBytes)`;
        }
        return housekeeper.refusal ?? (await journal.recheckDisk());
      },
      storesNoSpansBecause: async () => {
        const trouble = await store.notReadyBecause();
        if (trouble !== undefined) return trouble;
        return writer.trouble === undefined ? undefined : `the store takes no spans: ${writer.trouble}`;
      },
      answersNoQueriesBecause: () => store.notReadyBecause(),
    },
    queryTimeoutMs: config.store.queryTimeoutMs,
    corsAllowedOrigins: config.tempo.corsAllowedOrigins,
    metrics: metrics.api,
    logger,
  };
  const stopEverythingElse = async (): Promise<void> => {
    memoryGuard.stop();
    await Promise.all(receivers.map((running) => running.close()));
    await pool.close();
    await housekeeper.stop();
    await writer.stop(STOP_DRAIN_MS);
    await journal.close();
    await store.close();
  };
  await pool.ready;
  const apiPort = {
    grpc: createStreamingQuerier(apiDependencies),
    allowedHosts: isLoopback(host) ? config.server.allowedHosts : undefined,
    host,
    tls: loadTlsFiles(config.tls),
  };
  const tempo = await tryListen('The Tempo API', config.tempo.port, apiScheme, async () => {
    const port = await openApiPort({
      ...apiPort,
      api: createTempoApi(apiDependencies),
      port: config.tempo.port,
      watch: (server) => watchConnections(server, 'tempo', counters),
      onDropped: (reason) => counters.connectionDropped('tempo', reason),
    });
    return { port: port.port, close: () => port.close(STOP_DRAIN_MS) };
  });
  const mainPort = await openApiPort({
    ...apiPort,
    api: createApi(apiDependencies),
    first: otlpHttpHandler,
    port: config.server.port,
    watch: (server) => watchConnections(server, 'main', counters),
    onDropped: (reason) => counters.connectionDropped('main', reason),
  }).catch(async (error: Error) => {
    await stopEverythingElse();
    throw error;
  });
  urls = { ...urls, tempo, ui: `${apiScheme}://${hostInUrl(host)}:${mainPort.port}` };
  logger.info({ urls, version, dataDir, startMs: Date.now() - startedUnixMs }, 'ready');

  return {
    urls,
    async stop() {
      stopping.abort();
      await mainPort.close(STOP_DRAIN_MS);
      await stopEverythingElse();
      logger.info({ stored: writer.storedSpans }, 'stopped');
    },
  };
}

function retentionOf({ store, tenants }: Config): Retention {
  const daysByTenant = new Map<string, number>();
  for (const [tenant, { retentionDays }] of tenants) {
    if (retentionDays !== undefined) daysByTenant.set(tenant, retentionDays);
  }
  return { days: store.retentionDays, daysByTenant };
}

/** What is taken while the store's disk is full fills the journal's disk next. */
function refusingWhenFull(ingest: Ingest, whyFull: () => string | undefined): Ingest {
  return (request) => {
    const full = whyFull();
    if (full === undefined) return ingest(request);
    return Promise.resolve({ kind: 'overloaded', message: `${full}. Retry later.`, retryAfterMs: FULL_RETRY_AFTER_MS });
  };
}

/** Room kept for the blocks on their way into the journal: what workers are given must not be refused there. */
const JOURNAL_RESERVE = 1 / 16;

function journalFullBecause(bytes: number, maxBytes: number): string | undefined {
  if (bytes < maxBytes * (1 - JOURNAL_RESERVE)) return undefined;
  return `journal: ${bytes} bytes wait for the store, it is as good as full (limit ${maxBytes}, journal.maxBytes). Retry later.`;
}

/** An address people can click: "every interface" is reached through loopback. */
function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

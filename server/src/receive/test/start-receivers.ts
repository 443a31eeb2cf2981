import { SpareBuffers } from '@clew/model/spare-buffers';
import type { TenantLimits } from '../../config/config.ts';
import { createIngestPool, DEFAULT_INGEST_POOL_LIMITS, type IngestPoolLimits } from '../../decode/ingest-pool.ts';
import { bundleWorker } from '../../decode/test/bundle-ingest-worker.ts';
import { type CountingMetrics, countingMetrics } from '../../decode/test/counting-metrics.ts';
import { RecordingJournal } from '../../decode/test/recording-journal.ts';
import { RecordingLogger } from '../../decode/test/recording-logger.ts';
import { testLimits, testTenantSetup } from '../../decode/test/tenant-setup.ts';
import { BodyBudget } from '../body-budget.ts';
import { type CorsOptions, DEFAULT_CORS } from '../cors.ts';
import type { Ingest } from '../ingest.ts';
import { startOtlpGrpcServer } from '../otlp-grpc.ts';
import { createOtlpHttpHandler } from '../otlp-http.ts';
import { type RunningReceiver, startOtlpHttpServer } from '../otlp-http-server.ts';
import { DEFAULT_RECEIVE_LIMITS, type ReceiveLimits } from '../receive-limits.ts';
import { tenantFromHeader } from '../tenant.ts';
import { TenantGate } from '../tenant-gate.ts';

export interface TestReceivers extends CountingMetrics {
  readonly http: RunningReceiver;
  readonly grpc: RunningReceiver;
  /** `http://127.0.0.1:port` of OTLP/HTTP. */
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly journal: RecordingJournal;
  readonly logger: RecordingLogger;
  readonly budget: BodyBudget;
  close(): Promise<void>;
}

export interface TestReceiversOptions {
  readonly receive?: Partial<ReceiveLimits>;
  readonly pool?: Partial<IngestPoolLimits>;
  readonly cors?: CorsOptions;
  /** Of every tenant, in place of the defaults. */
  readonly limits?: Partial<TenantLimits>;
  readonly maxTenants?: number;
  /** Stands before the real pool. */
  readonly around?: (ingest: Ingest) => Ingest;
}

const HOST = '127.0.0.1';

/** Both OTLP receivers on free ports, before a real pool with two worker threads and a journal in memory. */
export async function startReceivers(options: TestReceiversOptions = {}): Promise<TestReceivers> {
  const bundled = await bundleWorker();
  const counts = countingMetrics();
  const { metrics } = counts;
  const journal = new RecordingJournal();
  const logger = new RecordingLogger();
  const limits = { ...DEFAULT_RECEIVE_LIMITS, drainTimeoutMs: 2_000, retrySpreadMs: 0, ...options.receive };
  const gate = new TenantGate({
    limitsOf: () => testLimits(options.limits),
    maxTenants: options.maxTenants ?? 100,
    maxBodyBytes: limits.maxBodyBytes,
    metrics,
  });
  const bodyMemory = new SpareBuffers(8 * 2 ** 20);
  const pool = createIngestPool({
    workerUrl: bundled.url,
    workerCount: 2,
    append: journal.append,
    bodyMemory,
    blockMemory: new SpareBuffers(2 ** 20),
    tenantSetup: testTenantSetup(options.limits, gate.rateMemory),
    limits: {
      ...DEFAULT_INGEST_POOL_LIMITS,
      worker: { ...DEFAULT_INGEST_POOL_LIMITS.worker, maxBodyBytes: limits.maxBodyBytes },
      ...options.pool,
    },
    metrics,
    logger,
  });
  await pool.ready;
  const budget = new BodyBudget(limits.maxReceivingBytes, (bytes) => metrics.receivingBytesChanged(bytes), bodyMemory);
  const ingest = options.around?.(pool.ingest) ?? pool.ingest;
  const common = { ingest, limits, budget, tenantOf: tenantFromHeader, gate, metrics, logger };
  const handler = createOtlpHttpHandler({ ...common, cors: options.cors ?? DEFAULT_CORS });
  const http = await startOtlpHttpServer({ handler, host: HOST, port: 0, limits });
  const grpc = await startOtlpGrpcServer({ ...common, host: HOST, port: 0, httpPort: http.port });
  return {
    ...counts,
    http,
    grpc,
    httpUrl: `http://${HOST}:${http.port}`,
    grpcUrl: `http://${HOST}:${grpc.port}`,
    journal,
    logger,
    budget,
    async close() {
      await Promise.all([http.close(), grpc.close()]);
      await pool.close();
      bundled.remove();
    },
  };
}

/** What the gate of reads counts. */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface ReadMetrics {
  refused(limit: string): void;
  cancelled(stage: 'waiting' | 'running'): void;
  finished(statement: {
    readonly tenant: string;
    readonly kind: string;
    readonly waitSeconds: number;
    readonly seconds: number;
    readonly bytesRead: number;
  }): void;
}

export interface ReadState {
  readonly runningCount: number;
  readonly waitingCount: number;
}

/** Tenants with a label of their own; the others share one. */
const MAX_TENANT_LABELS = 100;
const OTHER_TENANTS = '(others)';
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createReadMetrics(registry: Registry, state: ReadState): ReadMetrics {
  const registers = [registry];
  new Gauge({
    name: 'clew_query_running',
    help: 'Statements of queries in the engine (limit: query.maxRunning).',
    registers,
    collect() {
      this.set(state.runningCount);
    },
  });
  new Gauge({
    name: 'clew_query_waiting',
    help: 'Statements of queries that wait for their turn (limit: query.maxWaiting).',
    registers,
    collect() {
      this.set(state.waitingCount);
    },
  });
  const refused = new Counter({
    name: 'clew_query_refused_total',
    help: 'Queries answered with 429, by the limit they met.',
    labelNames: ['limit'],
    registers,
  });
  const cancelled = new Counter({
    name: 'clew_query_cancelled_total',
    help: 'Statements whose client left, while they waited or ran.',
    labelNames: ['stage'],
    registers,
  });
  const wait = new Histogram({
    name: 'clew_query_wait_seconds',
    help: 'How long statements of queries waited for their turn.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  const seconds = new Histogram({
    name: 'clew_query_statement_seconds',
    help: 'How long statements of queries ran.',
    labelNames: ['kind'],
    buckets: SECONDS,
    registers,
  });
  const tenantSeconds = new Counter({
    name: 'clew_query_tenant_seconds_total',
    help: 'Engine time of the queries of a tenant.',
    labelNames: ['tenant'],
    registers,
  });
  const tenantBytes = new Counter({
    name: 'clew_query_tenant_bytes_read_total',
    help: 'Bytes that the queries of a tenant read.',
    labelNames: ['tenant'],
    registers,
  });
  const labelled = new Set<string>();
  const labelOf = (tenant: string): string => {
    if (labelled.has(tenant)) return tenant;
    if (labelled.size >= MAX_TENANT_LABELS) return OTHER_TENANTS;
    labelled.add(tenant);
    return tenant;
  };
  return {
    refused: (limit) => refused.inc({ limit }),
    cancelled: (stage) => cancelled.inc({ stage }),
    finished(statement) {
      const { kind } = statement;
      wait.observe({ kind }, statement.waitSeconds);
      seconds.observe({ kind }, statement.seconds);
      const tenant = labelOf(statement.tenant);
      tenantSeconds.inc({ tenant }, statement.seconds);
      tenantBytes.inc({ tenant }, statement.bytesRead);
    },
  };
}

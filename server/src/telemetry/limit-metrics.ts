/** What limits cost senders, by limit and tenant; documented in docs/operating/limits.md. */
import { Counter, Gauge, type Registry } from 'prom-client';

export type LimitName =
  // Requests refused:
  | 'spans_per_second'
  | 'bytes_per_second'
  | 'body_bytes'
  | 'tenant_share'
  | 'client_share'
  | 'in_flight_bytes'
  | 'in_flight_requests'
  | 'queue_wait'
  | 'journal'
  | 'memory'
  // Spans rejected or renamed, attributes dropped, values cut:
  | 'spans_per_trace'
  | 'attribute_count'
  | 'attribute_value_bytes'
  | 'attribute_keys'
  | 'span_names_per_service';

export interface LimitMetrics {
  limitHit(limit: LimitName, tenant: string, count: number): void;
  /** How many tenants are remembered; a gauge. */
  tenantsTracked(count: number): void;
}

/** Tenants with a series of their own; the hits of all others are counted as those of this one. */
const MAX_TENANT_LABELS = 100;
const OTHER_TENANTS = '{other}';

export function createLimitMetrics(registry: Registry): LimitMetrics {
  const registers = [registry];
  const hits = new Counter({
    name: 'clew_limit_hits_total',
    help: 'Requests refused, spans rejected or renamed, attributes dropped and values cut, by limit; see docs/operating/limits.md.',
    labelNames: ['limit', 'tenant'],
    registers,
  });
  const tenants = new Gauge({
    name: 'clew_tenants_tracked',
    help: 'Tenants whose rates are remembered (ingest.maxTenants).',
    registers,
  });
  const labels = new Set<string>();
  return {
    limitHit(limit, tenant, count) {
      if (labels.size < MAX_TENANT_LABELS) labels.add(tenant);
      hits.inc({ limit, tenant: labels.has(tenant) ? tenant : OTHER_TENANTS }, count);
    },
    tenantsTracked: (count) => tenants.set(count),
  };
}

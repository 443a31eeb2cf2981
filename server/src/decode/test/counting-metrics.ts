import { Registry } from 'prom-client';
import type { IngestMetrics } from '../../telemetry/ingest-metrics.ts';
import { createPrometheusIngestMetrics } from '../../telemetry/prometheus-ingest-metrics.ts';

export interface CountingMetrics {
  readonly metrics: IngestMetrics;
  /** The value of a sample, such as `valueOf('clew_accepted_spans_total', { transport: 'otlp_http' })`; 0 if absent. */
  valueOf(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
}

/** The real metrics, read back. */
export function countingMetrics(): CountingMetrics {
  const registry = new Registry();
  return {
    metrics: createPrometheusIngestMetrics(registry),
    async valueOf(name, labels = {}) {
      const metric = await registry.getSingleMetric(name)?.get();
      if (metric === undefined) throw new Error(`${name}: no such metric`);
      const found = metric.values.find((value) =>
        Object.entries(labels).every(([label, text]) => String(Reflect.get(value.labels, label)) === text),
      );
      return found?.value ?? 0;
    },
  };
}

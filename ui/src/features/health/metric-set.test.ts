import { describe, expect, it } from 'vitest';
import { MetricSet } from './metric-set.ts';

const TEXT = `# HELP clew_refused_requests_total Requests that were not accepted.
# TYPE clew_refused_requests_total counter
clew_refused_requests_total{transport="otlp_http",reason="invalid"} 2
clew_refused_requests_total{transport="otlp_grpc",reason="invalid"} 3
clew_refused_requests_total{transport="otlp_http",reason="limited"} 40
clew_refused_requests_total{transport="otlp_http",reason="failed"} 0
clew_journal_entries 7
clew_limit_hits_total{limit="attribute_keys",tenant="a \\"b\\" }\\n\\\\"} 1.5e3
clew_acknowledge_seconds_bucket{le="0.001",transport="otlp_http"} 10
clew_acknowledge_seconds_bucket{le="0.01",transport="otlp_http"} 90
clew_acknowledge_seconds_bucket{le="+Inf",transport="otlp_http"} 100
clew_acknowledge_seconds_bucket{le="0.001",transport="otlp_grpc"} 0
clew_acknowledge_seconds_bucket{le="0.01",transport="otlp_grpc"} 0
clew_acknowledge_seconds_bucket{le="+Inf",transport="otlp_grpc"} 0
`;

describe('a set of metrics', () => {
  const metrics = new MetricSet(TEXT);

  it('sums what has the labels asked for', () => {
    expect(metrics.sum('clew_refused_requests_total')).toBe(45);
    expect(metrics.sum('clew_refused_requests_total', { reason: 'invalid' })).toBe(5);
    expect(metrics.sum('clew_journal_entries')).toBe(7);
    expect(metrics.sum('clew_nothing_total')).toBeUndefined();
  });

  it('sums by a label, largest first, and leaves out what never happened', () => {
    expect(metrics.by('clew_refused_requests_total', 'reason')).toEqual([
      ['limited', 40],
      ['invalid', 5],
    ]);
    expect(metrics.by('clew_refused_requests_total', 'reason', { transport: 'otlp_grpc' })).toEqual([['invalid', 3]]);
  });

  it('reads escaped labels and numbers with exponents', () => {
    const [sample] = metrics.samples('clew_limit_hits_total');
    expect(sample).toEqual({ labels: { limit: 'attribute_keys', tenant: 'a "b" }\n\\' }, value: 1500 });
  });

  it('finds the bucket of a quantile, over all series together', () => {
    expect(metrics.quantile('clew_acknowledge_seconds', 0.5)).toBe(0.01);
    expect(metrics.quantile('clew_acknowledge_seconds', 0.05)).toBe(0.001);
    expect(metrics.quantile('clew_acknowledge_seconds', 0.99)).toBe(Number.POSITIVE_INFINITY);
    expect(metrics.quantile('clew_acknowledge_seconds', 0.5, { transport: 'otlp_grpc' })).toBeUndefined();
  });
});

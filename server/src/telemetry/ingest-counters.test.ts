import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { IngestCounters } from './ingest-counters.ts';
import { createPrometheusIngestMetrics } from './prometheus-ingest-metrics.ts';

describe('IngestCounters', () => {
  it('averages accepted spans over the last ten seconds and forgets older ones', () => {
    let nowMs = 1_000_000;
    const counters = new IngestCounters(createPrometheusIngestMetrics(new Registry()), () => nowMs);
    counters.requestAccepted('otlp_http', 100, 5, 0.01);
    expect(counters.acceptedPerSecond()).toBe(10);
    nowMs += 9_000;
    counters.requestAccepted('otlp_grpc', 50, 0, 0.01);
    expect(counters.acceptedPerSecond()).toBe(15);
    nowMs += 1_000;
    expect(counters.acceptedPerSecond()).toBe(5);
    nowMs += 60_000;
    expect(counters.acceptedPerSecond()).toBe(0);
    expect(counters).toMatchObject({ receivedSpans: 155, acceptedSpans: 150, rejectedSpans: 5 });
  });

  it('starts anew when the clock is set back', () => {
    let nowMs = 1_000_000;
    const counters = new IngestCounters(createPrometheusIngestMetrics(new Registry()), () => nowMs);
    counters.requestAccepted('otlp_http', 100, 0, 0.01);
    nowMs -= 50_000;
    expect(counters.acceptedPerSecond()).toBe(0);
  });

  it('passes everything on to the Prometheus metrics', async () => {
    const registry = new Registry();
    const counters = new IngestCounters(createPrometheusIngestMetrics(registry));
    counters.requestReceived('otlp_http', 'gzip', 10);
    counters.requestAccepted('otlp_http', 3, 1, 0.01);
    counters.requestRefused('otlp_grpc', 'invalid');
    counters.spansRejected('trace_id', 1);
    const text = await registry.metrics();
    expect(text).toContain('clew_accepted_spans_total{transport="otlp_http"} 3');
    expect(text).toContain('clew_rejected_spans_total{transport="otlp_http"} 1');
    expect(text).toContain('clew_refused_requests_total{transport="otlp_grpc",reason="invalid"} 1');
  });
});

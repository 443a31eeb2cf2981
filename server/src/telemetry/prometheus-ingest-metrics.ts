import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { IngestMetrics } from './ingest-metrics.ts';
import { createLimitMetrics } from './limit-metrics.ts';

const LATENCY_BUCKETS_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BLOCK_SPAN_BUCKETS = [1, 10, 100, 1_000, 5_000, 10_000, 25_000, 50_000, 100_000];

/** Metrics of receive, decode and process, registered once in `registry`. */
export function createPrometheusIngestMetrics(registry: Registry): IngestMetrics {
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });

  const requests = counter('clew_received_requests_total', 'Requests whose body came in complete.', [
    'transport',
    'compression',
  ]);
  const bytes = counter('clew_received_bytes_total', 'Body bytes as on the wire.', ['transport', 'compression']);
  const received = counter('clew_received_spans_total', 'Spans of answered requests.', ['transport']);
  const accepted = counter('clew_accepted_spans_total', 'Spans acknowledged: they are in the journal.', ['transport']);
  const rejected = counter('clew_rejected_spans_total', 'Spans dropped out of otherwise accepted requests.', [
    'transport',
  ]);
  const refused = counter('clew_refused_requests_total', 'Requests that were not accepted.', ['transport', 'reason']);
  const dropped = counter(
    'clew_dropped_connections_total',
    'Connections closed before there was a request to answer.',
    ['port', 'reason'],
  );
  const latency = new Histogram({
    name: 'clew_acknowledge_seconds',
    help: 'From the complete body to the acknowledgement.',
    labelNames: ['transport'],
    buckets: LATENCY_BUCKETS_SECONDS,
    registers,
  });
  const receiving = gauge('clew_receiving_bytes', 'Bytes of bodies being collected or waiting for their answer.');
  const queuedRequests = gauge('clew_in_flight_requests', 'Requests between the receivers and the journal.');
  const queuedBytes = gauge('clew_in_flight_bytes', 'Body bytes between the receivers and the journal.');
  const decodeSeconds = counter('clew_decode_seconds_total', 'Worker time from bodies to encoded blocks.');
  const decompressed = counter('clew_decompressed_bytes_total', 'Body bytes after decompression.');
  const encodedBytes = counter('clew_encoded_bytes_total', 'Bytes of encoded blocks handed to the journal.');
  const blockSpans = new Histogram({
    name: 'clew_block_spans',
    help: 'Spans in one encoded block.',
    buckets: BLOCK_SPAN_BUCKETS,
    registers,
  });
  const blockRequests = counter('clew_block_requests_total', 'Requests answered through blocks.');
  const stageRejected = counter('clew_process_rejected_spans_total', 'Spans dropped by a process stage.', ['reason']);
  const replaced = counter('clew_decode_workers_replaced_total', 'Decode workers that died and were replaced.', [
    'reason',
  ]);
  const resets = counter('clew_decode_dictionary_resets_total', 'Times a worker forgot its interned names.');

  return {
    ...createLimitMetrics(registry),
    requestReceived(transport, compression, bodyBytes) {
      requests.inc({ transport, compression });
      bytes.inc({ transport, compression }, bodyBytes);
    },
    requestAccepted(transport, acceptedSpans, rejectedSpans, durationSeconds) {
      received.inc({ transport }, acceptedSpans + rejectedSpans);
      accepted.inc({ transport }, acceptedSpans);
      rejected.inc({ transport }, rejectedSpans);
      latency.observe({ transport }, durationSeconds);
    },
    connectionDropped: (port, reason) => dropped.inc({ port, reason }),
    requestRefused: (transport, reason) => refused.inc({ transport, reason }),
    receivingBytesChanged: (value) => receiving.set(value),
    inFlightChanged(requestCount, byteCount) {
      queuedRequests.set(requestCount);
      queuedBytes.set(byteCount);
    },
    blockEncoded(spans, blockBytes, requestCount, seconds) {
      if (spans > 0) blockSpans.observe(spans);
      encodedBytes.inc(blockBytes);
      blockRequests.inc(requestCount);
      decodeSeconds.inc(seconds);
    },
    bytesDecompressed: (value) => decompressed.inc(value),
    spansRejected: (reason, spans) => stageRejected.inc({ reason }, spans),
    workerReplaced: (reason) => replaced.inc({ reason }),
    dictionaryReset: () => resets.inc(),
  };
}

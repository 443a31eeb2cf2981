/** What the write side up to the journal counts about itself. */
import type { LimitMetrics } from './limit-metrics.ts';

export type IngestTransport = 'otlp_http' | 'otlp_grpc';

/** Why a request got no `accepted` answer. */
export type RefusalReason =
  | 'invalid'
  | 'too_large'
  | 'overloaded'
  /** Over a limit of its tenant, which will let it through later. */
  | 'limited'
  | 'failed'
  /** Method, path, content type, encoding or tenant: refused before the body was looked at. */
  | 'bad_request'
  /** The client went away before its request was complete. */
  | 'aborted'
  /** The client's own deadline passed before the journal had the spans. */
  | 'deadline';

export type ListeningPort = IngestTransport | 'main' | 'tempo';

/** `limit`: more connections than a port takes. `timeout`: said too little for too long. `protocol`: made no sense. */
export type DropReason = 'limit' | 'timeout' | 'protocol';

export interface ConnectionMetrics {
  /** A connection was closed before there was a request to answer. */
  connectionDropped(port: ListeningPort, reason: DropReason): void;
}

/** Counted by the receivers, once per request or per answer. */
export interface ReceiveMetrics extends LimitMetrics, ConnectionMetrics {
  /** A complete body came in. `bodyBytes` as on the wire, before decompression. */
  requestReceived(transport: IngestTransport, compression: string, bodyBytes: number): void;
  /** Spans of an answered request: `accepted` are in the journal, `rejected` were dropped with a message. */
  requestAccepted(
    transport: IngestTransport,
    acceptedSpans: number,
    rejectedSpans: number,
    durationSeconds: number,
  ): void;
  requestRefused(transport: IngestTransport, reason: RefusalReason): void;
  /** Bytes of bodies being collected or waiting for their answer; a gauge. */
  receivingBytesChanged(bytes: number): void;
}

/** Counted by the pool and, through it, by its workers. */
export interface DecodeMetrics extends Pick<LimitMetrics, 'limitHit'> {
  /** Requests and body bytes between the receivers and the journal; gauges. */
  inFlightChanged(requests: number, bytes: number): void;
  /** A worker finished a block. `decodeSeconds` is its CPU-bound time from bodies to block. */
  blockEncoded(spans: number, encodedBytes: number, requests: number, decodeSeconds: number): void;
  /** Body bytes after decompression. */
  bytesDecompressed(bytes: number): void;
  /** Spans a process stage dropped. */
  spansRejected(reason: string, spans: number): void;
  workerReplaced(reason: 'crash' | 'stall'): void;
  dictionaryReset(): void;
}

export interface IngestMetrics extends ReceiveMetrics, DecodeMetrics {}

/** Requests for the ledger: one trace each, small or large, in every encoding. */
import { gzipSync } from 'node:zlib';
import type { SpanId, TraceData, TraceId } from '@clew/model';
import { writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { rawZstdFrame } from './zstd-frame.ts';

export const ENCODINGS = ['identity', 'gzip', 'zstd'] as const;
export type Encoding = (typeof ENCODINGS)[number];
export type Format = 'protobuf' | 'json';

/** A trace of one root and its children, with an attribute that fills `paddingBytes` of each span. */
export function traceOf(traceId: TraceId, spanCount: number, paddingBytes = 0): TraceData {
  const start = BigInt(Date.now()) * 1_000_000n;
  const padding = 'p'.repeat(paddingBytes);
  const spans = Array.from({ length: spanCount }, (_, i) => ({
    traceId,
    spanId: (i + 1).toString(16).padStart(16, '0') as SpanId,
    parentSpanId: (i === 0 ? '' : '0000000000000001') as SpanId,
    traceState: '',
    flags: 1,
    name: `step ${i % 50}`,
    kind: 1,
    startTimeUnixNano: start + BigInt(i),
    endTimeUnixNano: start + 1_000_000n,
    attributes: [
      { key: 'n', value: { type: 'int' as const, value: BigInt(i) } },
      ...(padding === '' ? [] : [{ key: 'padding', value: { type: 'string' as const, value: padding } }]),
    ],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }));
  const scope = { name: 'faults', version: '1', attributes: [], droppedAttributesCount: 0 };
  const resource = {
    attributes: [{ key: 'service.name', value: { type: 'string' as const, value: `service-${traceId.slice(-1)}` } }],
    droppedAttributesCount: 0,
  };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans, schemaUrl: '' }], schemaUrl: '' }] };
}

export function encodeTrace(data: TraceData, format: Format, encoding: Encoding): Uint8Array<ArrayBuffer> {
  const plain = new Uint8Array(format === 'json' ? writeOtlpJson(data) : encodeOtlpProtobuf(data));
  switch (encoding) {
    case 'identity':
      return plain;
    case 'gzip':
      return new Uint8Array(gzipSync(plain, { level: 1 }));
    case 'zstd':
      return rawZstdFrame(plain);
  }
}

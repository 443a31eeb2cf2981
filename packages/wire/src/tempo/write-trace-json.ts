/**
 * A trace as Tempo's JSON: OTLP in plain ProtoJSON, so with ids in base64 and enums by name, unlike OTLP JSON.
 */
import type { ResourceSpans, ScopeSpans, Span, TraceData } from '@clew/model';
import { ByteWriter } from '../otlp/byte-writer.ts';
import { resourceToJson, scopeToJson, spanToOtlpJson } from '../otlp/encode-json.ts';

const KIND_NAMES = [
  'SPAN_KIND_UNSPECIFIED',
  'SPAN_KIND_INTERNAL',
  'SPAN_KIND_SERVER',
  'SPAN_KIND_CLIENT',
  'SPAN_KIND_PRODUCER',
  'SPAN_KIND_CONSUMER',
];
const STATUS_NAMES = ['STATUS_CODE_UNSET', 'STATUS_CODE_OK', 'STATUS_CODE_ERROR'];

/** `{"batches": […]}`: GET /api/traces/{id}. */
export function writeTempoTraceJson(trace: TraceData): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1 << 16);
  writer.text('{"batches":[');
  writeResourceSpans(writer, trace);
  writer.text(']}');
  return writer.finish();
}

/** `{"trace": {"resourceSpans": […]}, …}`: GET /api/v2/traces/{id}. @param trace undefined: there is none */
export function writeTempoTraceV2Json(trace: TraceData | undefined): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1 << 16);
  writer.text('{"trace":{');
  if (trace !== undefined) {
    writer.text('"resourceSpans":[');
    writeResourceSpans(writer, trace);
    writer.text(']');
  }
  writer.text('},"metrics":{}}');
  return writer.finish();
}

function writeResourceSpans(writer: ByteWriter, { resourceSpans }: TraceData): void {
  resourceSpans.forEach((value, i) => {
    if (i > 0) writer.text(',');
    writer.text(`{"resource":${JSON.stringify(withoutEmptyLists(resourceToJson(value.resource)))},"scopeSpans":[`);
    value.scopeSpans.forEach((scopeSpans, j) => {
      if (j > 0) writer.text(',');
      writeScopeSpans(writer, scopeSpans);
    });
    writer.text(`]${schemaUrlOf(value)}}`);
  });
}

function writeScopeSpans(writer: ByteWriter, scopeSpans: ScopeSpans): void {
  writer.text(`{"scope":${JSON.stringify(scopeToJson(scopeSpans.scope))},"spans":[`);
  scopeSpans.spans.forEach((span, i) => {
    if (i > 0) writer.text(',');
    writer.text(JSON.stringify(spanToTempoJson(span)));
  });
  writer.text(`]${schemaUrlOf(scopeSpans)}}`);
}

function schemaUrlOf({ schemaUrl }: ResourceSpans | ScopeSpans): string {
  return schemaUrl === '' ? '' : `,"schemaUrl":${JSON.stringify(schemaUrl)}`;
}

function spanToTempoJson(span: Span): object {
  const { traceId, spanId, parentSpanId, kind, status, links, name, startTimeUnixNano, endTimeUnixNano, ...rest } =
    spanToOtlpJson(span);
  return {
    traceId: base64OfHex(traceId),
    spanId: base64OfHex(spanId),
    ...(parentSpanId !== undefined && { parentSpanId: base64OfHex(parentSpanId) }),
    ...(name !== '' && { name }),
    ...(kind !== 0 && { kind: KIND_NAMES[kind] ?? kind }),
    ...(startTimeUnixNano !== '0' && { startTimeUnixNano }),
    ...(endTimeUnixNano !== '0' && { endTimeUnixNano }),
    ...rest,
    ...(links !== undefined && {
      links: links.map((link) => ({ ...link, traceId: base64OfHex(link.traceId), spanId: base64OfHex(link.spanId) })),
    }),
    status: status?.code === undefined ? (status ?? {}) : { ...status, code: STATUS_NAMES[status.code] ?? status.code },
  };
}

function withoutEmptyLists(resource: ReturnType<typeof resourceToJson>): object {
  const { attributes, ...rest } = resource;
  return attributes.length === 0 ? rest : resource;
}

function base64OfHex(hex: string): string {
  let characters = '';
  for (let i = 0; i + 1 < hex.length; i += 2)
    characters += String.fromCharCode(Number.parseInt(hex.slice(i, i + 2), 16));
  return btoa(characters);
}

/** The usual way into ClickHouse, for comparison: protobuf objects to one JSON object a span. */
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';

interface Value {
  readonly stringValue?: string;
  readonly intValue?: { toString(): string };
  readonly doubleValue?: number;
  readonly boolValue?: boolean;
}
interface KeyValue {
  readonly key: string;
  readonly value: Value;
}
interface Event {
  readonly timeUnixNano: { toString(): string };
  readonly name: string;
  readonly attributes: readonly KeyValue[];
}
interface Span {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: { toString(): string };
  readonly endTimeUnixNano: { toString(): string };
  readonly attributes: readonly KeyValue[];
  readonly events: readonly Event[];
  readonly status?: { readonly code: number; readonly message: string };
}
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string; readonly version: string };
      readonly spans: readonly Span[];
    }[];
  }[];
}

const request = otlpMessage('ExportTraceServiceRequest');

/** An OTLP request as JSONEachRow: resource attributes in every row, all attributes as strings. */
export function naiveRows(body: Uint8Array): { readonly text: string; readonly spanCount: number } {
  const decoded = request.decode(body) as unknown as Request;
  const lines: string[] = [];
  for (const { resource, scopeSpans } of decoded.resourceSpans) {
    const resourceAttributes = textMap(resource.attributes);
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        lines.push(
          JSON.stringify({
            trace_id: hex(span.traceId),
            span_id: hex(span.spanId),
            parent_span_id: hex(span.parentSpanId),
            service: resourceAttributes['service.name'],
            name: span.name,
            kind: span.kind,
            start: span.startTimeUnixNano.toString(),
            end: span.endTimeUnixNano.toString(),
            status: span.status?.code ?? 0,
            status_message: span.status?.message ?? '',
            scope_name: scope.name,
            scope_version: scope.version,
            resource_attributes: resourceAttributes,
            attributes: textMap(span.attributes),
            event_time: span.events.map((event) => event.timeUnixNano.toString()),
            event_name: span.events.map((event) => event.name),
            event_attributes: span.events.map((event) => textMap(event.attributes)),
          }),
        );
      }
    }
  }
  return { text: `${lines.join('\n')}\n`, spanCount: lines.length };
}

function textMap(attributes: readonly KeyValue[]): Record<string, string> {
  const map: Record<string, string> = {};
  for (const { key, value } of attributes) map[key] = text(value);
  return map;
}

function text(value: Value): string {
  if (value.stringValue !== undefined && value.stringValue !== null) return value.stringValue;
  if (value.intValue !== undefined && value.intValue !== null) return value.intValue.toString();
  return String(value.doubleValue ?? value.boolValue ?? JSON.stringify(value));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

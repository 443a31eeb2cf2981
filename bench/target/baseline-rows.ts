/** The usual way: a request decoded to objects by protobufjs, and from there one object a row. */
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';

interface Value {
  readonly stringValue?: string | null;
  readonly intValue?: Int64 | null;
  readonly doubleValue?: number | null;
  readonly boolValue?: boolean | null;
  readonly bytesValue?: Uint8Array | null;
  readonly arrayValue?: { readonly values: readonly Value[] } | null;
  readonly kvlistValue?: { readonly values: readonly KeyValue[] } | null;
}
/** A Long of protobufjs. */
interface Int64 {
  toString(): string;
}
interface KeyValue {
  readonly key: string;
  readonly value: Value | null;
}
interface Span {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly traceState: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: Int64;
  readonly endTimeUnixNano: Int64;
  readonly attributes: readonly KeyValue[];
  readonly events: readonly {
    readonly timeUnixNano: Int64;
    readonly name: string;
    readonly attributes: readonly KeyValue[];
  }[];
  readonly links: readonly {
    readonly traceId: Uint8Array;
    readonly spanId: Uint8Array;
    readonly traceState: string;
    readonly attributes: readonly KeyValue[];
  }[];
  readonly status?: { readonly code: number; readonly message: string } | null;
}
interface Request {
  readonly resourceSpans: readonly {
    readonly resource?: { readonly attributes: readonly KeyValue[] } | null;
    readonly scopeSpans: readonly {
      readonly scope?: { readonly name: string; readonly version: string } | null;
      readonly spans: readonly Span[];
    }[];
  }[];
}

type TextMap = Readonly<Record<string, string>>;

export interface BaselineRow {
  readonly Timestamp: string;
  readonly TraceId: string;
  readonly SpanId: string;
  readonly [column: string]: string | TextMap | readonly string[] | readonly TextMap[];
}

const request = otlpMessage('ExportTraceServiceRequest');
const KINDS = ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'];
const STATUS_CODES = ['Unset', 'Ok', 'Error'];

/** Appends the rows of an OTLP request to `rows`. */
export function addBaselineRows(rows: BaselineRow[], body: Uint8Array): void {
  const decoded = request.decode(body) as unknown as Request;
  for (const { resource, scopeSpans } of decoded.resourceSpans) {
    const resourceAttributes = textMap(resource?.attributes ?? []);
    const service = resourceAttributes['service.name'] ?? '';
    for (const { scope, spans } of scopeSpans) {
      for (const span of spans) {
        rows.push(rowOf(span, service, resourceAttributes, scope?.name ?? '', scope?.version ?? ''));
      }
    }
  }
}

function rowOf(span: Span, service: string, resource: TextMap, scopeName: string, scopeVersion: string): BaselineRow {
  const start = span.startTimeUnixNano.toString();
  return {
    Timestamp: dateTime64(start),
    TraceId: hex(span.traceId),
    SpanId: hex(span.spanId),
    ParentSpanId: hex(span.parentSpanId),
    TraceState: span.traceState,
    SpanName: span.name,
    SpanKind: KINDS[span.kind] ?? '',
    ServiceName: service,
    ResourceAttributes: resource,
    ScopeName: scopeName,
    ScopeVersion: scopeVersion,
    SpanAttributes: textMap(span.attributes),
    Duration: (BigInt(span.endTimeUnixNano.toString()) - BigInt(start)).toString(),
    StatusCode: STATUS_CODES[span.status?.code ?? 0] ?? '',
    StatusMessage: span.status?.message ?? '',
    'Events.Timestamp': span.events.map((event) => dateTime64(event.timeUnixNano.toString())),
    'Events.Name': span.events.map((event) => event.name),
    'Events.Attributes': span.events.map((event) => textMap(event.attributes)),
    'Links.TraceId': span.links.map((link) => hex(link.traceId)),
    'Links.SpanId': span.links.map((link) => hex(link.spanId)),
    'Links.TraceState': span.links.map((link) => link.traceState),
    'Links.Attributes': span.links.map((link) => textMap(link.attributes)),
  };
}

/** Seconds with nine decimals, which ClickHouse reads without parsing a date. */
function dateTime64(unixNano: string): string {
  return `${unixNano.slice(0, -9)}.${unixNano.slice(-9)}`;
}

function textMap(attributes: readonly KeyValue[]): TextMap {
  const map: Record<string, string> = {};
  for (const { key, value } of attributes) map[key] = text(value);
  return map;
}

function text(value: Value | null): string {
  const plain = plainValue(value);
  return typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? '');
}

/** What is set is the message's own: fields of a oneof that are not set read as their defaults, '' and 0. */
function plainValue(value: Value | null): unknown {
  if (value === null) return '';
  const isSet = (field: keyof Value): boolean => Object.hasOwn(value, field);
  if (isSet('stringValue')) return value.stringValue;
  if (isSet('intValue')) return value.intValue?.toString();
  if (isSet('doubleValue')) return value.doubleValue;
  if (isSet('boolValue')) return value.boolValue;
  if (isSet('arrayValue')) return value.arrayValue?.values.map(plainValue);
  if (isSet('kvlistValue')) {
    return Object.fromEntries(
      (value.kvlistValue?.values ?? []).map(({ key, value: inner }) => [key, plainValue(inner)]),
    );
  }
  return value.bytesValue == null ? '' : Buffer.from(value.bytesValue).toString('base64');
}

function hex(bytes: Uint8Array): string {
  // A field that was not sent is an empty array to protobufjs, not bytes.
  if (bytes.length === 0) return '';
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}

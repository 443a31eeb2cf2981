/**
 * OTLP JSON as objects (opentelemetry-proto docs/specification.md, "JSON Protobuf Encoding"): ids in lower-case hex,
 * enums as numbers, 64-bit numbers as decimal strings, bytes in base64. Optional members are left out at their default.
 * The HTTP contract has the same shapes; packages do not import it.
 */

export type OtlpJsonValue =
  | { readonly stringValue: string }
  | { readonly boolValue: boolean }
  | { readonly intValue: string }
  | { readonly doubleValue: number | 'NaN' | 'Infinity' | '-Infinity' }
  | { readonly arrayValue: { readonly values: readonly OtlpJsonValue[] } }
  | { readonly kvlistValue: { readonly values: readonly OtlpJsonAttribute[] } }
  | { readonly bytesValue: string }
  | Record<string, never>;

export interface OtlpJsonAttribute {
  readonly key: string;
  readonly value: OtlpJsonValue;
}

export interface OtlpJsonResource {
  readonly attributes: readonly OtlpJsonAttribute[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpJsonScope {
  readonly name?: string;
  readonly version?: string;
  readonly attributes?: readonly OtlpJsonAttribute[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpJsonEvent {
  readonly timeUnixNano: string;
  readonly name: string;
  readonly attributes?: readonly OtlpJsonAttribute[];
  readonly droppedAttributesCount?: number;
}

export interface OtlpJsonLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState?: string;
  readonly attributes?: readonly OtlpJsonAttribute[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
}

export interface OtlpJsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly flags?: number;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly OtlpJsonAttribute[];
  readonly droppedAttributesCount?: number;
  readonly events?: readonly OtlpJsonEvent[];
  readonly droppedEventsCount?: number;
  readonly links?: readonly OtlpJsonLink[];
  readonly droppedLinksCount?: number;
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface OtlpJsonScopeSpans {
  readonly scope: OtlpJsonScope;
  readonly spans: readonly OtlpJsonSpan[];
  readonly schemaUrl?: string;
}

export interface OtlpJsonResourceSpans {
  readonly resource: OtlpJsonResource;
  readonly scopeSpans: readonly OtlpJsonScopeSpans[];
  readonly schemaUrl?: string;
}

export interface OtlpJsonTraceData {
  readonly resourceSpans: readonly OtlpJsonResourceSpans[];
}

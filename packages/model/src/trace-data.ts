/**
 * Traces as plain objects: the read side's form, shaped and named like OTLP's TracesData
 * (opentelemetry-proto, trace/v1/trace.proto). The write side never makes these; it uses SpanBatch.
 */
import type { SpanId, TraceId } from './ids.ts';

/** A typed attribute value: OTLP AnyValue. `empty` is an AnyValue with no field set. */
export type AttributeValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  /** Signed 64-bit. */
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'array'; readonly value: readonly AttributeValue[] }
  | { readonly type: 'kvlist'; readonly value: readonly Attribute[] }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'empty' };

export interface Attribute {
  readonly key: string;
  readonly value: AttributeValue;
}

export interface Resource {
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

export interface InstrumentationScope {
  readonly name: string;
  readonly version: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

export interface SpanEvent {
  readonly timeUnixNano: bigint;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}

export interface SpanLink {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly traceState: string;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly flags: number;
}

/** OTLP Span.SpanKind. */
export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKindName = (typeof SPAN_KINDS)[number];

/** OTLP Status.StatusCode. */
export const STATUS_CODES = ['unset', 'ok', 'error'] as const;
export type StatusCodeName = (typeof STATUS_CODES)[number];

export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  /** Empty for a root. */
  readonly parentSpanId: SpanId;
  readonly traceState: string;
  /** Bits 0-7 W3C trace flags, 0x100 is-remote known, 0x200 is remote; unsigned 32-bit. */
  readonly flags: number;
  readonly name: string;
  /** Index into SPAN_KINDS; other numbers are kept as sent. */
  readonly kind: number;
  /** Unsigned 64-bit. */
  readonly startTimeUnixNano: bigint;
  /** Unsigned 64-bit; may lie before the start, as sent. */
  readonly endTimeUnixNano: bigint;
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
  readonly events: readonly SpanEvent[];
  readonly droppedEventsCount: number;
  readonly links: readonly SpanLink[];
  readonly droppedLinksCount: number;
  /** `code` is an index into STATUS_CODES; other numbers are kept as sent. */
  readonly status: { readonly code: number; readonly message: string };
}

export interface ScopeSpans {
  readonly scope: InstrumentationScope;
  readonly spans: readonly Span[];
  readonly schemaUrl: string;
}

export interface ResourceSpans {
  readonly resource: Resource;
  readonly scopeSpans: readonly ScopeSpans[];
  readonly schemaUrl: string;
}

/** What an OTLP request carries and what a trace reads back as. */
export interface TraceData {
  readonly resourceSpans: readonly ResourceSpans[];
}

/** end − start as a signed 64-bit number of nanoseconds: negative when the end lies before the start. */
export function durationNano(span: Pick<Span, 'startTimeUnixNano' | 'endTimeUnixNano'>): bigint {
  return BigInt.asIntN(64, span.endTimeUnixNano - span.startTimeUnixNano);
}

/** The first attribute with this key, or undefined. */
export function findAttribute(attributes: readonly Attribute[], key: string): AttributeValue | undefined {
  for (const attribute of attributes) if (attribute.key === key) return attribute.value;
  return undefined;
}

/** `service.name` as OpenTelemetry's resource conventions define it; `unknown_service` where it is absent. */
export function serviceName(resource: Resource): string {
  const value = findAttribute(resource.attributes, 'service.name');
  return value?.type === 'string' && value.value !== '' ? value.value : UNKNOWN_SERVICE;
}

/** OpenTelemetry's word for a resource without service.name (resource semantic conventions, "Service"). */
export const UNKNOWN_SERVICE = 'unknown_service';

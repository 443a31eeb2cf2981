/**
 * What the tables must hold for given traces, made from the trace objects without the batch or the encoder. Ids of
 * resources and scopes are left out: tests follow them.
 */
import {
  type Attribute,
  type AttributeValue,
  durationNano,
  findAttribute,
  type InstrumentationScope,
  type Resource,
  type Span,
  serviceName,
  type TraceData,
} from '@clew/model';
import { encodeAnyValue } from '@clew/wire/otlp/encode-protobuf';
import { PROMOTED_ATTRIBUTES } from '../../schema/promoted-attributes.ts';
import type { PlainRow, PlainValue } from './plain-rows.ts';

export interface ExpectedSpan {
  readonly row: PlainRow;
  readonly resource: PlainRow;
  readonly scope: PlainRow;
}

const MS_PER_DAY = 86_400_000;

export function expectedSpans(data: TraceData, tenant: string, receivedUnixMs: number): ExpectedSpan[] {
  const receivedDay = Math.floor(receivedUnixMs / MS_PER_DAY);
  return data.resourceSpans.flatMap(({ resource, scopeSpans, schemaUrl: resourceSchemaUrl }) =>
    scopeSpans.flatMap(({ scope, spans, schemaUrl }) =>
      spans.map((span) => ({
        row: expectedSpan(span, tenant, serviceName(resource), receivedUnixMs),
        resource: expectedResource(resource, resourceSchemaUrl, tenant, receivedDay),
        scope: expectedScope(scope, schemaUrl, tenant, receivedDay),
      })),
    ),
  );
}

function expectedResource(resource: Resource, schemaUrl: string, tenant: string, day: number): PlainRow {
  return {
    tenant,
    day,
    service: latin1(serviceName(resource)),
    ...typedMaps(resource.attributes),
    dropped_attributes_count: resource.droppedAttributesCount,
    schema_url: latin1(schemaUrl),
  };
}

function expectedScope(scope: InstrumentationScope, schemaUrl: string, tenant: string, day: number): PlainRow {
  return {
    tenant,
    day,
    name: latin1(scope.name),
    version: latin1(scope.version),
    ...typedMaps(scope.attributes),
    dropped_attributes_count: scope.droppedAttributesCount,
    schema_url: latin1(schemaUrl),
  };
}

function expectedSpan(span: Span, tenant: string, service: string, receivedUnixMs: number): PlainRow {
  const promoted = new Map<string, PlainValue>();
  const rest: Attribute[] = [];
  for (const attribute of span.attributes) {
    const value = promotedValue(attribute);
    if (value !== undefined && findAttribute(span.attributes, attribute.key) === attribute.value) {
      promoted.set(attribute.key, value);
    } else rest.push(attribute);
  }
  const columns = PROMOTED_ATTRIBUTES.map(
    ({ key, column, columnType }) => [column, promoted.get(key) ?? (columnType === 'UInt16' ? 0 : '')] as const,
  );
  return {
    tenant,
    retention_days: 0,
    day: expectedDay(span.startTimeUnixNano, receivedUnixMs),
    received: Math.floor(receivedUnixMs / 1000),
    trace_id: span.traceId,
    span_id: span.spanId,
    parent_span_id: span.parentSpanId === '' ? '0'.repeat(16) : span.parentSpanId,
    trace_state: latin1(span.traceState),
    flags: span.flags,
    service: latin1(service),
    name: latin1(span.name),
    kind: span.kind,
    start: BigInt.asIntN(64, span.startTimeUnixNano),
    duration: durationNano(span),
    status: span.status.code,
    status_message: latin1(span.status.message),
    dropped_attributes_count: span.droppedAttributesCount,
    dropped_events_count: span.droppedEventsCount,
    dropped_links_count: span.droppedLinksCount,
    ...Object.fromEntries(columns),
    ...typedMaps(rest),
    event_time: span.events.map((event) => BigInt.asIntN(64, event.timeUnixNano)),
    event_name: span.events.map((event) => latin1(event.name)),
    event_dropped_attributes_count: span.events.map((event) => event.droppedAttributesCount),
    event_attributes: span.events.map((event) => taggedMap(event.attributes)),
    link_trace_id: span.links.map((link) => link.traceId as string),
    link_span_id: span.links.map((link) => link.spanId as string),
    link_trace_state: span.links.map((link) => latin1(link.traceState)),
    link_flags: span.links.map((link) => link.flags),
    link_dropped_attributes_count: span.links.map((link) => link.droppedAttributesCount),
    link_attributes: span.links.map((link) => taggedMap(link.attributes)),
  };
}

function expectedDay(startUnixNano: bigint, receivedUnixMs: number): number {
  const distanceMs = Math.abs(Number(startUnixNano / 1_000_000n) - receivedUnixMs);
  if (distanceMs > 3 * MS_PER_DAY) return Math.floor(receivedUnixMs / MS_PER_DAY);
  return Number(startUnixNano / 86_400_000_000_000n);
}

function promotedValue({ key, value }: Attribute): PlainValue | undefined {
  const promoted = PROMOTED_ATTRIBUTES.find((candidate) => candidate.key === key);
  if (promoted === undefined) return undefined;
  if (promoted.columnType === 'UInt16') {
    return value.type === 'int' && value.value >= 1n && value.value <= 65535n ? Number(value.value) : undefined;
  }
  return value.type === 'string' && value.value !== '' ? latin1(value.value) : undefined;
}

function typedMaps(attributes: readonly Attribute[]): PlainRow {
  const entries = (take: (value: AttributeValue) => PlainValue | undefined): PlainValue[] =>
    attributes.flatMap(({ key, value }) => {
      const taken = take(value);
      return taken === undefined ? [] : [[latin1(key), taken]];
    });
  return {
    attributes_string: entries((value) => (value.type === 'string' ? latin1(value.value) : undefined)),
    attributes_int: entries((value) => (value.type === 'int' ? value.value : undefined)),
    attributes_double: entries((value) => (value.type === 'double' ? value.value : undefined)),
    attributes_bool: entries((value) => (value.type === 'bool' ? Number(value.value) : undefined)),
    attributes_other: entries((value) =>
      ['array', 'kvlist', 'bytes', 'empty'].includes(value.type) ? latin1Bytes(encodeAnyValue(value)) : undefined,
    ),
  };
}

function taggedMap(attributes: readonly Attribute[]): PlainValue[] {
  return attributes.map(({ key, value }) => [latin1(key), tagged(value)]);
}

function tagged(value: AttributeValue): string {
  const eight = Buffer.alloc(8);
  switch (value.type) {
    case 'string':
      return `s${latin1(value.value)}`;
    case 'bool':
      return `b${value.value ? '\x01' : '\x00'}`;
    case 'int':
      eight.writeBigInt64LE(value.value);
      return `i${latin1Bytes(eight)}`;
    case 'double':
      eight.writeDoubleLE(value.value);
      return `d${latin1Bytes(eight)}`;
    default:
      return `o${latin1Bytes(encodeAnyValue(value))}`;
  }
}

function latin1(text: string): string {
  return latin1Bytes(Buffer.from(text, 'utf8'));
}

function latin1Bytes(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

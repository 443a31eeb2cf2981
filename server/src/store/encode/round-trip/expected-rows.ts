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
  type SpanEvent,
  type SpanLink,
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
    events_and_links: [...span.events.flatMap(eventEntries), ...span.links.flatMap(linkEntries)],
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

/** As encode/event-link-column.ts describes them. */
function eventEntries({ timeUnixNano, name, attributes, droppedAttributesCount }: SpanEvent): PlainValue[] {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(timeUnixNano, 0);
  head.writeUInt32LE(droppedAttributesCount, 8);
  return [[latin1(name), `0${latin1Bytes(head)}`], ...attributes.map(({ key, value }) => [latin1(key), tagged(value)])];
}

function linkEntries({
  traceId,
  spanId,
  flags,
  traceState,
  attributes,
  droppedAttributesCount,
}: SpanLink): PlainValue[] {
  const head = Buffer.alloc(32);
  head.write(traceId, 0, 'hex');
  head.write(spanId, 16, 'hex');
  head.writeUInt32LE(flags, 24);
  head.writeUInt32LE(droppedAttributesCount, 28);
  const ofLink = ({ key, value }: Attribute): PlainValue => {
    const text = tagged(value);
    return [latin1(key), text[0].toUpperCase() + text.slice(1)];
  };
  return [['', `1${latin1Bytes(head)}${latin1(traceState)}`], ...attributes.map(ofLink)];
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

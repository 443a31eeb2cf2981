/** What protobufjs makes of a request, in the form of TraceData: the judge of the protobuf decoder. */
import type {
  Attribute,
  AttributeValue,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanId,
  SpanLink,
  TraceData,
  TraceId,
} from '@clew/model';
import { hexFromBytes } from '@clew/model';
import { otlpMessage } from '../otlp-protobuf-messages.ts';

const request = otlpMessage('ExportTraceServiceRequest');

/** A Long of protobufjs. */
interface Int64 {
  toString(): string;
}
type Fields = Readonly<Record<string, unknown>>;

/** @throws whatever protobufjs throws at bytes it does not accept. */
export function referenceTraceData(body: Uint8Array): TraceData {
  const decoded = request.decode(body) as unknown as Fields;
  return { resourceSpans: list(decoded, 'resourceSpans').map(resourceSpansOf) };
}

function resourceSpansOf(fields: Fields): ResourceSpans {
  const resource = message(fields, 'resource');
  return {
    resource: {
      attributes: attributesOf(resource),
      droppedAttributesCount: number(resource, 'droppedAttributesCount'),
    },
    scopeSpans: list(fields, 'scopeSpans').map(scopeSpansOf),
    schemaUrl: text(fields, 'schemaUrl'),
  };
}

function scopeSpansOf(fields: Fields): ScopeSpans {
  const scope = message(fields, 'scope');
  return {
    scope: {
      name: text(scope, 'name'),
      version: text(scope, 'version'),
      attributes: attributesOf(scope),
      droppedAttributesCount: number(scope, 'droppedAttributesCount'),
    },
    spans: list(fields, 'spans').map(spanOf),
    schemaUrl: text(fields, 'schemaUrl'),
  };
}

function spanOf(fields: Fields): Span {
  const status = message(fields, 'status');
  return {
    traceId: id(fields, 'traceId', 16) as TraceId,
    spanId: id(fields, 'spanId', 8) as SpanId,
    parentSpanId: id(fields, 'parentSpanId', 8) as SpanId,
    traceState: text(fields, 'traceState'),
    flags: number(fields, 'flags'),
    name: text(fields, 'name'),
    kind: number(fields, 'kind'),
    startTimeUnixNano: int64(fields, 'startTimeUnixNano'),
    endTimeUnixNano: int64(fields, 'endTimeUnixNano'),
    attributes: attributesOf(fields),
    droppedAttributesCount: number(fields, 'droppedAttributesCount'),
    events: list(fields, 'events').map(eventOf),
    droppedEventsCount: number(fields, 'droppedEventsCount'),
    links: list(fields, 'links').map(linkOf),
    droppedLinksCount: number(fields, 'droppedLinksCount'),
    status: { code: number(status, 'code'), message: text(status, 'message') },
  };
}

function eventOf(fields: Fields): SpanEvent {
  return {
    timeUnixNano: int64(fields, 'timeUnixNano'),
    name: text(fields, 'name'),
    attributes: attributesOf(fields),
    droppedAttributesCount: number(fields, 'droppedAttributesCount'),
  };
}

function linkOf(fields: Fields): SpanLink {
  return {
    traceId: id(fields, 'traceId', 16) as TraceId,
    spanId: id(fields, 'spanId', 8) as SpanId,
    traceState: text(fields, 'traceState'),
    attributes: attributesOf(fields),
    droppedAttributesCount: number(fields, 'droppedAttributesCount'),
    flags: number(fields, 'flags'),
  };
}

function attributesOf(fields: Fields): Attribute[] {
  return list(fields, 'attributes').map(attributeOf);
}

function attributeOf(fields: Fields): Attribute {
  return { key: text(fields, 'key'), value: anyValueOf(message(fields, 'value')) };
}

function anyValueOf(fields: Fields): AttributeValue {
  // The getter of the oneof names the field that is set.
  switch (fields.value) {
    case 'stringValue':
      return { type: 'string', value: text(fields, 'stringValue') };
    case 'boolValue':
      return { type: 'bool', value: fields.boolValue === true };
    case 'intValue':
      return { type: 'int', value: int64(fields, 'intValue') };
    case 'doubleValue':
      return { type: 'double', value: number(fields, 'doubleValue') };
    case 'arrayValue':
      return { type: 'array', value: list(message(fields, 'arrayValue'), 'values').map(anyValueOf) };
    case 'kvlistValue':
      return { type: 'kvlist', value: list(message(fields, 'kvlistValue'), 'values').map(attributeOf) };
    case 'bytesValue':
      return { type: 'bytes', value: Uint8Array.from(fields.bytesValue as Uint8Array) };
    default:
      return { type: 'empty' };
  }
}

function list(fields: Fields, name: string): Fields[] {
  return (fields[name] ?? []) as Fields[];
}

function message(fields: Fields, name: string): Fields {
  return (fields[name] ?? {}) as Fields;
}

function text(fields: Fields, name: string): string {
  return (fields[name] ?? '') as string;
}

function number(fields: Fields, name: string): number {
  return (fields[name] ?? 0) as number;
}

function int64(fields: Fields, name: string): bigint {
  return BigInt(((fields[name] ?? 0) as Int64).toString());
}

/** Clew takes an id of the wrong length, or of zeros, for none. */
function id(fields: Fields, name: string, length: number): string {
  const bytes = fields[name] as Uint8Array | undefined;
  if (bytes === undefined || bytes.length !== length) return '';
  return bytes.every((byte) => byte === 0) ? '' : hexFromBytes(bytes);
}

/** TraceData as OTLP JSON: as objects for an answer that goes on, as bytes for one that is sent. */
import type {
  Attribute,
  AttributeValue,
  InstrumentationScope,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanLink,
  TraceData,
} from '@clew/model';
import { ByteWriter } from './byte-writer.ts';
import type {
  OtlpJsonAttribute,
  OtlpJsonEvent,
  OtlpJsonLink,
  OtlpJsonResource,
  OtlpJsonResourceSpans,
  OtlpJsonScope,
  OtlpJsonScopeSpans,
  OtlpJsonSpan,
  OtlpJsonTraceData,
  OtlpJsonValue,
} from './json-trace-data.ts';

/** The JSON form as objects. */
export function traceDataToOtlpJson(data: TraceData): OtlpJsonTraceData {
  return { resourceSpans: data.resourceSpans.map(resourceSpansToJson) };
}

/**
 * The JSON form as UTF-8, one span at a time: no string of the whole and no objects beyond one span's.
 * A double of −0 keeps its sign, which JSON.stringify would lose.
 */
export function writeOtlpJson(data: TraceData): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1 << 16);
  writer.text('{"resourceSpans":[');
  data.resourceSpans.forEach((resourceSpans, i) => {
    if (i > 0) writer.text(',');
    writer.text(`{"resource":${stringify(resourceToJson(resourceSpans.resource))},"scopeSpans":[`);
    resourceSpans.scopeSpans.forEach((scopeSpans, j) => {
      if (j > 0) writer.text(',');
      writeScopeSpans(writer, scopeSpans);
    });
    writer.text(']');
    writeSchemaUrl(writer, resourceSpans.schemaUrl);
    writer.text('}');
  });
  writer.text(']}');
  return writer.finish();
}

function writeScopeSpans(writer: ByteWriter, scopeSpans: ScopeSpans): void {
  writer.text(`{"scope":${stringify(scopeToJson(scopeSpans.scope))},"spans":[`);
  scopeSpans.spans.forEach((span, i) => {
    if (i > 0) writer.text(',');
    writer.text(stringify(spanToOtlpJson(span)));
  });
  writer.text(']');
  writeSchemaUrl(writer, scopeSpans.schemaUrl);
  writer.text('}');
}

function writeSchemaUrl(writer: ByteWriter, schemaUrl: string): void {
  if (schemaUrl !== '') writer.text(`,"schemaUrl":${JSON.stringify(schemaUrl)}`);
}

/** Stands for −0 while JSON.stringify is at work: it cannot be in a text, whose quotes are escaped. */
const NEGATIVE_ZERO = '"doubleValue":"-0"';

function stringify(value: OtlpJsonSpan | OtlpJsonResource | OtlpJsonScope): string {
  let negativeZero = false;
  const json = JSON.stringify(value, (key, member) => {
    if (key !== 'doubleValue' || !Object.is(member, -0)) return member;
    negativeZero = true;
    return '-0';
  });
  return negativeZero ? json.replaceAll(NEGATIVE_ZERO, '"doubleValue":-0') : json;
}

function resourceSpansToJson(value: ResourceSpans): OtlpJsonResourceSpans {
  return {
    resource: resourceToJson(value.resource),
    scopeSpans: value.scopeSpans.map(scopeSpansToJson),
    ...(value.schemaUrl !== '' && { schemaUrl: value.schemaUrl }),
  };
}

export function resourceToJson(value: Resource): OtlpJsonResource {
  return {
    attributes: value.attributes.map(attributeToJson),
    ...(value.droppedAttributesCount !== 0 && { droppedAttributesCount: value.droppedAttributesCount }),
  };
}

function scopeSpansToJson(value: ScopeSpans): OtlpJsonScopeSpans {
  return {
    scope: scopeToJson(value.scope),
    spans: value.spans.map(spanToOtlpJson),
    ...(value.schemaUrl !== '' && { schemaUrl: value.schemaUrl }),
  };
}

export function scopeToJson(value: InstrumentationScope): OtlpJsonScope {
  return {
    ...(value.name !== '' && { name: value.name }),
    ...(value.version !== '' && { version: value.version }),
    ...attributesToJson(value),
  };
}

export function spanToOtlpJson(span: Span): OtlpJsonSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.traceState !== '' && { traceState: span.traceState }),
    ...(span.parentSpanId !== '' && { parentSpanId: span.parentSpanId }),
    ...(span.flags !== 0 && { flags: span.flags }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: String(span.startTimeUnixNano),
    endTimeUnixNano: String(span.endTimeUnixNano),
    ...attributesToJson(span),
    ...(span.events.length > 0 && { events: span.events.map(eventToJson) }),
    ...(span.droppedEventsCount !== 0 && { droppedEventsCount: span.droppedEventsCount }),
    ...(span.links.length > 0 && { links: span.links.map(linkToJson) }),
    ...(span.droppedLinksCount !== 0 && { droppedLinksCount: span.droppedLinksCount }),
    ...((span.status.code !== 0 || span.status.message !== '') && { status: statusToJson(span.status) }),
  };
}

function statusToJson(status: Span['status']): { code?: number; message?: string } {
  return {
    ...(status.message !== '' && { message: status.message }),
    ...(status.code !== 0 && { code: status.code }),
  };
}

function eventToJson(event: SpanEvent): OtlpJsonEvent {
  return { timeUnixNano: String(event.timeUnixNano), name: event.name, ...attributesToJson(event) };
}

function linkToJson(link: SpanLink): OtlpJsonLink {
  return {
    traceId: link.traceId,
    spanId: link.spanId,
    ...(link.traceState !== '' && { traceState: link.traceState }),
    ...attributesToJson(link),
    ...(link.flags !== 0 && { flags: link.flags }),
  };
}

function attributesToJson(owner: {
  readonly attributes: readonly Attribute[];
  readonly droppedAttributesCount: number;
}): { attributes?: OtlpJsonAttribute[]; droppedAttributesCount?: number } {
  return {
    ...(owner.attributes.length > 0 && { attributes: owner.attributes.map(attributeToJson) }),
    ...(owner.droppedAttributesCount !== 0 && { droppedAttributesCount: owner.droppedAttributesCount }),
  };
}

function attributeToJson(attribute: Attribute): OtlpJsonAttribute {
  return { key: attribute.key, value: attributeValueToJson(attribute.value) };
}

export function attributeValueToJson(value: AttributeValue): OtlpJsonValue {
  switch (value.type) {
    case 'string':
      return { stringValue: value.value };
    case 'bool':
      return { boolValue: value.value };
    case 'int':
      return { intValue: String(value.value) };
    case 'double':
      return { doubleValue: Number.isFinite(value.value) ? value.value : nonFinite(value.value) };
    case 'array':
      return { arrayValue: { values: value.value.map(attributeValueToJson) } };
    case 'kvlist':
      return { kvlistValue: { values: value.value.map(attributeToJson) } };
    case 'bytes':
      return { bytesValue: base64(value.value) };
    case 'empty':
      return {};
  }
}

function nonFinite(value: number): 'NaN' | 'Infinity' | '-Infinity' {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

/** RFC 4648 §4, with padding; `btoa` takes bytes as characters, in pieces that fit an argument list. */
export function base64(bytes: Uint8Array): string {
  let characters = '';
  for (let i = 0; i < bytes.length; i += 8192) characters += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(characters);
}

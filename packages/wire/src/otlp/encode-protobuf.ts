/** TraceData as an ExportTraceServiceRequest, which has the same wire form as TracesData. */
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

/** The protobuf form in the order of the field numbers, without fields at their default, as protobuf compilers write it. */
export function encodeOtlpProtobuf(data: TraceData): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(1 << 16);
  for (const resourceSpans of data.resourceSpans) message(writer, 0x0a, resourceSpans, writeResourceSpans);
  return writer.finish();
}

/** One AnyValue message, as `attributes_other` holds it in the store. */
export function encodeAnyValue(value: AttributeValue): Uint8Array<ArrayBuffer> {
  const writer = new ByteWriter(64);
  writeAnyValue(writer, value);
  return writer.finish();
}

function message<T>(writer: ByteWriter, tag: number, value: T, write: (writer: ByteWriter, value: T) => void): void {
  writer.varint(tag);
  const start = writer.beginLengthDelimited();
  write(writer, value);
  writer.endLengthDelimited(start);
}

function textField(writer: ByteWriter, tag: number, text: string): void {
  if (text !== '') message(writer, tag, text, writeText);
}

function writeText(writer: ByteWriter, text: string): void {
  writer.text(text);
}

function writeHex(writer: ByteWriter, hex: string): void {
  writer.hex(hex);
}

function writeBytes(writer: ByteWriter, bytes: Uint8Array): void {
  writer.raw(bytes);
}

function idField(writer: ByteWriter, tag: number, hex: string): void {
  if (hex !== '') message(writer, tag, hex, writeHex);
}

/** Unsigned 32-bit; a negative enum number (kind, status code) is written as int32 does, in ten bytes. */
function numberField(writer: ByteWriter, tag: number, value: number): void {
  if (value === 0) return;
  writer.varint(tag);
  if (value < 0) writer.varint64(BigInt(value));
  else writer.varint(value);
}

function fixed64Field(writer: ByteWriter, tag: number, value: bigint): void {
  if (value === 0n) return;
  writer.varint(tag);
  writer.fixed64(value);
}

function fixed32Field(writer: ByteWriter, tag: number, value: number): void {
  if (value === 0) return;
  writer.varint(tag);
  writer.fixed32(value);
}

function writeResourceSpans(writer: ByteWriter, value: ResourceSpans): void {
  message(writer, 0x0a, value.resource, writeResource);
  for (const scopeSpans of value.scopeSpans) message(writer, 0x12, scopeSpans, writeScopeSpans);
  textField(writer, 0x1a, value.schemaUrl);
}

function writeResource(writer: ByteWriter, value: Resource): void {
  for (const attribute of value.attributes) message(writer, 0x0a, attribute, writeKeyValue);
  numberField(writer, 0x10, value.droppedAttributesCount);
}

function writeScopeSpans(writer: ByteWriter, value: ScopeSpans): void {
  message(writer, 0x0a, value.scope, writeScope);
  for (const span of value.spans) message(writer, 0x12, span, writeSpan);
  textField(writer, 0x1a, value.schemaUrl);
}

function writeScope(writer: ByteWriter, value: InstrumentationScope): void {
  textField(writer, 0x0a, value.name);
  textField(writer, 0x12, value.version);
  for (const attribute of value.attributes) message(writer, 0x1a, attribute, writeKeyValue);
  numberField(writer, 0x20, value.droppedAttributesCount);
}

function writeSpan(writer: ByteWriter, span: Span): void {
  idField(writer, 0x0a, span.traceId);
  idField(writer, 0x12, span.spanId);
  textField(writer, 0x1a, span.traceState);
  idField(writer, 0x22, span.parentSpanId);
  textField(writer, 0x2a, span.name);
  numberField(writer, 0x30, span.kind);
  fixed64Field(writer, 0x39, span.startTimeUnixNano);
  fixed64Field(writer, 0x41, span.endTimeUnixNano);
  for (const attribute of span.attributes) message(writer, 0x4a, attribute, writeKeyValue);
  numberField(writer, 0x50, span.droppedAttributesCount);
  for (const event of span.events) message(writer, 0x5a, event, writeEvent);
  numberField(writer, 0x60, span.droppedEventsCount);
  for (const link of span.links) message(writer, 0x6a, link, writeLink);
  numberField(writer, 0x70, span.droppedLinksCount);
  if (span.status.code !== 0 || span.status.message !== '') message(writer, 0x7a, span.status, writeStatus);
  fixed32Field(writer, 0x85, span.flags);
}

function writeStatus(writer: ByteWriter, status: Span['status']): void {
  textField(writer, 0x12, status.message);
  numberField(writer, 0x18, status.code);
}

function writeEvent(writer: ByteWriter, event: SpanEvent): void {
  fixed64Field(writer, 0x09, event.timeUnixNano);
  textField(writer, 0x12, event.name);
  for (const attribute of event.attributes) message(writer, 0x1a, attribute, writeKeyValue);
  numberField(writer, 0x20, event.droppedAttributesCount);
}

function writeLink(writer: ByteWriter, link: SpanLink): void {
  idField(writer, 0x0a, link.traceId);
  idField(writer, 0x12, link.spanId);
  textField(writer, 0x1a, link.traceState);
  for (const attribute of link.attributes) message(writer, 0x22, attribute, writeKeyValue);
  numberField(writer, 0x28, link.droppedAttributesCount);
  fixed32Field(writer, 0x35, link.flags);
}

function writeKeyValue(writer: ByteWriter, attribute: Attribute): void {
  textField(writer, 0x0a, attribute.key);
  message(writer, 0x12, attribute.value, writeAnyValue);
}

/** A field of a oneof is written at its default too: its presence is the type. */
function writeAnyValue(writer: ByteWriter, value: AttributeValue): void {
  switch (value.type) {
    case 'string':
      message(writer, 0x0a, value.value, writeText);
      break;
    case 'bool':
      writer.byte(0x10);
      writer.byte(value.value ? 1 : 0);
      break;
    case 'int':
      writer.byte(0x18);
      writer.varint64(value.value);
      break;
    case 'double':
      writer.byte(0x21);
      writer.double(value.value);
      break;
    case 'array':
      message(writer, 0x2a, value.value, writeArray);
      break;
    case 'kvlist':
      message(writer, 0x32, value.value, writeKvlist);
      break;
    case 'bytes':
      message(writer, 0x3a, value.value, writeBytes);
      break;
    case 'empty':
      break;
  }
}

function writeArray(writer: ByteWriter, values: readonly AttributeValue[]): void {
  for (const value of values) message(writer, 0x0a, value, writeAnyValue);
}

function writeKvlist(writer: ByteWriter, attributes: readonly Attribute[]): void {
  for (const attribute of attributes) message(writer, 0x0a, attribute, writeKeyValue);
}

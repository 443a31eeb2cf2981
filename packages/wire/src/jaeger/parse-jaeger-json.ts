/** Traces out of the JSON of Jaeger's UI and HTTP API, by the same rules as write-jaeger-json.ts. */
import {
  type Attribute,
  type AttributeValue,
  findAttribute,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  STATUS_CODES,
  type TraceData,
} from '@clew/model';
import { SpanCollector } from '../file/collect-spans.ts';
import { JsonNode } from '../file/json-node.ts';

/** Tags that are members of a span in OTLP. */
const MEMBER_TAGS = new Set([
  'span.kind',
  'otel.status_code',
  'otel.status_description',
  'otel.scope.name',
  'otel.scope.version',
  'otel.library.name',
  'otel.library.version',
  'w3c.tracestate',
]);

/**
 * The traces of `{"data": […]}`, of a list of traces, or of a single one.
 * @param value JSON, parsed
 * @throws TraceFileError with the place of what is not as Jaeger writes it
 */
export function parseJaegerJson(value: unknown): TraceData {
  const whole = new JsonNode(value, 'Jaeger JSON');
  const data = whole.isObject ? whole.member('data') : whole;
  const traces = Array.isArray(data.value) ? data.items() : [data.isAbsent ? whole : data];
  const spans = new SpanCollector();
  traces.forEach((trace, index) => {
    const processes = trace.member('processes');
    for (const span of trace.member('spans').items()) readSpan(spans, span, processes, index);
  });
  return spans.finish();
}

function readSpan(spans: SpanCollector, node: JsonNode, processes: JsonNode, traceIndex: number): void {
  const tags = node.member('tags').items().map(readTag);
  const textOf = (...keys: string[]): string => {
    const found = tags.find((tag) => keys.includes(tag.key));
    return found?.value.type === 'string' ? found.value.value : '';
  };
  const traceId = node.member('traceID').traceId();
  const { parentSpanId, links } = readReferences(node, traceId);
  const start = node.member('startTime').nanosOfMicros();
  const span: Span = {
    traceId,
    spanId: node.member('spanID').spanId(),
    parentSpanId,
    traceState: textOf('w3c.tracestate'),
    flags: flagsOf(node.member('flags')),
    name: node.member('operationName').text(),
    kind: Math.max(0, indexIn(SPAN_KINDS, textOf('span.kind'))),
    startTimeUnixNano: start,
    endTimeUnixNano: start + node.member('duration').nanosOfMicros(),
    attributes: tags.filter(({ key, value }) => !MEMBER_TAGS.has(key) && !(key === 'error' && value.type === 'bool')),
    droppedAttributesCount: 0,
    events: node.member('logs').items().map(readEvent),
    droppedEventsCount: 0,
    links,
    droppedLinksCount: 0,
    status: { code: statusOf(tags, textOf('otel.status_code')), message: textOf('otel.status_description') },
  };
  const scope = {
    name: textOf('otel.scope.name', 'otel.library.name'),
    version: textOf('otel.scope.version', 'otel.library.version'),
  };
  const own = node.member('process');
  const processId = own.isAbsent ? node.member('processID').text() : `${node.path}.process`;
  const process = own.isAbsent ? processes.member(processId) : own;
  spans.add(span, `${traceIndex} ${processId}`, () => resourceAttributes(process), scope);
}

function resourceAttributes(process: JsonNode): Attribute[] {
  const name = process.member('serviceName').text();
  return [
    { key: 'service.name', value: { type: 'string', value: name } },
    ...process.member('tags').items().map(readTag),
  ];
}

function flagsOf(node: JsonNode): number {
  if (node.isAbsent) return 0;
  if (typeof node.value !== 'number' || !Number.isInteger(node.value) || node.value < 0) {
    throw node.error('must be a whole number');
  }
  return node.value & 0xff;
}

/** A tag `error` of true alone says so too. */
function statusOf(tags: readonly Attribute[], code: string): number {
  const known = indexIn(STATUS_CODES, code);
  if (known > 0) return known;
  const error = findAttribute(tags, 'error');
  const isSet = (error?.type === 'bool' && error.value) || (error?.type === 'string' && error.value === 'true');
  return isSet ? 2 : 0;
}

/** As Jaeger does: the first CHILD_OF of the same trace is the parent, without one the first FOLLOWS_FROM of it. */
function readReferences(node: JsonNode, traceId: string): { parentSpanId: SpanId; links: SpanLink[] } {
  const references = node
    .member('references')
    .items()
    .map((reference) => ({
      isChildOf: reference.member('refType').text() === 'CHILD_OF',
      traceId: reference.member('traceID').traceId(),
      spanId: reference.member('spanID').spanId(),
    }));
  const ofTrace = references.filter((reference) => reference.traceId === traceId);
  const parent = ofTrace.find(({ isChildOf }) => isChildOf) ?? ofTrace[0];
  const links = references
    .filter((reference) => reference !== parent)
    .map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      traceState: '',
      attributes: [],
      droppedAttributesCount: 0,
      flags: 0,
    }));
  // Before references there was `parentSpanID`.
  const older = node.member('parentSpanID');
  const olderId = older.isAbsent || older.value === '' ? undefined : older.spanId();
  return { parentSpanId: parent?.spanId ?? olderId ?? ('' as SpanId), links };
}

function readEvent(node: JsonNode): SpanEvent {
  const fields = node.member('fields').items().map(readTag);
  const name = fields.find(({ key, value }) => key === 'event' && value.type === 'string')?.value;
  return {
    timeUnixNano: node.member('timestamp').nanosOfMicros(),
    name: name?.type === 'string' ? name.value : '',
    attributes: fields.filter(({ value }) => value !== name),
    droppedAttributesCount: 0,
  };
}

function readTag(node: JsonNode): Attribute {
  return { key: node.member('key').text(), value: readTagValue(node) };
}

function readTagValue(node: JsonNode): AttributeValue {
  const type = node.member('type').text();
  const found = node.member('value');
  const { value } = found;
  if (found.isAbsent) return { type: 'empty' };
  if (type === 'binary' && typeof value === 'string') return { type: 'bytes', value: bytesOf(found, value) };
  if (type === 'int64' || type === 'int') {
    if (typeof value === 'number' && Number.isInteger(value)) return { type: 'int', value: BigInt(value) };
    if (typeof value === 'string' && /^-?\d{1,19}$/.test(value)) return { type: 'int', value: BigInt(value) };
    throw found.error('must be a whole number');
  }
  if (type === 'float64' || type === 'float') {
    if (typeof value === 'number') return { type: 'double', value };
    if (typeof value === 'string' && /^(NaN|-?Infinity)$/.test(value)) return { type: 'double', value: Number(value) };
    throw found.error('must be a number');
  }
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (type === 'bool' && (value === 'true' || value === 'false')) return { type: 'bool', value: value === 'true' };
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
  }
  return { type: 'string', value: JSON.stringify(value) };
}

function bytesOf(node: JsonNode, text: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw node.error('must be base64');
  }
}

/** In any case; -1 where it is none of them. */
function indexIn(names: readonly string[], name: string): number {
  return names.indexOf(name.toLowerCase());
}

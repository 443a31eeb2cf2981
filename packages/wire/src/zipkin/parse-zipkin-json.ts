/** Traces out of Zipkin v2 JSON, by the same rules as write-zipkin-json.ts. */
import {
  type Attribute,
  type AttributeValue,
  parseSpanId,
  parseTraceId,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  STATUS_CODES,
  type TraceData,
} from '@clew/model';
import { SpanCollector } from '../file/collect-spans.ts';
import { JsonNode } from '../file/json-node.ts';

const KINDS: Readonly<Record<string, number>> = { SERVER: 2, CLIENT: 3, PRODUCER: 4, CONSUMER: 5 };
/** Tags that are members of a span in OTLP. */
const MEMBER_TAG = /^(otel\.status_code|error|otel\.(scope|library)\.(name|version)|w3c\.tracestate|otlp\.link\.\d+)$/;

/**
 * The traces of a list of spans, or of a list of such lists (what `/api/v2/traces` answers).
 * @param value JSON, parsed
 * @throws TraceFileError with the place of what is not Zipkin v2
 */
export function parseZipkinJson(value: unknown): TraceData {
  const whole = new JsonNode(value, 'Zipkin JSON');
  const nodes = whole.items().flatMap((item) => (Array.isArray(item.value) ? item.items() : [item]));
  const collected = new SpanCollector();
  const starts = startsOf(nodes);
  for (const node of nodes) {
    const tags = node.member('tags').members();
    const textOf = (...keys: string[]): string => tags.find((tag) => keys.includes(tag.key))?.text() ?? '';
    const local = node.member('localEndpoint');
    const name = local.isAbsent ? '' : local.member('serviceName').text();
    const scope = {
      name: textOf('otel.scope.name', 'otel.library.name'),
      version: textOf('otel.scope.version', 'otel.library.version'),
    };
    const resource = (): Attribute[] => (name === '' ? [] : [{ key: 'service.name', value: textValue(name) }]);
    collected.add(readSpan(node, tags, starts), name, resource, scope);
  }
  return collected.finish();
}

/** The earliest time of each trace: where a span stands that has no time of its own, which Zipkin allows. */
function startsOf(nodes: readonly JsonNode[]): ReadonlyMap<string, bigint> {
  const starts = new Map<string, bigint>();
  for (const node of nodes) {
    if (!node.member('binaryAnnotations').isAbsent) {
      throw node.member('binaryAnnotations').error('belongs to Zipkin v1; only v2 is read');
    }
    const traceId = node.member('traceId').traceId();
    const start = ownStart(node);
    const earliest = starts.get(traceId);
    if (start !== undefined && (earliest === undefined || start < earliest)) starts.set(traceId, start);
  }
  return starts;
}

function ownStart(node: JsonNode): bigint | undefined {
  const timestamp = node.member('timestamp');
  if (!timestamp.isAbsent) return timestamp.nanosOfMicros();
  const times = node
    .member('annotations')
    .items()
    .map((annotation) => annotation.member('timestamp').nanosOfMicros());
  return times.sort((a, b) => (a < b ? -1 : 1))[0];
}

function readSpan(node: JsonNode, tags: readonly JsonNode[], starts: ReadonlyMap<string, bigint>): Span {
  const traceId = node.member('traceId').traceId();
  const parent = node.member('parentId');
  const start = ownStart(node) ?? starts.get(traceId) ?? 0n;
  const duration = node.member('duration');
  const textOf = (key: string): string | undefined => tags.find((tag) => tag.key === key)?.text();
  const kind = node.member('kind');
  const internal = textOf('span.kind') === 'internal' && kind.isAbsent;
  return {
    traceId,
    spanId: node.member('id').spanId(),
    parentSpanId: parent.isAbsent || parent.value === '' ? ('' as SpanId) : parent.spanId(),
    traceState: textOf('w3c.tracestate') ?? '',
    flags: 0,
    name: node.member('name').text(),
    kind: internal ? 1 : kindOf(kind),
    startTimeUnixNano: start,
    endTimeUnixNano: start + (duration.isAbsent ? 0n : duration.nanosOfMicros()),
    attributes: [
      ...tags
        .filter(({ key }) => !MEMBER_TAG.test(key) && !(internal && key === 'span.kind'))
        .map((tag) => ({ key: tag.key, value: textValue(tagText(tag)) })),
      ...endpointAttributes(node, tags),
    ],
    droppedAttributesCount: 0,
    events: node.member('annotations').items().map(readAnnotation),
    droppedEventsCount: 0,
    links: tags.filter(({ key }) => key.startsWith('otlp.link.')).map(readLink),
    droppedLinksCount: 0,
    status: statusOf(textOf('otel.status_code'), textOf('error')),
  };
}

function kindOf(node: JsonNode): number {
  if (node.isAbsent) return 0;
  const kind = KINDS[node.text()];
  if (kind === undefined) throw node.error('must be CLIENT, SERVER, PRODUCER or CONSUMER');
  return kind;
}

/** Zipkin's tags are text; senders that write numbers mean their digits. */
function tagText(tag: JsonNode): string {
  return typeof tag.value === 'number' || typeof tag.value === 'boolean' ? String(tag.value) : tag.text();
}

/** The tag `error`, which Zipkin has of old, says so too. */
function statusOf(code: string | undefined, error: string | undefined): Span['status'] {
  const known = (STATUS_CODES as readonly string[]).indexOf(code?.toLowerCase() ?? '');
  const isError = known <= 0 ? error !== undefined && error !== 'false' : known === 2;
  return { code: isError ? 2 : Math.max(known, 0), message: isError && error !== 'true' ? (error ?? '') : '' };
}

/** What the endpoints say beyond the service, where no tag says it. */
function endpointAttributes(node: JsonNode, tags: readonly JsonNode[]): Attribute[] {
  const attributes: Attribute[] = [];
  const add = (key: string, value: AttributeValue): void => {
    if (!tags.some((tag) => tag.key === key)) attributes.push({ key, value });
  };
  const remote = node.member('remoteEndpoint');
  if (remote.isAbsent) return attributes;
  const name = remote.member('serviceName').text();
  const address = remote.member('ipv4').text() || remote.member('ipv6').text();
  const port = remote.member('port').value;
  const known = tags.some((tag) => !tag.isAbsent && tag.value === name && name !== '');
  if (name !== '' && !known) add('peer.service', textValue(name));
  if (address !== '') add('network.peer.address', textValue(address));
  if (typeof port === 'number' && Number.isInteger(port) && port > 0) {
    add('network.peer.port', { type: 'int', value: BigInt(port) });
  }
  return attributes;
}

function readAnnotation(node: JsonNode): SpanEvent {
  const value = node.member('value').text();
  const withAttributes = value.startsWith('"') ? tryObject(`{${value}}`) : undefined;
  const entry = withAttributes === undefined ? undefined : Object.entries(withAttributes)[0];
  const attributes = entry !== undefined && isRecord(entry[1]) ? entry[1] : undefined;
  return {
    timeUnixNano: node.member('timestamp').nanosOfMicros(),
    name: attributes === undefined ? value : (entry?.[0] ?? ''),
    attributes: Object.entries(attributes ?? {}).map(([key, item]) => ({ key, value: valueOfJson(item) })),
    droppedAttributesCount: 0,
  };
}

function readLink(tag: JsonNode): SpanLink {
  const must = 'must be traceId|spanId|traceState|attributes|dropped';
  const [traceText, spanText, traceState, ...rest] = tag.text().split('|');
  const dropped = rest.pop();
  const traceId = parseTraceId(traceText ?? '');
  const spanId = parseSpanId(spanText ?? '');
  const attributes = tryObject(rest.join('|'));
  if (traceId === undefined || spanId === undefined || attributes === undefined) throw tag.error(must);
  return {
    traceId,
    spanId,
    traceState,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: valueOfJson(value) })),
    droppedAttributesCount: Number(dropped) || 0,
    flags: 0,
  };
}

function tryObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function valueOfJson(value: unknown): AttributeValue {
  if (typeof value === 'string') return textValue(value);
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { type: 'int', value: BigInt(value) } : { type: 'double', value };
  }
  if (Array.isArray(value)) return { type: 'array', value: value.map(valueOfJson) };
  if (isRecord(value)) {
    return { type: 'kvlist', value: Object.entries(value).map(([key, item]) => ({ key, value: valueOfJson(item) })) };
  }
  return { type: 'empty' };
}

function textValue(value: string): AttributeValue {
  return { type: 'string', value };
}

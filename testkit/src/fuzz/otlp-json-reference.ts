/**
 * What an OTLP JSON request means, read off its tree in the plainest way: the judge of the JSON decoder.
 *
 * Members are taken in order. A member sent twice: lists of resourceSpans, scopeSpans and spans continue, objects are
 * filled further, of everything else the last one counts. A null is an absent field; in a list it is an empty element.
 */
import type { Attribute, AttributeValue, SpanId, TraceData, TraceId } from '@clew/model';
import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { JsonNode } from './json-tree.ts';

/** The request is JSON, but not of this form. */
export class NotOtlpJson extends Error {
  override readonly name = 'NotOtlpJson';
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Readers<T> = Readonly<Record<string, (into: T, node: JsonNode) => void>>;
type ResourceSpans = TraceData['resourceSpans'][number];
type ScopeSpans = ResourceSpans['scopeSpans'][number];
type Span = ScopeSpans['spans'][number];
type SpanEvent = Span['events'][number];
type SpanLink = Span['links'][number];

/** @throws NotOtlpJson */
export function referenceTraceDataOfJson(root: JsonNode): TraceData {
  const data: { resourceSpans: ResourceSpans[] } = { resourceSpans: [] };
  fill(data, root, {
    resourceSpans: (into, node) => into.resourceSpans.push(...items(node).map(resourceSpansOf)),
  });
  return data;
}

function resourceSpansOf(node: JsonNode): ResourceSpans {
  const resource = { attributes: [] as Attribute[], droppedAttributesCount: 0 };
  const result = { resource, scopeSpans: [] as ScopeSpans[], schemaUrl: '' };
  const scopeSpans = (into: typeof result, list: JsonNode) => {
    into.scopeSpans.push(...items(list).map(scopeSpansOf));
  };
  fill(result, node, {
    resource: (into, inner) => fill(into.resource, inner, withAttributes()),
    scopeSpans,
    instrumentationLibrarySpans: scopeSpans,
    schemaUrl: (into, inner) => {
      into.schemaUrl = textOrEmpty(inner);
    },
  });
  return result;
}

function scopeSpansOf(node: JsonNode): ScopeSpans {
  const scope = { name: '', version: '', attributes: [] as Attribute[], droppedAttributesCount: 0 };
  const result = { scope, spans: [] as Span[], schemaUrl: '' };
  const readScope = (into: typeof result, inner: JsonNode) =>
    fill(into.scope, inner, {
      ...withAttributes(),
      name: (target, value) => {
        target.name = textOrEmpty(value);
      },
      version: (target, value) => {
        target.version = textOrEmpty(value);
      },
    });
  fill(result, node, {
    scope: readScope,
    instrumentationLibrary: readScope,
    spans: (into, list) => into.spans.push(...items(list).map(spanOf)),
    schemaUrl: (into, inner) => {
      into.schemaUrl = textOrEmpty(inner);
    },
  });
  return result;
}

function spanOf(node: JsonNode): Span {
  const span: Mutable<Span> = {
    traceId: '' as TraceId,
    spanId: '' as SpanId,
    parentSpanId: '' as SpanId,
    traceState: '',
    flags: 0,
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  };
  fill(span, node, {
    ...withAttributes(),
    traceId: set('traceId', (value) => idOf(value, 16) as TraceId),
    spanId: set('spanId', (value) => idOf(value, 8) as SpanId),
    parentSpanId: set('parentSpanId', (value) => idOf(value, 8) as SpanId),
    traceState: set('traceState', textOrEmpty),
    flags: set('flags', uint32),
    name: set('name', textOrEmpty),
    kind: set('kind', (value) => enumOf(value, SPAN_KINDS, 'SPAN_KIND_')),
    startTimeUnixNano: set('startTimeUnixNano', uint64),
    endTimeUnixNano: set('endTimeUnixNano', uint64),
    events: set('events', (value) => items(value).map(eventOf)),
    droppedEventsCount: set('droppedEventsCount', uint32),
    links: set('links', (value) => items(value).map(linkOf)),
    droppedLinksCount: set('droppedLinksCount', uint32),
    status: (into, value) => {
      const status: Mutable<Span['status']> = { ...into.status };
      fill(status, value, {
        message: set('message', textOrEmpty),
        code: set('code', (code) => enumOf(code, STATUS_CODES, 'STATUS_CODE_')),
      });
      into.status = status;
    },
  });
  return span;
}

function eventOf(node: JsonNode): SpanEvent {
  const event: Mutable<SpanEvent> = { timeUnixNano: 0n, name: '', attributes: [], droppedAttributesCount: 0 };
  fill(event, node, {
    ...withAttributes(),
    timeUnixNano: set('timeUnixNano', uint64),
    name: set('name', textOrEmpty),
  });
  return event;
}

function linkOf(node: JsonNode): SpanLink {
  const link: Mutable<SpanLink> = {
    traceId: '' as TraceId,
    spanId: '' as SpanId,
    traceState: '',
    attributes: [],
    droppedAttributesCount: 0,
    flags: 0,
  };
  fill(link, node, {
    ...withAttributes(),
    traceId: set('traceId', (value) => idOf(value, 16) as TraceId),
    spanId: set('spanId', (value) => idOf(value, 8) as SpanId),
    traceState: set('traceState', textOrEmpty),
    flags: set('flags', uint32),
  });
  return link;
}

function withAttributes<T extends { attributes: readonly Attribute[]; droppedAttributesCount: number }>(): Readers<T> {
  return {
    attributes: (into, value) => {
      into.attributes = items(value).map(attributeOf);
    },
    droppedAttributesCount: (into, value) => {
      into.droppedAttributesCount = uint32(value);
    },
  };
}

function attributeOf(node: JsonNode): Attribute {
  const attribute: Mutable<Attribute> = { key: '', value: { type: 'empty' } };
  fill(attribute, node, {
    key: set('key', textOrEmpty),
    value: (into, value) => {
      into.value = anyValueOf(value, into.value);
    },
  });
  return attribute;
}

/** An AnyValue over what an earlier member said; of several fields the last one counts. */
function anyValueOf(node: JsonNode, before: AttributeValue = { type: 'empty' }): AttributeValue {
  const holder = { value: before };
  const put = (make: (value: JsonNode) => AttributeValue) => (into: typeof holder, value: JsonNode) => {
    if (!isNull(value)) into.value = make(value);
  };
  fill(holder, node, {
    stringValue: put((value) => ({ type: 'string', value: textOf(value) })),
    boolValue: put((value) => ({ type: 'bool', value: boolOf(value) })),
    intValue: put((value) => ({ type: 'int', value: int64(value) })),
    doubleValue: put((value) => ({ type: 'double', value: doubleOf(value) })),
    bytesValue: put((value) => ({ type: 'bytes', value: bytesOf(textOf(value)) ?? refuse('base64') })),
    arrayValue: put((value) => ({ type: 'array', value: valuesOf(value, (item) => anyValueOf(item)) })),
    kvlistValue: put((value) => ({ type: 'kvlist', value: valuesOf(value, attributeOf) })),
  });
  return holder.value;
}

/** Lists that are not the last must be right as well. */
function valuesOf<T>(node: JsonNode, read: (item: JsonNode) => T): T[] {
  const holder: { values: T[] } = { values: [] };
  fill(holder, node, {
    values: (into, list) => {
      into.values = items(list).map(read);
    },
  });
  return holder.values;
}

function set<T, K extends keyof T>(name: K, read: (node: JsonNode) => T[K]): (into: T, node: JsonNode) => void {
  return (into, node) => {
    into[name] = read(node);
  };
}

/** Reads the members of an object (or null) that `readers` knows, by their names in camelCase or snake_case. */
function fill<T>(into: T, node: JsonNode, readers: Readers<T>): void {
  if (isNull(node)) return;
  if (node.kind !== 'object') refuse('an object');
  for (const [name, value] of node.members) {
    const camel = /^[a-z]+(_[a-z]+)*$/.test(name)
      ? name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
      : name;
    if (Object.hasOwn(readers, camel)) readers[camel](into, value);
  }
}

function items(node: JsonNode): JsonNode[] {
  if (isNull(node)) return [];
  return node.kind === 'array' ? node.items : refuse('an array');
}

function isNull(node: JsonNode): boolean {
  return node.kind === 'word' && node.text === 'null';
}

function textOf(node: JsonNode): string {
  return node.kind === 'string' ? Buffer.from(node.text).toString() : refuse('a string');
}

function textOrEmpty(node: JsonNode): string {
  return isNull(node) ? '' : textOf(node);
}

function boolOf(node: JsonNode): boolean {
  if (node.kind === 'number' || node.kind === 'object' || node.kind === 'array') refuse('a bool');
  if (node.text !== 'true' && node.text !== 'false') refuse('a bool');
  return node.text === 'true';
}

/** As a number or as its text; fractions and exponents as far as Clew bothers: 64 characters, 40 places. */
function integerOf(node: JsonNode): bigint {
  if (isNull(node)) return 0n;
  if (node.kind !== 'number' && node.kind !== 'string') refuse('an integer');
  if (/^-?\d+$/.test(node.text)) return BigInt(node.text);
  const parts = /^(-?\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,4}))?$/.exec(node.text);
  if (parts === null || node.text.length > 64) refuse('an integer');
  const [, whole, fraction = '', exponent = '0'] = parts;
  const places = Number(exponent) - fraction.length;
  if (Math.abs(places) > 40) refuse('an integer');
  const digits = BigInt(whole + fraction);
  if (places >= 0) return digits * 10n ** BigInt(places);
  return digits % 10n ** BigInt(-places) === 0n ? digits / 10n ** BigInt(-places) : refuse('an integer');
}

function within(value: bigint, least: bigint, most: bigint): bigint {
  return value >= least && value <= most ? value : refuse('a number in range');
}

function int64(node: JsonNode): bigint {
  return within(integerOf(node), -(2n ** 63n), 2n ** 63n - 1n);
}

function uint64(node: JsonNode): bigint {
  return within(integerOf(node), 0n, 2n ** 64n - 1n);
}

function uint32(node: JsonNode): number {
  return Number(within(integerOf(node), 0n, 2n ** 32n - 1n));
}

/** A name not known is 0; what begins like a number must be one. */
function enumOf(node: JsonNode, names: readonly string[], prefix: string): number {
  if (node.kind === 'string' && node.text > ':') {
    const name = node.text.startsWith(prefix) ? node.text.slice(prefix.length) : node.text;
    return Math.max(0, names.indexOf(name.toLowerCase()));
  }
  return Number(within(integerOf(node), -(2n ** 31n), 2n ** 31n - 1n));
}

function doubleOf(node: JsonNode): number {
  if (node.kind === 'number') return Number(node.text);
  if (node.kind !== 'string') refuse('a number');
  if (!/^(-?\d+(\.\d+)?([eE][+-]?\d+)?|NaN|-?Infinity)$/.test(node.text)) refuse('a number');
  return Number(node.text);
}

/** base64 of either alphabet, padded or not; undefined when it is none. */
function bytesOf(text: string): Uint8Array | undefined {
  const digits = text.replace(/={1,2}$/, '');
  if (!/^[A-Za-z0-9+/_-]*$/.test(digits) || digits.length % 4 === 1) return undefined;
  return Uint8Array.from(Buffer.from(digits, 'base64'));
}

/** In hex or base64; anything else is no id. */
function idOf(node: JsonNode, length: number): string {
  const text = textOrEmpty(node);
  let hex = '';
  if (text.length === length * 2) {
    hex = /^[0-9a-fA-F]+$/.test(text) ? text.toLowerCase() : '';
  } else if (text.length > 0 && text.length <= length * 1.5) {
    const bytes = bytesOf(text);
    hex = bytes?.length === length ? Buffer.from(bytes).toString('hex') : '';
  }
  return /^0*$/.test(hex) ? '' : hex;
}

function refuse(expected: string): never {
  throw new NotOtlpJson(expected);
}

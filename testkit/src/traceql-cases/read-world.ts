/**
 * Traces in a compact notation. A span a line, indented under its parent, with a name that no other span of the file
 * has:
 *
 *     trace shop
 *       front  web  0ms +100ms  server ok  a=5 tags=["x","y"]
 *         cart  shop  10ms +50ms  error:"boom"  event(retry,5ms,n=1) link(shop/front,kind="x")
 *
 * name, service (`-`: none), start after WORLD_ORIGIN, duration, then in any order: kind, status, `key=value` for
 * attributes (`resource.key=`, `instrumentation.key=` for those), `scope=name/version`, `state="…"` for the trace
 * state, `id=` and `parent=` for ids that do not follow from the place (`parent=none`, a span's name, or digits).
 */
import {
  type Attribute,
  type AttributeValue,
  NO_SPAN_ID,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanId,
  type SpanLink,
  STATUS_CODES,
  type TraceData,
  type TraceId,
} from '@clew/model';
import { readAttribute, readNanos, readValue, splitOutside } from './read-value.ts';

/** A multiple of an hour. */
export const WORLD_ORIGIN_UNIX_NANO = 1_760_000_400_000_000_000n;

export interface World {
  readonly data: TraceData;
  /** As the file calls it. */
  readonly traceName: (traceId: string) => string;
  /** Place of a span in the file, by its name. */
  readonly spanOrder: (spanName: string) => number;
}

interface WrittenSpan {
  readonly traceId: TraceId;
  readonly name: string;
  readonly parentSpanId: SpanId;
  readonly words: readonly string[];
}

interface Ids {
  readonly traces: Map<string, TraceId>;
  /** By span name. */
  readonly spans: Map<string, SpanId>;
}

/** @throws Error that names the line. */
export function readWorld(lines: readonly string[]): World {
  const ids: Ids = { traces: new Map(), spans: new Map() };
  const written: WrittenSpan[] = [];
  let traceId = '' as TraceId;
  let open: { readonly indent: number; readonly spanId: SpanId }[] = [];
  for (const line of lines) {
    const words = splitOutside(line.trim(), ' ');
    if (words.length === 0 || line.startsWith('#')) continue;
    if (words[0] === 'trace') {
      traceId = (ids.traces.size + 1).toString(16).padStart(32, '0') as TraceId;
      ids.traces.set(words[1], traceId);
      open = [];
      continue;
    }
    const indent = line.length - line.trimStart().length;
    open = open.filter((above) => above.indent < indent);
    const [name] = words;
    if (ids.spans.has(name)) throw new Error(`two spans are called ${name}: ${line}.`);
    const given = words.find((word) => word.startsWith('id='))?.slice(3);
    const spanId = (given ?? (written.length + 1).toString(16)).padStart(16, '0') as SpanId;
    ids.spans.set(name, spanId);
    written.push({ traceId, name, parentSpanId: open.at(-1)?.spanId ?? NO_SPAN_ID, words: words.slice(1) });
    open.push({ indent, spanId });
  }
  const names = new Map([...ids.traces].map(([name, id]) => [id as string, name]));
  const order = new Map([...ids.spans.keys()].map((name, index) => [name, index]));
  return {
    data: { resourceSpans: written.map((span) => buildResourceSpans(span, ids)) },
    traceName: (id) => names.get(id) ?? id,
    spanOrder: (name) => order.get(name) ?? -1,
  };
}

/** Each span with a resource and a scope of its own: nothing depends on how they are grouped. */
function buildResourceSpans(written: WrittenSpan, ids: Ids): TraceData['resourceSpans'][number] {
  const [service, startText, durationText, ...rest] = written.words;
  try {
    const start = WORLD_ORIGIN_UNIX_NANO + readNanos(startText);
    const parts = readParts(rest, start, written, ids);
    const serviceName: Attribute[] =
      service === '-' ? [] : [{ key: 'service.name', value: { type: 'string', value: service } }];
    const [scopeName = '', version = ''] = (parts.settings.get('scope') ?? '').split('/');
    const span: Span = {
      traceId: written.traceId,
      spanId: idOf(ids, written.name),
      parentSpanId: parentOf(written, parts.settings.get('parent'), ids),
      traceState: parts.settings.get('state') ?? '',
      flags: 0,
      name: written.name,
      kind: parts.kind,
      startTimeUnixNano: start,
      endTimeUnixNano: start + readNanos(durationText),
      attributes: parts.attributes.span,
      droppedAttributesCount: 0,
      events: parts.events,
      droppedEventsCount: 0,
      links: parts.links,
      droppedLinksCount: 0,
      status: parts.status,
    };
    const scope = { name: scopeName, version, attributes: parts.attributes.instrumentation, droppedAttributesCount: 0 };
    return {
      resource: { attributes: [...serviceName, ...parts.attributes.resource], droppedAttributesCount: 0 },
      scopeSpans: [{ scope, spans: [span], schemaUrl: '' }],
      schemaUrl: '',
    };
  } catch (error) {
    throw new Error(`span ${written.name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

interface Parts {
  kind: number;
  status: Span['status'];
  readonly events: SpanEvent[];
  readonly links: SpanLink[];
  readonly settings: Map<string, string>;
  readonly attributes: Readonly<Record<'span' | 'resource' | 'instrumentation', Attribute[]>>;
}

const KIND_WORDS: readonly string[] = SPAN_KINDS;
const STATUS_WORDS: readonly string[] = STATUS_CODES;

const SETTINGS: ReadonlySet<string> = new Set(['id', 'parent', 'scope', 'state']);

function readParts(words: readonly string[], start: bigint, { traceId }: WrittenSpan, ids: Ids): Parts {
  const parts: Parts = {
    kind: 0,
    status: { code: 0, message: '' },
    events: [],
    links: [],
    settings: new Map(),
    attributes: { span: [], resource: [], instrumentation: [] },
  };
  for (const word of words) {
    const [, kind, inner] = /^(event|link)\((.*)\)$/s.exec(word) ?? [];
    if (kind === 'event') parts.events.push(readEvent(inner, start));
    else if (kind === 'link') parts.links.push(readLink(inner, traceId, ids));
    else if (!word.includes('=') || /^(ok|error):/.test(word)) readKindOrStatus(word, parts);
    else readSettingOrAttribute(word, parts);
  }
  return parts;
}

function readKindOrStatus(word: string, parts: Parts): void {
  const [first, ...message] = word.split(':');
  const status = STATUS_WORDS.indexOf(first);
  const number = /^(kind|status)(\d+)$/.exec(word);
  if (status >= 0) parts.status = { code: status, message: message.length > 0 ? textOf(message.join(':')) : '' };
  else if (number?.[1] === 'status') parts.status = { code: Number(number[2]), message: '' };
  else if (number !== null) parts.kind = Number(number[2]);
  else {
    parts.kind = KIND_WORDS.indexOf(word);
    if (parts.kind < 0) throw new Error(`neither a kind nor a status: ${word}.`);
  }
}

function readSettingOrAttribute(word: string, parts: Parts): void {
  const [key] = word.split('=', 1);
  const value = word.slice(key.length + 1);
  if (SETTINGS.has(key)) {
    parts.settings.set(key, value.startsWith('"') ? textOf(value) : value);
    return;
  }
  const [, scope, name] = /^(resource|instrumentation)\.(.*)$/.exec(key) ?? [];
  const attribute = { key: name ?? key, value: readValue(value) };
  parts.attributes[scope === 'resource' || scope === 'instrumentation' ? scope : 'span'].push(attribute);
}

/** `name,5ms,key=value` */
function readEvent(text: string, start: bigint): SpanEvent {
  const [name, time, ...attributes] = splitOutside(text, ',');
  return {
    timeUnixNano: start + readNanos(time),
    name,
    attributes: attributes.map((attribute) => readAttribute(attribute, '=')),
    droppedAttributesCount: 0,
  };
}

/** `trace/span,key=value` */
function readLink(text: string, traceId: TraceId, ids: Ids): SpanLink {
  const [target, ...attributes] = splitOutside(text, ',');
  const [trace, span] = target.split('/');
  return {
    traceId: ids.traces.get(trace) ?? traceId,
    spanId: idOf(ids, span),
    traceState: '',
    attributes: attributes.map((attribute) => readAttribute(attribute, '=')),
    droppedAttributesCount: 0,
    flags: 0,
  };
}

function parentOf(written: WrittenSpan, given: string | undefined, ids: Ids): SpanId {
  if (given === undefined) return written.parentSpanId;
  return given === 'none' ? NO_SPAN_ID : (ids.spans.get(given) ?? (given.padStart(16, '0') as SpanId));
}

function idOf(ids: Ids, name: string): SpanId {
  const id = ids.spans.get(name);
  if (id === undefined) throw new Error(`no span is called ${name}.`);
  return id;
}

function textOf(quoted: string): string {
  const value: AttributeValue = readValue(quoted);
  if (value.type !== 'string') throw new Error(`no text: ${quoted}.`);
  return value.value;
}

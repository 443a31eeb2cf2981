/**
 * Traces with few different values, so that random queries hit, with every form in which a value can be stored and
 * every form of trees: for the differential tests. Most starts lie in six hours; some traces go on days later.
 */
import {
  type Attribute,
  type AttributeValue,
  type InstrumentationScope,
  type Resource,
  type ResourceSpans,
  type Span,
  type SpanEvent,
  type SpanLink,
  serviceName,
  type TraceData,
  type TraceId,
} from '@clew/model';
import type { Random } from './random.ts';
import { randomShape, type ShapedSpan } from './random-shape.ts';

export const WORLD_START_UNIX_NANO = 1_760_000_000_000_000_000n;
const MINUTE_NANO = 60_000_000_000n;
export const WORLD_END_UNIX_NANO = WORLD_START_UNIX_NANO + 6n * 60n * MINUTE_NANO;

const text = (value: string): AttributeValue => ({ type: 'string', value });
const int = (value: number | bigint): AttributeValue => ({ type: 'int', value: BigInt(value) });
const double = (value: number): AttributeValue => ({ type: 'double', value });
const bool = (value: boolean): AttributeValue => ({ type: 'bool', value });
const listOf = (...value: AttributeValue[]): AttributeValue => ({ type: 'array', value });
const list = listOf(text('a'));
const bytes: AttributeValue = { type: 'bytes', value: Uint8Array.of(1, 2, 3) };
const empty: AttributeValue = { type: 'empty' };
const map: AttributeValue = { type: 'kvlist', value: [{ key: 'k', value: { type: 'int', value: 1n } }] };

const ODD_VALUES: readonly AttributeValue[] = [
  ...[text(''), text('a'), text('A'), text('ab'), text('a\nb'), text('ü'), text('\u{1f600}'), text('\uffee')],
  ...[int(0), int(1), int(-1), int(200), int(2n ** 53n + 1n), int(2n ** 63n - 1n), int(-(2n ** 63n))],
  ...[double(0), double(1), double(200), double(0.5), double(2 ** 53), double(Number.NaN), double(-1 / 0)],
  ...[bool(true), bool(false), list, bytes, empty, map],
  ...[listOf(), listOf(text('a'), text('b')), listOf(text('a'), int(1)), listOf(list), listOf(int(1), int(2))],
  ...[listOf(double(0.5), double(Number.NaN)), listOf(bool(true), bool(false)), listOf(int(200))],
];

const SPAN_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  // Promoted: right type, default of the type, wrong types.
  'http.request.method': [text('GET'), text('GET'), text('POST'), text(''), int(1), list],
  'http.response.status_code': [int(200), int(200), int(500), int(0), int(-5), int(70_000), text('200'), double(200)],
  'url.path': [text('/cart'), text('/pay'), text(''), bool(true), empty],
  'user.id': [text('u1'), text('u2'), text(''), int(7)],
  // Everything in the maps.
  odd: ODD_VALUES,
  retried: [bool(true), bool(false), text('true')],
  attempts: [int(1), int(2), int(3), double(2)],
  tags: [listOf(text('a')), listOf(text('a'), text('b')), listOf(text('b'), text('')), text('a'), listOf(int(1))],
  sizes: [listOf(int(1), int(3)), listOf(int(200)), listOf(double(0.5), double(2)), int(3)],
  ratio: [double(0.25), double(0.5), double(1), int(1)],
  // On the resource too.
  region: [text('eu'), int(3), empty],
  'service.name': [text('cart'), text('impostor')],
};

const RESOURCE_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  region: [text('eu'), text('us'), text(''), int(3), list],
  replicas: [int(1), int(3), double(1.5)],
  canary: [bool(true), bool(false)],
  odd: ODD_VALUES,
  attempts: [int(9), int(2)],
  'http.request.method': [text('GET'), text('')],
};

const SERVICE_NAMES: readonly (AttributeValue | undefined)[] = [
  ...[text('cart'), text('cart'), text('pay'), text('pay'), text('mail'), text('unknown_service')],
  ...[text(''), int(1), list, undefined],
];

const EVENT_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  level: [text('warn'), text('info'), int(3)],
  size: [int(1), int(2), double(2.5), text('2'), list],
};

const LINK_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  'link.type': [text('retry'), text('batch'), bool(true)],
  size: [int(1), double(1)],
};

const SCOPES: readonly InstrumentationScope[] = [
  { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 },
  { name: '', version: '', attributes: [{ key: 'lang', value: text('go') }], droppedAttributesCount: 0 },
  {
    name: 'net/http',
    version: '2.1',
    attributes: [
      { key: 'lang', value: text('js') },
      { key: 'size', value: int(2) },
    ],
    droppedAttributesCount: 0,
  },
];

const NAMES = ['GET /cart', 'GET /pay', 'charge', 'send', '', 'a\nb'];
const EVENT_NAMES = ['exception', 'retry', ''];
const DURATIONS = [0n, 1n, 1_000n, 5_000_000n, 5_000_000n, 1_000_000_000n, 90_000_000_000n, -1n, -2_000_000n];
// No threshold, thresholds of 1 in 2, 4 and 16, what is no threshold.
const TRACE_STATES = [
  ...['', '', '', '', 'ot=th:8', 'a=b, ot=rv:0123456789abcd;th:c', 'ot=th:f'],
  'ot=th:xyz',
  'th=th:8',
];

function attributesFrom(
  random: Random,
  values: Readonly<Record<string, readonly AttributeValue[]>>,
  chance: number,
): Attribute[] {
  return Object.entries(values)
    .filter(() => random.chance(chance))
    .map(([key, choices]) => ({ key, value: random.pick(choices) }));
}

function smallResource(random: Random): Resource {
  const attributes = attributesFrom(random, RESOURCE_VALUES, 0.5);
  const service = random.pick(SERVICE_NAMES);
  if (service !== undefined) attributes.push({ key: 'service.name', value: service });
  return { attributes, droppedAttributesCount: 0 };
}

function smallEvent(random: Random, spanStart: bigint): SpanEvent {
  return {
    timeUnixNano: spanStart + random.pick([0n, 1_000n, 5_000_000n, -1_000n]),
    name: random.pick(EVENT_NAMES),
    attributes: attributesFrom(random, EVENT_VALUES, 0.6),
    droppedAttributesCount: 0,
  };
}

function smallLink(random: Random, traceIds: readonly TraceId[], { spanId }: ShapedSpan): SpanLink {
  return {
    traceId: random.pick(traceIds),
    spanId,
    traceState: '',
    attributes: attributesFrom(random, LINK_VALUES, 0.6),
    droppedAttributesCount: 0,
    flags: 0,
  };
}

/** Where a trace lies, and what its links may name. */
interface TraceFrame {
  readonly traceId: TraceId;
  readonly start: bigint;
  /** Added to the starts of late spans. */
  readonly lateness: bigint;
  readonly knownTraceIds: readonly TraceId[];
}

function smallSpan(random: Random, frame: TraceFrame, shaped: ShapedSpan): Span {
  // Starts on a coarse grid: spans and whole traces start in the same nanosecond.
  const late = random.chance(0.3) ? frame.lateness : 0n;
  const start = frame.start + BigInt(random.below(7)) * 4n * MINUTE_NANO + late;
  const duration = random.pick(DURATIONS);
  return {
    traceId: frame.traceId,
    ...shaped,
    traceState: random.pick(TRACE_STATES),
    flags: 0,
    name: random.pick(NAMES),
    kind: random.chance(0.95) ? random.below(6) : 17,
    startTimeUnixNano: start,
    endTimeUnixNano: start + duration,
    attributes: attributesFrom(random, SPAN_VALUES, 0.4),
    droppedAttributesCount: 0,
    events: random.chance(0.3) ? random.list(1, 3, () => smallEvent(random, start)) : [],
    droppedEventsCount: 0,
    links: random.chance(0.2) ? random.list(1, 2, () => smallLink(random, frame.knownTraceIds, shaped)) : [],
    droppedLinksCount: 0,
    status: {
      code: random.chance(0.95) ? random.below(3) : 9,
      message: random.pick(['', '', 'timeout', 'a\nb']),
    },
  };
}

/** `traceCount` traces; span ids may repeat inside a trace and between traces. */
export function buildSmallWorld(random: Random, traceCount: number): TraceData {
  const resources = random.list(14, 20, () => smallResource(random));
  // By resource, then by scope.
  const spansOf: Span[][][] = resources.map(() => SCOPES.map(() => []));
  const minutes = Number((WORLD_END_UNIX_NANO - WORLD_START_UNIX_NANO) / MINUTE_NANO) - 30;
  const traceIds: TraceId[] = [];
  for (let trace = 0; trace < traceCount; trace++) {
    const traceId = random.hex(32) as TraceId;
    traceIds.push(traceId);
    const start = WORLD_START_UNIX_NANO + BigInt(random.below(minutes)) * MINUTE_NANO;
    // Hours are another part of the day, days are other parts of the table.
    const lateness = random.chance(0.15) ? random.pick([2n, 30n, 75n]) * 60n * MINUTE_NANO : 0n;
    const told = new Set<string>();
    for (const shaped of randomShape(random)) {
      const row = random.below(resources.length);
      let span = smallSpan(random, { traceId, start, lateness, knownTraceIds: traceIds }, shaped);
      // Which of two spans with equal id, start, service and name comes first is not defined.
      const identity = () => `${span.spanId} ${span.startTimeUnixNano} ${serviceName(resources[row])} ${span.name}`;
      while (told.has(identity())) span = movedBy(span, MINUTE_NANO);
      told.add(identity());
      spansOf[row][random.below(SCOPES.length)].push(span);
    }
  }
  return { resourceSpans: resources.map((resource, row) => resourceSpans(resource, spansOf[row])) };
}

function movedBy(span: Span, nanos: bigint): Span {
  return {
    ...span,
    startTimeUnixNano: span.startTimeUnixNano + nanos,
    endTimeUnixNano: span.endTimeUnixNano + nanos,
    events: span.events.map((event) => ({ ...event, timeUnixNano: event.timeUnixNano + nanos })),
  };
}

function resourceSpans(resource: Resource, spansByScope: readonly (readonly Span[])[]): ResourceSpans {
  const scopeSpans = SCOPES.map((scope, row) => ({ scope, spans: spansByScope[row], schemaUrl: '' }));
  return { resource, scopeSpans: scopeSpans.filter(({ spans }) => spans.length > 0), schemaUrl: '' };
}

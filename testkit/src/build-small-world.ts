/**
 * Traces with few different values, so that random filters hit, and with every form in which a value can be stored:
 * for the differential test. All starts lie in six hours; no trace is longer than half an hour.
 */
import type {
  Attribute,
  AttributeValue,
  Resource,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanId,
  TraceData,
  TraceId,
} from '@clew/model';
import type { Random } from './random.ts';

export const WORLD_START_UNIX_NANO = 1_760_000_000_000_000_000n;
const MINUTE_NANO = 60_000_000_000n;
export const WORLD_END_UNIX_NANO = WORLD_START_UNIX_NANO + 6n * 60n * MINUTE_NANO;

const text = (value: string): AttributeValue => ({ type: 'string', value });
const int = (value: number | bigint): AttributeValue => ({ type: 'int', value: BigInt(value) });
const double = (value: number): AttributeValue => ({ type: 'double', value });
const bool = (value: boolean): AttributeValue => ({ type: 'bool', value });
const list: AttributeValue = { type: 'array', value: [{ type: 'string', value: 'a' }] };
const bytes: AttributeValue = { type: 'bytes', value: Uint8Array.of(1, 2, 3) };
const empty: AttributeValue = { type: 'empty' };
const map: AttributeValue = { type: 'kvlist', value: [{ key: 'k', value: { type: 'int', value: 1n } }] };

const ODD_VALUES: readonly AttributeValue[] = [
  ...[text(''), text('a'), text('A'), text('ab'), text('a\nb'), text('ü'), text('\u{1f600}'), text('\uffee')],
  ...[int(0), int(1), int(-1), int(200), int(2n ** 53n + 1n), int(2n ** 63n - 1n), int(-(2n ** 63n))],
  ...[double(0), double(1), double(200), double(0.5), double(2 ** 53), double(Number.NaN), double(-1 / 0)],
  ...[bool(true), bool(false), list, bytes, empty, map],
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

const NAMES = ['GET /cart', 'GET /pay', 'charge', 'send', '', 'a\nb'];
const DURATIONS = [0n, 1n, 1_000n, 5_000_000n, 5_000_000n, 1_000_000_000n, 90_000_000_000n, -1n, -2_000_000n];

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

function smallSpan(random: Random, traceId: TraceId, spanIds: readonly SpanId[], traceStart: bigint): Span {
  // Starts on a coarse grid: spans and whole traces start in the same nanosecond.
  const start = traceStart + BigInt(random.below(7)) * 4n * MINUTE_NANO;
  const duration = random.pick(DURATIONS);
  return {
    traceId,
    spanId: random.pick(spanIds),
    parentSpanId: random.chance(0.3) ? ('' as SpanId) : random.pick(spanIds),
    traceState: '',
    flags: 0,
    name: random.pick(NAMES),
    kind: random.chance(0.95) ? random.below(6) : 17,
    startTimeUnixNano: start,
    endTimeUnixNano: start + duration,
    attributes: attributesFrom(random, SPAN_VALUES, 0.4),
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
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
  const spansOf: Span[][] = resources.map(() => []);
  const minutes = Number((WORLD_END_UNIX_NANO - WORLD_START_UNIX_NANO) / MINUTE_NANO) - 30;
  for (let trace = 0; trace < traceCount; trace++) {
    const traceId = random.hex(32) as TraceId;
    const traceStart = WORLD_START_UNIX_NANO + BigInt(random.below(minutes)) * MINUTE_NANO;
    const spanIds = random.list(2, 6, () => `00000000000000${random.between(16, 99)}` as SpanId);
    const count = random.between(1, 9);
    for (let i = 0; i < count; i++) {
      spansOf[random.below(resources.length)].push(smallSpan(random, traceId, spanIds, traceStart));
    }
  }
  return { resourceSpans: resources.map((resource, row) => resourceSpans(resource, spansOf[row])) };
}

function resourceSpans(resource: Resource, spans: readonly Span[]): ResourceSpans {
  const scope = { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 };
  const scopeSpans: ScopeSpans[] = [{ scope, spans, schemaUrl: '' }];
  return { resource, scopeSpans, schemaUrl: '' };
}

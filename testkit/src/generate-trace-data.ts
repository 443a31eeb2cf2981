/** Random traces of every shape OTLP allows, sensible or not: for round trips and differential tests. */
import type {
  Attribute,
  AttributeValue,
  InstrumentationScope,
  ResourceSpans,
  ScopeSpans,
  Span,
  SpanEvent,
  SpanId,
  SpanLink,
  TraceData,
  TraceId,
} from '@clew/model';
import { Random } from './random.ts';

export interface TraceDataOptions {
  readonly seed: number;
  /** Most resources; from none on. Default 4. */
  readonly maxResources?: number;
  /** Most spans of one scope; from none on. Default 6. */
  readonly maxSpansPerScope?: number;
  /** Levels of arrays and maps inside a value. Default 4. */
  readonly maxValueDepth?: number;
  /** Whether one attribute list may hold a key twice. Default false. */
  readonly duplicateKeys?: boolean;
}

type Settings = Required<TraceDataOptions>;

/** Valid ids, well-formed Unicode, everything else as odd as the data model permits. */
export function generateTraceData(options: TraceDataOptions): TraceData {
  const settings = { maxResources: 4, maxSpansPerScope: 6, maxValueDepth: 4, duplicateKeys: false, ...options };
  const random = new Random(options.seed);
  return { resourceSpans: random.list(0, settings.maxResources, () => resourceSpans(random, settings)) };
}

/** One attribute value of any type. */
export function generateAttributeValue(random: Random, maxDepth = 4): AttributeValue {
  return attributeValue(random, maxDepth, false);
}

const WORDS = [
  '',
  ' ',
  'a',
  'GET /api/products/{id}',
  'http.request.method',
  'service.name',
  'quote " backslash \\ slash / tab \t newline \n',
  '\u0000\u0001\u001f',
  '\u007f\u0080\u07ff\u0800\uffff',
  '\ufeffbyte order mark first',
  'Zoë Müller',
  '李小龙',
  '👩‍👩‍👧‍👦 and 🏳️‍🌈',
  '\u2028\u2029',
  '</script><!--',
  "'; DROP TABLE spans; --",
  'x'.repeat(127),
  'y'.repeat(128),
] as const;

function text(random: Random): string {
  // Longer than a two-byte length can say.
  if (random.chance(0.003)) return 'ü'.repeat(8200);
  if (random.chance(0.5)) return random.pick(WORDS);
  if (random.chance(0.5)) return random.hex(random.below(40));
  let value = '';
  for (let i = random.below(24); i > 0; i--) value += codePoint(random);
  return value;
}

/** Any Unicode scalar value: no half of a surrogate pair, which UTF-8 cannot carry. */
function codePoint(random: Random): string {
  const limit = random.pick([0x80, 0x800, 0x10000, 0x110000]);
  const value = random.below(limit);
  return String.fromCodePoint(value >= 0xd800 && value < 0xe000 ? value - 0xd800 : value);
}

function int64(random: Random): bigint {
  return random.pick([
    0n,
    -1n,
    1n,
    127n,
    128n,
    -128n,
    9007199254740993n,
    -9007199254740993n,
    9223372036854775807n,
    -9223372036854775808n,
    BigInt.asIntN(64, random.uint64()),
    BigInt(random.below(100_000)),
  ]);
}

function double(random: Random): number {
  return random.pick([
    0,
    -0,
    1,
    0.1,
    -0.1,
    1 / 3,
    5e-324,
    1.7976931348623157e308,
    2 ** 53,
    1e21,
    123456789.12345679,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    random.float() * 10 ** random.between(-30, 30),
    random.below(1_000_000) / 100,
  ]);
}

function attributeValue(random: Random, depth: number, duplicateKeys: boolean): AttributeValue {
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
    case 1:
      return { type: 'string', value: text(random) };
    case 2:
      return { type: 'bool', value: random.chance(0.5) };
    case 3:
      return { type: 'int', value: int64(random) };
    case 4:
      return { type: 'double', value: double(random) };
    case 5:
      return random.chance(0.5) ? { type: 'empty' } : { type: 'bytes', value: random.bytes(random.below(40)) };
    case 6:
    case 7:
      return { type: 'array', value: random.list(0, 5, () => attributeValue(random, depth - 1, duplicateKeys)) };
    default:
      return { type: 'kvlist', value: attributes(random, 4, depth - 1, duplicateKeys) };
  }
}

function attributes(random: Random, most: number, depth: number, duplicateKeys: boolean): Attribute[] {
  const list = random.list(0, most, () => ({ key: text(random), value: attributeValue(random, depth, duplicateKeys) }));
  if (duplicateKeys) return list;
  return [...new Map(list.map((attribute) => [attribute.key, attribute])).values()];
}

function count(random: Random): number {
  return random.pick([0, 0, 0, 1, 300, 0xffffffff]);
}

function traceId(random: Random): TraceId {
  return (random.chance(0.1) ? `${'0'.repeat(31)}1` : random.hex(32)) as TraceId;
}

function spanId(random: Random): SpanId {
  return (random.chance(0.1) ? `${'0'.repeat(15)}1` : random.hex(16)) as SpanId;
}

function timeUnixNano(random: Random): bigint {
  return random.pick([0n, 1n, 1_760_000_000_123_456_789n, 0xffffffffffffffffn, random.uint64()]);
}

function flags(random: Random): number {
  return random.pick([0, 1, 0x101, 0x301, 0xffffffff]);
}

function event(random: Random, settings: Settings): SpanEvent {
  return {
    timeUnixNano: timeUnixNano(random),
    name: text(random),
    attributes: attributes(random, 4, settings.maxValueDepth, settings.duplicateKeys),
    droppedAttributesCount: count(random),
  };
}

function link(random: Random, settings: Settings): SpanLink {
  return {
    traceId: traceId(random),
    spanId: spanId(random),
    traceState: random.chance(0.7) ? '' : text(random),
    attributes: attributes(random, 3, settings.maxValueDepth, settings.duplicateKeys),
    droppedAttributesCount: count(random),
    flags: flags(random),
  };
}

function span(random: Random, settings: Settings): Span {
  return {
    traceId: traceId(random),
    spanId: spanId(random),
    parentSpanId: random.chance(0.3) ? ('' as SpanId) : spanId(random),
    traceState: random.chance(0.7) ? '' : text(random),
    flags: flags(random),
    name: text(random),
    kind: random.chance(0.95) ? random.below(6) : random.pick([6, 2147483647, -1]),
    startTimeUnixNano: timeUnixNano(random),
    endTimeUnixNano: timeUnixNano(random),
    attributes: attributes(random, 12, settings.maxValueDepth, settings.duplicateKeys),
    droppedAttributesCount: count(random),
    events: random.list(0, random.chance(0.05) ? 60 : 3, () => event(random, settings)),
    droppedEventsCount: count(random),
    links: random.list(0, random.chance(0.05) ? 40 : 2, () => link(random, settings)),
    droppedLinksCount: count(random),
    status: { code: random.below(3), message: random.chance(0.7) ? '' : text(random) },
  };
}

function scope(random: Random, settings: Settings): InstrumentationScope {
  return {
    name: text(random),
    version: text(random),
    attributes: attributes(random, 3, settings.maxValueDepth, settings.duplicateKeys),
    droppedAttributesCount: count(random),
  };
}

function scopeSpans(random: Random, settings: Settings): ScopeSpans {
  return {
    scope: scope(random, settings),
    spans: random.list(0, settings.maxSpansPerScope, () => span(random, settings)),
    schemaUrl: random.chance(0.5) ? '' : text(random),
  };
}

function resourceSpans(random: Random, settings: Settings): ResourceSpans {
  return {
    resource: {
      attributes: attributes(random, 14, settings.maxValueDepth, settings.duplicateKeys),
      droppedAttributesCount: count(random),
    },
    scopeSpans: random.list(0, 3, () => scopeSpans(random, settings)),
    schemaUrl: random.chance(0.5) ? '' : text(random),
  };
}

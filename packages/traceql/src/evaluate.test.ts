import {
  type Attribute,
  type AttributeValue,
  NO_SPAN_ID,
  type Resource,
  type Span,
  type SpanId,
  type TraceData,
  type TraceId,
} from '@clew/model';
import { describe, expect, it } from 'vitest';
import { evaluateFilter } from './evaluate.ts';
import { parseFilterSyntax } from './parse.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c' as TraceId;
const OTHER_TRACE = '00000000000000000000000000000001' as TraceId;

function attributes(values: Readonly<Record<string, AttributeValue>>): Attribute[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}

function span(changes: Partial<Span> = {}): Span {
  return {
    traceId: TRACE,
    spanId: 'b7ad6b7169203331' as SpanId,
    parentSpanId: NO_SPAN_ID,
    traceState: '',
    flags: 0,
    name: 'GET /cart',
    kind: 2,
    startTimeUnixNano: 1_000n,
    endTimeUnixNano: 3_000n,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    ...changes,
  };
}

function resource(values: Readonly<Record<string, AttributeValue>> = {}): Resource {
  return { attributes: attributes(values), droppedAttributesCount: 0 };
}

function data(...groups: readonly (readonly [Resource, ...Span[]])[]): TraceData {
  const scope = { name: 's', version: '', attributes: [], droppedAttributesCount: 0 };
  return {
    resourceSpans: groups.map(([of, ...spans]) => ({
      resource: of,
      scopeSpans: [{ scope, spans, schemaUrl: '' }],
      schemaUrl: '',
    })),
  };
}

/** Whether the filter matches a lone span. */
function matches(filter: string, subject: Span, of: Resource = resource()): boolean {
  return evaluateFilter(parseFilterSyntax(`{ ${filter} }`).expression, data([of, subject])).length === 1;
}

const withA = (value: AttributeValue) => span({ attributes: attributes({ a: value }) });
const text = (value: string): AttributeValue => ({ type: 'string', value });
const int = (value: bigint): AttributeValue => ({ type: 'int', value });
const double = (value: number): AttributeValue => ({ type: 'double', value });
const bool = (value: boolean): AttributeValue => ({ type: 'bool', value });

describe('an absent attribute', () => {
  it.each(['=', '!=', '<', '<=', '>', '>=', '=~', '!~'])('does not satisfy %s', (operator) => {
    expect(matches(`.a ${operator} "x"`, span())).toBe(false);
    expect(matches(`"x" ${operator === '=~' || operator === '!~' ? '=' : operator} .a`, span())).toBe(false);
  });

  it.each([
    ['.a = nil', true],
    ['.a != nil', false],
    ['nil = .a', true],
    ['.a', false],
    ['!.a', true],
    ['!(.a = 1)', true],
    ['!(.a != 1)', true],
    ['.a || .a = nil', true],
  ])('makes %s %s', (filter, expected) => {
    expect(matches(filter, span())).toBe(expected);
  });
});

describe('attribute values', () => {
  it.each<[AttributeValue, string, boolean]>([
    [text('x'), '.a = "x"', true],
    [text('x'), '.a != "x"', false],
    [text('x'), '.a != "y"', true],
    [text(''), '.a = ""', true],
    [text('b'), '.a > "a" && .a <= "b" && .a < "c"', true],
    [text('\u{1F600}'), '.a > "\uffff"', true],
    [text('é'), '.a > "z"', true],
    [text('ab'), '.a > "a"', true],
    [text('5'), '.a = 5', false],
    [text('5'), '.a != 5', false],
    [text('true'), '.a', false],
    [int(5n), '.a = 5', true],
    [int(5n), '.a = 5.0', true],
    [int(5n), '.a = 5ns', true],
    [int(5n), '.a != "x"', false],
    [int(5n), '.a = "5"', false],
    [int(5n), '.a > 4.5 && .a < 5.5', true],
    [int(1n), '.a', false],
    [int(9007199254740993n), '.a = 9007199254740992.0', false],
    [int(9007199254740993n), '.a > 9007199254740992.0', true],
    [int(9223372036854775807n), '.a < 9223372036854775808.0', true],
    [int(-9223372036854775808n), '.a = minInt && .a = -9223372036854775808.0', true],
    [int(2_000_000_000n), '.a > 1s', true],
    [double(1.5), '.a = 1.5', true],
    [double(5), '.a = 5', true],
    [double(9007199254740992), '.a < 9007199254740993', true],
    [double(1e9), '.a = 1s', true],
    [double(-0), '.a = 0 && .a = 0.0 && .a = -0.0', true],
    [double(Number.NaN), '.a = 1', false],
    [double(Number.NaN), '.a != 1', true],
    [double(Number.NaN), '.a != 1.5', true],
    [double(Number.NaN), '.a < 1 || .a <= 1 || .a > 1 || .a >= 1', false],
    [double(Number.NaN), '.a != nil', true],
    [double(Number.POSITIVE_INFINITY), '.a > maxInt', true],
    [double(Number.NEGATIVE_INFINITY), '.a < minInt', true],
    [double(1), '.a != "x"', false],
    [bool(true), '.a', true],
    [bool(true), '.a = true && .a != false', true],
    [bool(true), '!.a', false],
    [bool(false), '.a', false],
    [bool(false), '!.a', true],
    [bool(false), '.a = false', true],
    [bool(true), '.a = 1', false],
    [bool(true), '.a != "x"', false],
    [text('error'), '.a = error', false],
    [text('error'), '.a != error', false],
    [int(2n), '.a = error || .a = server', false],
  ])('%o with %s: %s', (value, filter, expected) => {
    expect(matches(filter, withA(value))).toBe(expected);
  });

  it.each<AttributeValue>([
    { type: 'array', value: [text('x'), int(1n)] },
    { type: 'kvlist', value: attributes({ x: text('x') }) },
    { type: 'bytes', value: new Uint8Array([120]) },
    { type: 'empty' },
  ])('of type $type exist, but satisfy no comparison', (value) => {
    const subject = withA(value);
    expect(matches('.a != nil', subject)).toBe(true);
    expect(matches('.a = nil', subject)).toBe(false);
    expect(matches('.a', subject)).toBe(false);
    for (const operator of ['=', '!=', '<', '>', '=~', '!~'])
      expect(matches(`.a ${operator} "x"`, subject)).toBe(false);
    expect(matches('.a = 1 || .a != 1 || .a = true || .a != true', subject)).toBe(false);
  });
});

describe('scopes', () => {
  const subject = span({ attributes: attributes({ both: text('span'), mine: text('m') }) });
  const of = resource({ both: text('resource'), theirs: text('t') });

  it.each([
    ['.both = "span"', true],
    ['.both = "resource"', false],
    ['span.both = "span" && resource.both = "resource"', true],
    ['.mine = "m" && .theirs = "t"', true],
    ['resource.mine = nil && span.theirs = nil', true],
    ['.theirs != nil && .mine != nil', true],
  ])('%s is %s', (filter, expected) => {
    expect(matches(filter, subject, of)).toBe(expected);
  });

  it('let a span attribute of another type hide the one of the resource', () => {
    const hiding = span({ attributes: attributes({ both: int(1n) }) });
    expect(matches('.both = "resource"', hiding, of)).toBe(false);
    const array = span({ attributes: attributes({ both: { type: 'array', value: [] } }) });
    expect(matches('.both = "resource"', array, of)).toBe(false);
    expect(matches('.both != nil', array, of)).toBe(true);
  });
});

describe('regular expressions', () => {
  it.each([
    ['cart', 'ca', false],
    ['cart', 'ca.*', true],
    ['cart', 'art', false],
    ['cart', 'x|cart', true],
    ['carts', 'x|cart', false],
    ['xcart', 'xca|cart', false],
    ['', '', true],
    ['a', '', false],
    ['a\nb', 'a.b', false],
    ['a\nb', '(?s)a.b', true],
    ['a\n', 'a$', false],
    ['CART', '(?i)cart', true],
    ['😀', '.', true],
    ['ü', '\\pL', true],
  ])('%j against %j: %s', (value, pattern, expected) => {
    expect(matches(`.a =~ \`${pattern}\``, withA(text(value)))).toBe(expected);
    expect(matches(`.a !~ \`${pattern}\``, withA(text(value)))).toBe(!expected);
  });

  it('match no value that is not text', () => {
    expect(matches('.a =~ "5"', withA(int(5n)))).toBe(false);
    expect(matches('.a !~ "6"', withA(int(5n)))).toBe(false);
  });

  it('are refused when invalid', () => {
    expect(() => matches('.a =~ "("', span())).toThrow(
      expect.objectContaining({ code: 'TRACEQL_TYPE', from: 8, to: 11 }),
    );
  });
});

describe('intrinsics', () => {
  it.each<[string, Partial<Span>, boolean]>([
    ['name = "GET /cart"', {}, true],
    ['duration = 2us', {}, true],
    ['duration = 2000 && duration < 2000.5', {}, true],
    ['duration < 0', { startTimeUnixNano: 3_000n, endTimeUnixNano: 1_000n }, true],
    ['duration = -2us', { startTimeUnixNano: 3_000n, endTimeUnixNano: 1_000n }, true],
    ['duration = -1', { startTimeUnixNano: 0n, endTimeUnixNano: 2n ** 64n - 1n }, true],
    ['status = unset', {}, true],
    ['status = ok', { status: { code: 1, message: '' } }, true],
    ['status = error', { status: { code: 2, message: '' } }, true],
    ['status != error', { status: { code: 1, message: '' } }, true],
    ['status = unset || status = ok || status = error', { status: { code: 7, message: '' } }, false],
    ['status != error', { status: { code: 7, message: '' } }, true],
    ['statusMessage = "boom"', { status: { code: 2, message: 'boom' } }, true],
    ['statusMessage = ""', {}, true],
    ['statusMessage != nil && name != nil && status != nil', { name: '' }, true],
    ['kind = server', {}, true],
    ['kind = unspecified', { kind: 0 }, true],
    ['kind = server || kind = consumer', { kind: 9 }, false],
    ['kind != server', { kind: 9 }, true],
    ['trace:id = "af7651916cd43dd8448eb211c80319c"', {}, true],
    ['trace:id =~ "0af7.*"', {}, true],
    ['span:id = "B7AD6B7169203331"', {}, true],
    ['span:parentID != nil', {}, false],
    ['span:parentID != "00f067aa0ba902b7"', {}, false],
    ['span:parentID = ""', {}, false],
    ['span:parentID = "f067aa0ba902b7"', { parentSpanId: '00f067aa0ba902b7' as SpanId }, true],
  ])('%s on %o: %s', (filter, changes, expected) => {
    expect(matches(filter, span(changes))).toBe(expected);
  });
});

describe('intrinsics of the whole trace', () => {
  const id = (digit: string) => digit.repeat(16) as SpanId;
  const front = resource({ 'service.name': text('front') });
  const cart = resource({ 'service.name': text('cart') });
  const count = (filter: string, of: TraceData) =>
    evaluateFilter(parseFilterSyntax(`{ ${filter} }`).expression, of).length;

  it('see every span of the trace, each trace for itself', () => {
    const root = span({ spanId: id('1'), name: 'root', startTimeUnixNano: 100n, endTimeUnixNano: 200n });
    const late = span({ spanId: id('2'), parentSpanId: id('1'), startTimeUnixNano: 150n, endTimeUnixNano: 900n });
    const other = span({ traceId: OTHER_TRACE, name: 'other', startTimeUnixNano: 0n, endTimeUnixNano: 5n });
    const all = data([front, root], [cart, late, other]);
    expect(count('traceDuration = 800ns', all)).toBe(2);
    expect(count('traceDuration = 5ns', all)).toBe(1);
    expect(count('rootName = "root" && rootServiceName = "front"', all)).toBe(2);
    expect(count('rootServiceName = "cart"', all)).toBe(1);
  });

  it('take the earliest root, then the smallest span id', () => {
    const early = span({ spanId: id('9'), name: 'early', startTimeUnixNano: 1n });
    const small = span({ spanId: id('1'), name: 'small', startTimeUnixNano: 2n });
    const large = span({ spanId: id('2'), name: 'large', startTimeUnixNano: 2n });
    expect(count('rootName = "early"', data([front, large, small, early]))).toBe(3);
    expect(count('rootName = "small"', data([front, large, small]))).toBe(2);
  });

  it('are nil without a root', () => {
    const orphan = data([front, span({ parentSpanId: id('1') })]);
    for (const filter of [
      'rootName != nil',
      'rootName != "x"',
      'rootServiceName = "front"',
      'rootServiceName != "x"',
    ]) {
      expect(count(filter, orphan)).toBe(0);
    }
    expect(count('!(rootName != nil)', orphan)).toBe(1);
  });

  it('call a root without service.name unknown_service', () => {
    expect(count('rootServiceName = "unknown_service"', data([resource(), span()]))).toBe(1);
    expect(count('!(resource.service.name != nil)', data([resource(), span()]))).toBe(1);
  });

  it('see spans outside the range, which select from ≤ start < to', () => {
    const early = span({ spanId: id('1'), startTimeUnixNano: 10n, endTimeUnixNano: 20n });
    const late = span({ spanId: id('2'), startTimeUnixNano: 50n, endTimeUnixNano: 60n });
    const filter = parseFilterSyntax('{ traceDuration = 50ns }').expression;
    const of = data([front, early, late]);
    const starts = (fromUnixNano: bigint, toUnixNano: bigint) =>
      evaluateFilter(filter, of, { range: { fromUnixNano, toUnixNano } }).map((match) => match.span.startTimeUnixNano);
    expect(starts(0n, 100n)).toEqual([10n, 50n]);
    expect(starts(10n, 50n)).toEqual([10n]);
    expect(starts(11n, 51n)).toEqual([50n]);
  });
});

describe('evaluateFilter', () => {
  it('gives each span with its scope and resource, in the order of the data', () => {
    const of = resource({ 'service.name': text('cart') });
    const spans = [span({ spanId: '1'.repeat(16) as SpanId }), span({ spanId: '2'.repeat(16) as SpanId })] as const;
    const found = evaluateFilter(parseFilterSyntax('{ }').expression, data([of, ...spans]));
    expect(found.map((match) => match.span)).toEqual(spans);
    expect(found.every((match) => match.resource === of && match.scope.name === 's')).toBe(true);
  });
});

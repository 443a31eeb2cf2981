/** What spans of the small world are made of: few values, every form in which a value can be stored. */
import type { AttributeValue, InstrumentationScope } from '@clew/model';

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

export const SPAN_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
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
  // What has to be quoted or escaped somewhere on the way.
  'a b': [text('x'), text("it's 50%_\\"), int(1)],
  'quo"te\\': [text('"'), text('\\')],
  "it's": [text('`'), double(-0)],
  'ü.\u{1f600}': [text('ü'), text('\u{1f600}\u{1f600}')],
  // Words of the language.
  duration: [int(5_000_000), text('long')],
  'span.region': [text('eu')],
  nil: [bool(true)],
};

export const RESOURCE_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  region: [text('eu'), text('us'), text(''), int(3), list],
  replicas: [int(1), int(3), double(1.5)],
  canary: [bool(true), bool(false)],
  odd: ODD_VALUES,
  attempts: [int(9), int(2)],
  'http.request.method': [text('GET'), text('')],
  'a b': [text('x'), double(1)],
  name: [text('charge'), text('x')],
};

export const SERVICE_NAMES: readonly (AttributeValue | undefined)[] = [
  ...[text('cart'), text('cart'), text('pay'), text('pay'), text('mail'), text('unknown_service')],
  ...[text(''), int(1), list, undefined, text("it's 50%_\\ü")],
];

export const EVENT_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  level: [text('warn'), text('info'), int(3)],
  size: [int(1), int(2), double(2.5), text('2'), list],
  odd: [int(-1), int(2n ** 63n - 1n), double(Number.NaN), bool(true), bytes, map, empty, listOf(), text("it's\n")],
  'a b': [text('x'), text('')],
};

export const LINK_VALUES: Readonly<Record<string, readonly AttributeValue[]>> = {
  'link.type': [text('retry'), text('batch'), bool(true)],
  size: [int(1), double(1)],
  odd: [int(-(2n ** 63n)), double(1 / 0), bool(false), bytes, list, text('ü')],
};

export const SCOPES: readonly InstrumentationScope[] = [
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
  {
    name: "it's 50%_\\ü",
    version: '\u{1f600}',
    attributes: [
      { key: 'lang', value: list },
      { key: 'a b', value: text('x') },
      { key: 'odd', value: double(Number.NaN) },
    ],
    droppedAttributesCount: 0,
  },
];

export const NAMES = ['GET /cart', 'GET /pay', 'charge', 'send', '', 'a\nb', 'get /CART', 'ü\u{1f600}', "50%_\\' off"];
export const EVENT_NAMES = ['exception', 'retry', '', "ü\u{1f600} 50%_\\'"];
export const STATUS_MESSAGES = ['', '', 'timeout', 'a\nb', "it's 50%_\\ü"];
/** Most spans end after one of these. */
export const DURATIONS = [0n, 1n, 1_000n, 5_000_000n, 5_000_000n, 1_000_000_000n, 90_000_000_000n, -1n, -2_000_000n];
// No threshold, thresholds of 1 in 2, 4 and 16, what is no threshold.
export const TRACE_STATES = [
  ...['', '', '', '', 'ot=th:8', 'a=b, ot=rv:0123456789abcd;th:c', 'ot=th:f'],
  'ot=th:xyz',
  'th=th:8',
];

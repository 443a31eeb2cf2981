/** Changes to JSON that leave it JSON. */
import type { Random } from '../random.ts';
import { type JsonNode, serializeJson, tryParseJson } from './json-tree.ts';
import type { MutationSources } from './mutate-bytes.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Numbers that readers get wrong: too wide, too long, fractions that are integers, minus nothing. */
const NUMBERS = [
  ...[
    '0',
    '-0',
    '1',
    '-1',
    '1.0',
    '1.5',
    '-0.0',
    '1e3',
    '1E+2',
    '1e-2',
    '100e-2',
    '0e999',
    '1e999',
    '-1e999',
    '1e-999',
  ],
  ...['2147483647', '2147483648', '4294967295', '4294967296', '-2147483648', '-2147483649', '9007199254740993'],
  ...['9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809'],
  ...['18446744073709551615', '18446744073709551616', '99999999999999999999', '100000000000000000000'],
  ...['1'.repeat(400), '0.1', '1.7976931348623157e308', '5e-324', '123456789012345.6', '0.30000000000000004'],
];
const STRINGS = [
  ...[
    '',
    ' ',
    '0',
    '007',
    '-0',
    '1.0',
    '1e2',
    'NaN',
    'Infinity',
    '-Infinity',
    'true',
    'false',
    'null',
    '+1',
    '0x1f',
    '1_0',
  ],
  ...[
    '\u0000',
    '\u0001',
    '"',
    '\\',
    '/',
    '\ud800',
    '\udc00\ud800',
    '😀',
    '\ufeff',
    'é',
    '\u2028',
    'SPAN_KIND_SERVER',
    'OK',
  ],
  ...['STATUS_CODE_ERROR', 'server', 'AAAAAAAAAAAAAAAAAAAAAQ==', 'AQIDBAUGBwg', '_-8=', 'A', '=', 'AB=C', 'QQ=='],
  ...['0'.repeat(32), 'f'.repeat(32), 'F'.repeat(16), 'a'.repeat(31), 'g'.repeat(32), 'x'.repeat(300)],
];
const NAMES = [
  ...['resourceSpans', 'resource', 'scopeSpans', 'scope', 'spans', 'schemaUrl', 'attributes', 'droppedAttributesCount'],
  ...['name', 'version', 'traceId', 'spanId', 'traceState', 'parentSpanId', 'flags', 'kind', 'startTimeUnixNano'],
  ...[
    'endTimeUnixNano',
    'events',
    'droppedEventsCount',
    'links',
    'droppedLinksCount',
    'status',
    'timeUnixNano',
    'message',
  ],
  ...['code', 'key', 'value', 'stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue'],
  ...['bytesValue', 'values', 'instrumentationLibrarySpans', 'instrumentationLibrary', 'string_value', 'trace_id'],
  ...['resource_spans', '', '__proto__', 'constructor', 'unknown', 'x'.repeat(40)],
];
const MAX_ADDED_DEPTH = 160;

/** Undefined when `input` is not JSON. */
export function tryMutateJson(random: Random, input: Uint8Array, sources: MutationSources): Uint8Array | undefined {
  const root = tryTree(input);
  if (root === undefined) return undefined;
  const nodes = nodesOf(root);
  change(random, random.pick(nodes), nodes, sources);
  const escapes = random.chance(0.2);
  const spaces = random.chance(0.2);
  const text = serializeJson(
    root,
    (value) => (escapes ? escaped(random, value) : JSON.stringify(value)),
    () => (spaces ? random.pick(['', ' ', '\n', '\t \r\n']) : ''),
  );
  return new TextEncoder().encode(text);
}

function tryTree(bytes: Uint8Array): JsonNode | undefined {
  try {
    return tryParseJson(UTF8.decode(bytes));
  } catch {
    return undefined;
  }
}

function nodesOf(root: JsonNode): JsonNode[] {
  const nodes = [root];
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i];
    if (node.kind === 'object') for (const [, value] of node.members) nodes.push(value);
    else if (node.kind === 'array') nodes.push(...node.items);
  }
  return nodes;
}

function change(random: Random, node: JsonNode, nodes: readonly JsonNode[], sources: MutationSources): void {
  if (node.kind === 'object' && random.chance(0.8)) changeMembers(random, node, nodes);
  else if (node.kind === 'array' && random.chance(0.8)) changeItems(random, node, nodes);
  else replace(node, randomNode(random, nodes, sources));
}

function replace(node: JsonNode, other: JsonNode): void {
  const copy = structuredClone(other);
  for (const name of Object.keys(node)) Reflect.deleteProperty(node, name);
  Object.assign(node, copy);
}

function changeMembers(random: Random, node: JsonNode & { kind: 'object' }, nodes: readonly JsonNode[]): void {
  const { members } = node;
  const at = random.below(Math.max(1, members.length));
  const member = members[at];
  if (member === undefined) {
    members.push([random.pick(NAMES), structuredClone(random.pick(nodes))]);
    return;
  }
  switch (random.below(6)) {
    case 0:
      members.splice(at, 1);
      break;
    case 1:
      // A member sent twice, with its own value or with another.
      members.splice(random.below(members.length + 1), 0, [
        member[0],
        structuredClone(random.chance(0.5) ? member[1] : random.pick(nodes)),
      ]);
      break;
    case 2:
      member[0] = random.pick(NAMES);
      break;
    case 3:
      member[0] = member[0].replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      break;
    case 4:
      members.push(...members.splice(at, 1));
      break;
    default:
      members.splice(at, 0, [random.pick(NAMES), structuredClone(random.pick(nodes))]);
  }
}

function changeItems(random: Random, node: JsonNode & { kind: 'array' }, nodes: readonly JsonNode[]): void {
  const { items } = node;
  const at = random.below(Math.max(1, items.length));
  switch (random.below(4)) {
    case 0:
      items.splice(at, 1);
      break;
    case 1:
      if (items[at] === undefined) items.push(structuredClone(random.pick(nodes)));
      else items.push(...Array.from({ length: random.between(1, 20) }, () => structuredClone(items[at])));
      break;
    case 2:
      items.splice(at, 0, structuredClone(random.pick(nodes)));
      break;
    default:
      items.push(...items.splice(at, 1));
  }
}

function randomNode(random: Random, nodes: readonly JsonNode[], sources: MutationSources): JsonNode {
  switch (random.below(7)) {
    case 0:
      return { kind: 'number', text: random.pick(NUMBERS) };
    case 1:
    case 2:
      return { kind: 'string', text: random.chance(0.5) ? random.pick(STRINGS) : random.pick(NUMBERS) };
    case 3:
      return { kind: 'word', text: random.pick(['true', 'false', 'null']) };
    case 4:
      return structuredClone(random.pick(nodes));
    case 5: {
      const other = tryTree(sources.other);
      return other === undefined ? { kind: 'object', members: [] } : random.pick(nodesOf(other));
    }
    default:
      return nested(random, structuredClone(random.pick(nodes)));
  }
}

function nested(random: Random, node: JsonNode): JsonNode {
  const isValue = random.chance(0.7);
  let inner = node;
  for (let depth = random.between(1, isValue ? MAX_ADDED_DEPTH / 4 : MAX_ADDED_DEPTH); depth > 0; depth--) {
    inner = { kind: 'array', items: [inner] };
    if (!isValue) continue;
    inner = { kind: 'object', members: [['arrayValue', { kind: 'object', members: [['values', inner]] }]] };
  }
  return inner;
}

/** Some characters as \uXXXX that need not be. */
function escaped(random: Random, text: string): string {
  let result = '"';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const hex = code.toString(16).padStart(4, '0');
    if (random.chance(0.3)) result += `\\u${random.chance(0.5) ? hex : hex.toUpperCase()}`;
    else if (text[i] === '/' && random.chance(0.5)) result += '\\/';
    else if (code >= 0xd800 && code < 0xe000) result += `\\u${hex}`;
    else result += JSON.stringify(text[i]).slice(1, -1);
  }
  return `${result}"`;
}

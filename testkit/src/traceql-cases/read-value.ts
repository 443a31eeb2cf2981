import type { Attribute, AttributeValue } from '@clew/model';

/**
 * An attribute's value as the case files write it: `5`, `5.0`, `NaN`, `-Infinity`, `"text"`, `true`, `[1,2]`,
 * `{k:1}`, `bytes(0aff)`, `empty`.
 * @throws Error for anything else.
 */
export function readValue(text: string): AttributeValue {
  if (text === 'empty') return { type: 'empty' };
  if (text === 'true' || text === 'false') return { type: 'bool', value: text === 'true' };
  if (/^-?\d+$/.test(text)) return { type: 'int', value: BigInt(text) };
  if (/^(-?\d[\d.e+-]*|NaN|-?Infinity)$/.test(text)) return { type: 'double', value: Number(text) };
  const [, hex] = /^bytes\(([0-9a-f]*)\)$/.exec(text) ?? [];
  if (hex !== undefined) return { type: 'bytes', value: Uint8Array.from(Buffer.from(hex, 'hex')) };
  const inner = text.slice(1, -1);
  if (text.startsWith('"')) return { type: 'string', value: String(JSON.parse(text)) };
  if (text.startsWith('[')) return { type: 'array', value: splitOutside(inner, ',').map(readValue) };
  if (text.startsWith('{')) {
    return { type: 'kvlist', value: splitOutside(inner, ',').map((item) => readAttribute(item, ':')) };
  }
  throw new Error(`no value: ${text}. Text takes double quotes.`);
}

/** `key=value` */
export function readAttribute(text: string, separator: string): Attribute {
  const at = text.indexOf(separator);
  if (at < 0) throw new Error(`no attribute: ${text}.`);
  return { key: text.slice(0, at), value: readValue(text.slice(at + 1)) };
}

/** Cuts at a separator that is not inside quotes, brackets or parentheses; empty parts are left out. */
export function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let isQuoted = false;
  for (const char of text) {
    if (char === '"') isQuoted = !isQuoted;
    if (!isQuoted && '([{'.includes(char)) depth += 1;
    if (!isQuoted && ')]}'.includes(char)) depth -= 1;
    if (char === separator && depth === 0 && !isQuoted) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.filter((part) => part !== '');
}

const UNIT_NANO = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** `5ms`, `-1h`: one whole number and a unit. */
export function readNanos(text: string): bigint {
  const [, number = '', unit = ''] = /^([+-]?\d+)([a-z]+)$/.exec(text) ?? [];
  const size = UNIT_NANO.get(unit);
  if (size === undefined) throw new Error(`no time: ${text}. Write a whole number and ns, us, ms, s, m or h.`);
  return BigInt(number) * size;
}

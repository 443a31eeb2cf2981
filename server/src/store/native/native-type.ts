import { NativeFormatError } from './native-format-error.ts';

/** A ClickHouse type as far as reading its Native form needs it. `text` is the type as named in the block. */
export type NativeType = { readonly text: string } & (
  | {
      readonly form: 'number';
      readonly array: 'i8' | 'i16' | 'i32' | 'u8' | 'u16' | 'u32' | 'f32' | 'f64';
    }
  | { readonly form: 'int64'; readonly isUnsigned: boolean }
  | { readonly form: 'string' }
  | { readonly form: 'fixed-string'; readonly width: number }
  | { readonly form: 'low-cardinality'; readonly isNullable: boolean }
  | { readonly form: 'nullable'; readonly of: NativeType }
  | { readonly form: 'array'; readonly of: NativeType }
  | { readonly form: 'map'; readonly key: NativeType; readonly value: NativeType }
  | { readonly form: 'tuple'; readonly elements: readonly NativeType[] }
);

const NUMBERS: ReadonlyMap<string, Extract<NativeType, { form: 'number' }>['array']> = new Map([
  ['UInt8', 'u8'],
  ['UInt16', 'u16'],
  ['UInt32', 'u32'],
  ['Int8', 'i8'],
  ['Int16', 'i16'],
  ['Int32', 'i32'],
  ['Float32', 'f32'],
  ['Float64', 'f64'],
  ['Bool', 'u8'],
  ['Date', 'u16'],
  ['Date32', 'i32'],
  ['DateTime', 'u32'],
  ['Enum8', 'i8'],
  ['Enum16', 'i16'],
  // What an empty array literal has as its element type; it never has rows with content.
  ['Nothing', 'u8'],
]);

/** Types nest in practice three deep; more than this is not a type of ours. */
const MAX_TYPE_DEPTH = 32;

/** Reads a type name as ClickHouse prints it. Throws NativeFormatError on one this reader does not know. */
export function parseNativeType(text: string, depth = 0): NativeType {
  const open = text.indexOf('(');
  const name = open < 0 ? text : text.slice(0, open);
  const number = NUMBERS.get(name);
  if (number !== undefined) return { text, form: 'number', array: number };
  if (name === 'Int64' || name === 'DateTime64') return { text, form: 'int64', isUnsigned: false };
  if (name === 'UInt64') return { text, form: 'int64', isUnsigned: true };
  if (name === 'String') return { text, form: 'string' };
  if (open < 0 || !text.endsWith(')') || depth > MAX_TYPE_DEPTH) throw unknown(text);
  const inner = (index: number, args: readonly string[]): NativeType => parseNativeType(args[index], depth + 1);
  const args = splitArguments(text.slice(open + 1, -1));
  if (name === 'Tuple') return { text, form: 'tuple', elements: args.map((arg) => parseElement(arg, depth + 1)) };
  if (name === 'Map' && args.length === 2) return { text, form: 'map', key: inner(0, args), value: inner(1, args) };
  if (name === 'SimpleAggregateFunction' && args.length === 2) return { ...inner(1, args), text };
  if (args.length !== 1) throw unknown(text);
  if (name === 'FixedString') return { text, form: 'fixed-string', width: Number(args[0]) };
  if (name === 'Array') return { text, form: 'array', of: inner(0, args) };
  if (name === 'Nullable') return { text, form: 'nullable', of: inner(0, args) };
  if (name === 'LowCardinality' && (args[0] === 'String' || args[0] === 'Nullable(String)')) {
    return { text, form: 'low-cardinality', isNullable: args[0] !== 'String' };
  }
  throw unknown(text);
}

/** An element of a tuple: `Type` or `name Type`. */
function parseElement(text: string, depth: number): NativeType {
  const named = /^(?:`(?:[^`\\]|\\.)*`|[A-Za-z_][A-Za-z0-9_]*) (?=[A-Z])/.exec(text);
  return parseNativeType(named === null ? text : text.slice(named[0].length), depth);
}

/** Splits at commas outside parentheses and quotes. */
function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === "'" || c === '`') quote = c;
    else if (c === '(') depth++;
    else if (c === ')') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  parts.push(text.slice(from).trim());
  return parts;
}

function unknown(text: string): NativeFormatError {
  return new NativeFormatError(`Native block: type ${text} is not read here. Cast it in the statement.`);
}

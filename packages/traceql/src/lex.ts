import { DURATION_PART, DURATION_UNITS, durationFromText } from './duration-literal.ts';
import { lexQuoted, lexRaw, withoutLoneSurrogates } from './lex-string.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import { ATTRIBUTE_END, SYMBOLS, type Token } from './token.ts';
import { limitError, syntaxError, type TraceqlError } from './traceql-error.ts';
import type { AttributeScope } from './tree.ts';

export interface LexOptions {
  /** Turn what is wrong into `invalid` tokens instead of throwing: for completion in unfinished text. */
  readonly tolerant?: boolean;
}

/** Largest absolute value of a 64-bit integer or duration literal: 2^63, which only a minus sign makes valid. */
export const MAX_INT_MAGNITUDE = 2n ** 63n;

/**
 * Splits a query text into tokens; the last one is `end`.
 * @throws TraceqlError TRACEQL_SYNTAX or TRACEQL_LIMIT, unless `tolerant` (the length limit always throws).
 */
export function lex(text: string, options: LexOptions = {}): Token[] {
  if (text.length > MAX_QUERY_LENGTH) {
    throw limitError(
      `the query is too long: ${text.length} characters (limit ${MAX_QUERY_LENGTH}).`,
      { from: MAX_QUERY_LENGTH, to: text.length },
      'Shorten it.',
    );
  }
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) break;
    const token = lexOne(text, at);
    if (
      (token.type === 'invalid' || token.type === 'string') &&
      token.error !== undefined &&
      options.tolerant !== true
    ) {
      throw token.error;
    }
    tokens.push(token);
    at = Math.max(token.to, at + 1);
  }
  tokens.push({ type: 'end', from: text.length, to: text.length });
  return tokens;
}

/** White space, line comments after two slashes and block comments. An open comment runs to the end. */
function skipBlank(text: string, from: number): number {
  const blank = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))*/y;
  blank.lastIndex = from;
  blank.exec(text);
  return Math.max(from, blank.lastIndex);
}

function lexOne(text: string, from: number): Token {
  const char = text[from] ?? '';
  if (char === '"' || char === '`') return lexString(text, from);
  if (/\d/.test(char)) return lexNumber(text, from);
  if (char === '.') return lexDot(text, from);
  if (/[\p{L}_]/u.test(codePointAt(text, from))) return lexWord(text, from);
  for (const symbol of SYMBOLS) {
    if (text.startsWith(symbol, from)) return { type: 'symbol', text: symbol, from, to: from + symbol.length };
  }
  return invalid(strangeCharacter(text, from));
}

function lexString(text: string, from: number): Token {
  const { value, to, closed, error } = text[from] === '"' ? lexQuoted(text, from) : lexRaw(text, from);
  return { type: 'string', value, closed, error, from, to };
}

const DURATION = new RegExp(`(?:${DURATION_PART})+`, 'y');
const NUMBER = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const WHOLE_DURATION = new RegExp(`^(?:${DURATION_PART})+$`);

function lexNumber(text: string, from: number): Token {
  DURATION.lastIndex = from;
  NUMBER.lastIndex = from;
  const durationText = DURATION.exec(text)?.[0];
  const numberText = NUMBER.exec(text)?.[0] ?? '';
  const matched = durationText ?? numberText;
  const to = from + matched.length;
  if (/[\p{L}\p{N}_]/u.test(codePointAt(text, to))) return invalid(unknownUnit(text, from, durationText));
  if (durationText !== undefined) {
    const value = durationFromText(durationText);
    if (value <= MAX_INT_MAGNITUDE) return { type: 'duration', value, from, to };
    return invalid(syntaxError(`the duration is too long: ${durationText} (limit about 292 years).`, { from, to }));
  }
  if (/^\d+$/.test(numberText)) {
    const value = BigInt(numberText);
    if (value <= MAX_INT_MAGNITUDE) return { type: 'int', value, from, to };
    const hint = `Write it as a float: ${numberText}.0.`;
    return invalid(syntaxError(`the integer does not fit in 64 bits: ${numberText}.`, { from, to }, hint));
  }
  const value = Number(numberText);
  if (Number.isFinite(value)) return { type: 'float', value, from, to };
  return invalid(syntaxError(`the number is too large: ${numberText} (limit 1.8e308).`, { from, to }));
}

/** What to write for the id of a trace or span. */
export function idHint(word: string): string | undefined {
  if (/^[0-9a-f]{32}$/i.test(word)) return `Write { trace:id = "${word}" }.`;
  return /^[0-9a-f]{16}$/i.test(word) ? `Write { span:id = "${word}" }.` : undefined;
}

function unknownUnit(text: string, from: number, duration: string | undefined): TraceqlError {
  const run = /[\p{L}\p{N}_.]+/uy;
  run.lastIndex = from;
  const whole = run.exec(text)?.[0] ?? '';
  const id = idHint(whole);
  if (id !== undefined) return syntaxError(`an id alone is no query: ${whole}.`, { from, to: from + whole.length }, id);
  const hint =
    duration === undefined
      ? `Units of a duration are ${DURATION_UNITS}; text needs double quotes.`
      : `Did you mean ${duration}? Units are ${DURATION_UNITS}.`;
  return syntaxError(`not a number or duration: ${whole}.`, { from, to: from + whole.length }, hint);
}

/** `.5` is a number, `.5xx` and `.name` are attributes. */
function lexDot(text: string, from: number): Token {
  let to = from + 1;
  while (to < text.length && !ATTRIBUTE_END.test(text[to] ?? '')) to++;
  const written = text.slice(from, to);
  if (/^\.\d/.test(written) && (/^\.\d+(?:[eE][+-]?\d+)?$/.test(written) || WHOLE_DURATION.test(written))) {
    return lexNumber(text, from);
  }
  return lexAttribute(text, from, { scope: 'any', ofParent: false }, from + 1);
}

interface Scope {
  readonly scope: AttributeScope;
  readonly ofParent: boolean;
}

const SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ...(['span', 'resource', 'event', 'link', 'instrumentation'] as const).map((scope): [string, Scope] => [
    scope,
    { scope, ofParent: false },
  ]),
  ['parent', { scope: 'any', ofParent: true }],
]);

/** Scopes that may follow `parent.`; elsewhere `span.` after a scope is the beginning of a key. */
const PARENT_SCOPES = [
  ['span.', { scope: 'span', ofParent: true }],
  ['resource.', { scope: 'resource', ofParent: true }],
] as const;

function lexWord(text: string, from: number): Token {
  const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
  word.lastIndex = from;
  const name = word.exec(text)?.[0] ?? '';
  let to = from + name.length;
  if (text[to] === '.') {
    const scope = SCOPES.get(name);
    if (scope?.ofParent === true) return lexParentAttribute(text, from, scope, to + 1);
    if (scope !== undefined) return lexAttribute(text, from, scope, to + 1);
    while (to < text.length && !ATTRIBUTE_END.test(text[to] ?? '')) to++;
    return { type: 'bare-attribute', text: text.slice(from, to), from, to };
  }
  if (text[to] === ':') {
    // No intrinsic has a dot, but `span:http.method` is a mistake to be named whole.
    const rest = /[\p{L}_][\p{L}\p{N}_.]*/uy;
    rest.lastIndex = to + 1;
    to += 1 + (rest.exec(text)?.[0] ?? '').length;
  }
  return { type: 'word', text: text.slice(from, to), from, to };
}

function lexParentAttribute(text: string, from: number, unscoped: Scope, nameFrom: number): Token {
  for (const [written, scope] of PARENT_SCOPES) {
    if (text.startsWith(written, nameFrom)) return lexAttribute(text, from, scope, nameFrom + written.length);
  }
  return lexAttribute(text, from, unscoped, nameFrom);
}

/** Reads a name from `nameFrom`; parts in double quotes may hold anything, with `\"` and `\\` as escapes. */
function lexAttribute(text: string, from: number, { scope, ofParent }: Scope, nameFrom: number): Token {
  let key = '';
  let quoted = false;
  let to = nameFrom;
  while (to < text.length) {
    const char = text[to] ?? '';
    if (ATTRIBUTE_END.test(char)) break;
    if (char !== '"') {
      key += char;
      to++;
      continue;
    }
    quoted = true;
    const part = /"((?:[^"\\]|\\["\\])*)"/y;
    part.lastIndex = to;
    const match = part.exec(text);
    if (match === null) {
      const at = { from: to, to: text.length };
      return invalid(syntaxError('the quoted attribute name is not closed.', at, 'Add a closing ".'), from);
    }
    key += (match[1] ?? '').replace(/\\(.)/g, '$1');
    to = part.lastIndex;
  }
  if (key === '' && !quoted) {
    const shown = text.slice(from, to);
    return invalid(syntaxError(`an attribute name is missing after ${shown}`, { from, to }, `Write ${shown}name.`));
  }
  return { type: 'attribute', scope, key: withoutLoneSurrogates(key), ofParent, from, to };
}

function strangeCharacter(text: string, from: number): TraceqlError {
  const char = codePointAt(text, from);
  const at = { from, to: from + char.length };
  const quote = /['‘’“”«»„]/.exec(char);
  if (quote !== null) {
    const quoted = /['‘’“”«»„]([^'‘’“”«»„]*)['‘’“”«»„]/uy;
    quoted.lastIndex = from;
    const match = quoted.exec(text);
    const range = match === null ? at : { from, to: from + match[0].length };
    const hint = match === null ? 'Use double quotes.' : `Use double quotes: ${JSON.stringify(match[1])}.`;
    return syntaxError(`text is not written in ${char}.`, range, hint);
  }
  if (char === ';') return syntaxError('unexpected ;.', at, 'One query has no separator; conditions join with &&.');
  if (char === '[' || char === ']') {
    return syntaxError(
      `unexpected ${char}.`,
      at,
      'There are no lists and no ranges; use || or a regular expression (=~).',
    );
  }
  return syntaxError(`unexpected character ${JSON.stringify(char)}.`, at, STRANGE_CHARACTERS.get(char));
}

const STRANGE_CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['#', 'Comments begin with two slashes: // why.'],
  ['$', 'Nothing has been put in for a variable.'],
  ['?', 'Nothing has been put in for a parameter.'],
  ['@', 'Attributes are written .key, span.key or resource.key.'],
]);

function invalid(error: TraceqlError, from = error.from): Token {
  return { type: 'invalid', error, from, to: error.to };
}

function codePointAt(text: string, at: number): string {
  const point = text.codePointAt(at);
  return point === undefined ? '' : String.fromCodePoint(point);
}

/** What may stand at the cursor of an unfinished query: a pure function for the query box. */
import { INTRINSIC_SPELLINGS, INTRINSIC_TYPES } from './intrinsics.ts';
import { lex } from './lex.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import type { Token } from './token.ts';
import type { AttributeScope, Intrinsic } from './tree.ts';

/** The field whose value is being written. */
export type CompletionField =
  | { readonly kind: 'attribute'; readonly scope: AttributeScope; readonly key: string }
  | { readonly kind: 'intrinsic'; readonly intrinsic: Intrinsic };

interface Span {
  /** What has been written of it, without scope and quotes. */
  readonly prefix: string;
  /** UTF-16 offsets of what a completion replaces: a whole field, value, word or operator, quotes included. */
  readonly from: number;
  readonly to: number;
}

/**
 * - `keyword`: one of `keywords`.
 * - `field`: the start of a condition: `keywords` (intrinsics and scopes), or an attribute key with `prefix`.
 * - `attribute-key`: a key of `scope`; insert `printAttribute(scope, key)`.
 * - `attribute-value`: a value of `field`; insert a literal (`printStatic`). `keywords` are words that fit as well.
 * - `operator`: one of `keywords`.
 * - `none`: nothing to offer (inside a comment, after the query, in text that cannot be read).
 */
export type CompletionContext =
  | (Span & { readonly kind: 'keyword' | 'field' | 'operator'; readonly keywords: readonly string[] })
  | (Span & { readonly kind: 'attribute-key'; readonly scope: AttributeScope })
  | (Span & { readonly kind: 'attribute-value'; readonly field: CompletionField; readonly keywords: readonly string[] })
  | (Span & { readonly kind: 'none' });

const STATUS_KEYWORDS = ['error', 'ok', 'unset'] as const;
const KIND_KEYWORDS = ['server', 'client', 'internal', 'producer', 'consumer', 'unspecified'] as const;
const FIELD_KEYWORDS: readonly string[] = [...INTRINSIC_SPELLINGS.keys(), 'span.', 'resource.', '.'];
const ALL_OPERATORS = ['=', '!=', '>', '>=', '<', '<=', '=~', '!~'] as const;
const COMPARISONS: ReadonlySet<string> = new Set(ALL_OPERATORS);

/** The context at `cursor` (a UTF-16 offset) in a text that need not be a query yet. Never throws. */
export function completionContext(text: string, cursor: number): CompletionContext {
  const at = Math.max(0, Math.min(cursor, text.length));
  if (text.length > MAX_QUERY_LENGTH) return none(at);
  const tokens = lex(text, { tolerant: true }).filter((token) => token.type !== 'end');
  const touched = tokens.find((token) => token.from < at && isTouching(token, at));
  const before = tokens.filter((token) => token.to <= at && token !== touched);
  if (touched === undefined && isInComment(text, tokens, at)) return none(at);
  const place = placeAfter(before);
  return touched === undefined ? completeEmpty(place, at) : completeToken(place, touched, at, text);
}

/** Whether typing at `at` would change the token: symbols that are complete and closed strings are left alone. */
function isTouching(token: Token, at: number): boolean {
  if (at < token.to) return true;
  if (at > token.to) return false;
  if (token.type === 'string') return !token.closed;
  return token.type !== 'symbol' || ['!', '&', '|'].includes(token.text);
}

function isInComment(text: string, tokens: readonly Token[], at: number): boolean {
  const previous = tokens.findLast((token) => token.to <= at);
  const between = text.slice(previous?.to ?? 0, at);
  return /\/\/[^\n]*$/.test(between) || /\/\*(?:(?!\*\/)[\s\S])*$/.test(between);
}

/** What the grammar expects after some tokens. */
type Place =
  | { readonly expects: 'filter' | 'nothing' }
  | { readonly expects: 'operand' }
  | { readonly expects: 'value'; readonly field: Token }
  /** A field, so a comparison comes next. */
  | { readonly expects: 'comparison'; readonly field: Token; readonly closing: string }
  /** A complete condition. */
  | { readonly expects: 'logical'; readonly closing: string };

function placeAfter(tokens: readonly Token[]): Place {
  const open: string[] = [];
  let isClosed = false;
  for (const token of tokens) {
    if (token.type !== 'symbol') continue;
    if (token.text === '{' || token.text === '(') open.push(token.text);
    if (token.text === ')' || token.text === '}') open.pop();
    if (token.text === '}') isClosed = true;
  }
  const last = tokens.at(-1);
  if (last === undefined) return { expects: 'filter' };
  if (!open.includes('{')) return { expects: isClosed ? 'nothing' : 'filter' };
  if (last.type === 'invalid') return { expects: 'nothing' };
  const closing = open.at(-1) === '(' ? ')' : '}';
  const previous = tokens.at(-2);
  if (last.type === 'symbol' && last.text !== ')') {
    return COMPARISONS.has(last.text) && previous !== undefined && isOperand(previous)
      ? { expects: 'value', field: previous }
      : { expects: 'operand' };
  }
  const isCompared = previous?.type === 'symbol' && COMPARISONS.has(previous.text);
  if (!isCompared && isField(last)) return { expects: 'comparison', field: last, closing };
  return { expects: 'logical', closing };
}

function isOperand(token: Token): boolean {
  return token.type !== 'symbol' && token.type !== 'invalid' && token.type !== 'end';
}

function isField(token: Token): boolean {
  return token.type === 'attribute' || (token.type === 'word' && INTRINSIC_SPELLINGS.has(token.text));
}

function completeEmpty(place: Place, at: number): CompletionContext {
  return complete(place, { prefix: '', from: at, to: at });
}

function complete(place: Place, span: Span): CompletionContext {
  switch (place.expects) {
    case 'filter':
      return { kind: 'keyword', keywords: ['{ '], ...span };
    case 'nothing':
      return { kind: 'none', ...span };
    case 'operand':
      return { kind: 'field', keywords: FIELD_KEYWORDS, ...span };
    case 'value':
      return completeValue(place.field, span);
    case 'comparison':
      return { kind: 'operator', keywords: comparisonKeywords(place.field, place.closing), ...span };
    case 'logical':
      return { kind: 'operator', keywords: ['&&', '||', place.closing], ...span };
  }
}

/** The cursor is inside a token or at its growing end. */
function completeToken(place: Place, token: Token, at: number, text: string): CompletionContext {
  const written = { prefix: text.slice(token.from, at), from: token.from, to: token.to };
  switch (token.type) {
    case 'attribute':
      if (place.expects !== 'operand' || token.ofParent) return none(at);
      return {
        kind: 'attribute-key',
        scope: token.scope,
        prefix: written.prefix.replace(/^[^.]*\./, '').replace(/^"/, ''),
        from: token.from,
        to: token.to,
      };
    case 'bare-attribute':
      if (place.expects === 'operand') return { kind: 'attribute-key', scope: 'any', ...written };
      return place.expects === 'value' ? complete(place, written) : none(at);
    case 'string':
      if (place.expects !== 'value') return none(at);
      // What follows an open quote is most likely not part of the string.
      return complete(place, {
        prefix: stringPrefix(written.prefix),
        from: token.from,
        to: token.closed ? token.to : at,
      });
    case 'symbol':
      // Half an operator: `!` after a field, `&` or `|` after a condition.
      if (at < token.to || place.expects === 'operand' || place.expects === 'value') return completeEmpty(place, at);
      return complete(place, written);
    case 'invalid':
      return completeInvalid(place, token, at, text);
    case 'int':
    case 'float':
      if (place.expects === 'value' && isDuration(place.field)) {
        const keywords = ['us', 'ms', 's', 'm', 'h'].map((unit) => text.slice(token.from, token.to) + unit);
        return { kind: 'keyword', keywords, ...written };
      }
      return complete(place, written);
    default:
      return complete(place, written);
  }
}

/** `.` alone, `span.` alone, and quoted names and numbers that are not finished. */
function completeInvalid(place: Place, token: Token, at: number, text: string): CompletionContext {
  const written = text.slice(token.from, at);
  const scope = /^(span|resource|event|link|instrumentation)?\./.exec(written);
  if (scope === null || place.expects !== 'operand') return none(at);
  return {
    kind: 'attribute-key',
    scope: (scope[1] ?? 'any') as AttributeScope, // One of the words of the expression.
    prefix: written.slice(scope[0].length).replace(/^"/, ''),
    from: token.from,
    to: Math.max(token.to, at),
  };
}

function stringPrefix(written: string): string {
  const closed = written.startsWith('`') ? `${written}\`` : `${written.replace(/\\$/, '')}"`;
  const [token] = lex(closed, { tolerant: true });
  return token?.type === 'string' ? token.value : written.slice(1);
}

function completeValue(field: Token, span: Span): CompletionContext {
  if (field.type === 'attribute') {
    if (field.ofParent) return { kind: 'none', ...span };
    const { scope, key } = field;
    return {
      kind: 'attribute-value',
      field: { kind: 'attribute', scope, key },
      keywords: ['nil', 'true', 'false'],
      ...span,
    };
  }
  const intrinsic = field.type === 'word' ? INTRINSIC_SPELLINGS.get(field.text) : undefined;
  if (intrinsic === undefined) return { kind: 'field', keywords: FIELD_KEYWORDS, ...span };
  switch (INTRINSIC_TYPES[intrinsic]) {
    case 'status':
      return { kind: 'keyword', keywords: STATUS_KEYWORDS, ...span };
    case 'kind':
      return { kind: 'keyword', keywords: KIND_KEYWORDS, ...span };
    case 'duration':
      return { kind: 'keyword', keywords: ['1ms', '10ms', '100ms', '1s', '10s', '1m'], ...span };
    case 'int':
      return { kind: 'keyword', keywords: ['0', '1'], ...span };
    case 'string':
      return { kind: 'attribute-value', field: { kind: 'intrinsic', intrinsic }, keywords: [], ...span };
  }
}

function isDuration(field: Token): boolean {
  const intrinsic = field.type === 'word' ? INTRINSIC_SPELLINGS.get(field.text) : undefined;
  return intrinsic !== undefined && INTRINSIC_TYPES[intrinsic] === 'duration';
}

function comparisonKeywords(field: Token, closing: string): readonly string[] {
  const intrinsic = field.type === 'word' ? INTRINSIC_SPELLINGS.get(field.text) : undefined;
  if (intrinsic === undefined) return [...ALL_OPERATORS, '&&', '||', closing];
  switch (INTRINSIC_TYPES[intrinsic]) {
    case 'status':
    case 'kind':
      return ['=', '!='];
    case 'int':
    case 'duration':
      return ['>', '>=', '<', '<=', '=', '!='];
    case 'string':
      return ['=', '!=', '=~', '!~', '>', '>=', '<', '<='];
  }
}

function none(at: number): CompletionContext {
  return { kind: 'none', prefix: '', from: at, to: at };
}

/** What may stand at the cursor of an unfinished query: a pure function for the query box. */
import { intrinsicOf, intrinsicValues, keywordsAt } from './completion-keywords.ts';
import { type Place, placeAfter } from './completion-place.ts';
import { INTRINSIC_TYPES } from './intrinsics.ts';
import { lex } from './lex.ts';
import { MAX_QUERY_LENGTH } from './limits.ts';
import type { Token } from './token.ts';
import type { AttributeScope, Intrinsic } from './tree.ts';

/** The field whose value is being written. */
export type CompletionField =
  | { readonly kind: 'attribute'; readonly scope: AttributeScope; readonly key: string; readonly ofParent?: true }
  | { readonly kind: 'intrinsic'; readonly intrinsic: Intrinsic };

interface Span {
  /** What has been written of it, without scope and quotes. */
  readonly prefix: string;
  /** UTF-16 offsets of what a completion replaces: a whole field, value, word or operator, quotes included. */
  readonly from: number;
  readonly to: number;
}

/**
 * - `keyword`: one of `keywords`: stages and functions (those with arguments end in `(`), numbers, hints.
 * - `field`: the start of a condition, or a field: `keywords` (intrinsics and scopes), or an attribute key with
 *   `prefix`.
 * - `attribute-key`: a key of `scope`; insert `printAttribute(scope, key, ofParent)`.
 * - `attribute-value`: a value of `field`; insert a literal (`printStatic`). `keywords` are words that fit as well.
 * - `operator`: one of `keywords`.
 * - `none`: nothing to offer (inside a comment, after the hints, in text that cannot be read).
 */
export type CompletionContext =
  | (Span & { readonly kind: 'keyword' | 'field' | 'operator'; readonly keywords: readonly string[] })
  | (Span & { readonly kind: 'attribute-key'; readonly scope: AttributeScope; readonly ofParent?: true })
  | (Span & { readonly kind: 'attribute-value'; readonly field: CompletionField; readonly keywords: readonly string[] })
  | (Span & { readonly kind: 'none' });

/** The context at `cursor` (a UTF-16 offset) in a text that need not be a query yet. Never throws. */
export function completionContext(text: string, cursor: number): CompletionContext {
  const at = Math.max(0, Math.min(cursor, text.length));
  if (text.length > MAX_QUERY_LENGTH) return none(at);
  const tokens = lex(text, { tolerant: true }).filter((token) => token.type !== 'end');
  const touched = tokens.find((token) => token.from < at && isTouching(token, at));
  const before = tokens.filter((token) => token.to <= at && token !== touched);
  if (touched === undefined && isInComment(text, tokens, at)) return none(at);
  const place = placeAfter(before);
  return touched === undefined ? complete(place, emptyAt(at)) : completeToken(place, touched, at, text);
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

const OPERATOR_PLACES: ReadonlySet<Place['expects']> = new Set<Place['expects']>([
  ...(['after-filter', 'after-number', 'after-stage', 'after-metrics', 'after-series'] as const),
  ...(['comparison', 'logical', 'argument-end', 'hint-equals', 'open-parenthesis'] as const),
]);

function complete(place: Place, span: Span): CompletionContext {
  if (place.expects === 'value') return completeValue(place.field, span);
  const keywords = keywordsAt(place);
  if (keywords === undefined) return { kind: 'none', ...span };
  if (place.expects === 'operand') return { kind: 'field', keywords, ...span };
  return { kind: OPERATOR_PLACES.has(place.expects) ? 'operator' : 'keyword', keywords, ...span };
}

/** The cursor is inside a token or at its growing end. */
function completeToken(place: Place, token: Token, at: number, text: string): CompletionContext {
  const written = { prefix: text.slice(token.from, at), from: token.from, to: token.to };
  switch (token.type) {
    case 'attribute':
      if (place.expects === 'first-stage') return complete(place, written);
      return place.expects === 'operand' ? attributeKey(token, written) : none(at);
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
      return completeSymbol(place, written, at);
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

/** Half an operator: `!` after a field or filter, `&` or `|` after a condition. A pipe between stages is a whole one. */
function completeSymbol(place: Place, written: Span, at: number): CompletionContext {
  if (at < written.to || place.expects === 'operand' || place.expects === 'value') return complete(place, emptyAt(at));
  const isPipe = written.prefix === '|' && place.expects.startsWith('after-');
  if (!isPipe) return complete(place, written);
  const hasSeries = place.expects === 'after-metrics' || place.expects === 'after-series';
  return complete({ expects: hasSeries ? 'series-stage' : 'next-stage' }, emptyAt(at));
}

function attributeKey(token: Token & { type: 'attribute' }, written: Span): CompletionContext {
  const { scope } = token;
  const scopes = token.ofParent ? /^parent\.(?:span\.|resource\.)?/ : /^[^.]*\./;
  const prefix = written.prefix.replace(scopes, '').replace(/^"/, '');
  const key = { kind: 'attribute-key', scope, prefix, from: token.from, to: token.to } as const;
  return token.ofParent ? { ...key, ofParent: true } : key;
}

/** `.` alone, `span.` alone, and quoted names and numbers that are not finished. */
function completeInvalid(place: Place, token: Token, at: number, text: string): CompletionContext {
  const written = text.slice(token.from, at);
  const scoped = /^(?:(parent)\.)?(?:(span|resource|event|link|instrumentation)\.|(?<=parent\.)|\.)/.exec(written);
  if (scoped === null || place.expects !== 'operand') return none(at);
  const key = {
    kind: 'attribute-key',
    scope: (scoped[2] ?? 'any') as AttributeScope, // One of the words of the expression.
    prefix: written.slice(scoped[0].length).replace(/^"/, ''),
    from: token.from,
    to: Math.max(token.to, at),
  } as const;
  return scoped[1] === undefined ? key : { ...key, ofParent: true };
}

function stringPrefix(written: string): string {
  const closed = written.startsWith('`') ? `${written}\`` : `${written.replace(/\\$/, '')}"`;
  const [token] = lex(closed, { tolerant: true });
  return token?.type === 'string' ? token.value : written.slice(1);
}

function completeValue(field: Token, span: Span): CompletionContext {
  if (field.type === 'attribute') {
    const { scope, key, ofParent } = field;
    const attribute = { kind: 'attribute', scope, key } as const;
    return {
      kind: 'attribute-value',
      field: ofParent ? { ...attribute, ofParent } : attribute,
      keywords: ['nil', 'true', 'false'],
      ...span,
    };
  }
  const intrinsic = intrinsicOf(field);
  if (intrinsic === undefined) return complete({ expects: 'operand', wants: 'any' }, span);
  const keywords = intrinsicValues(intrinsic);
  if (keywords !== undefined) return { kind: 'keyword', keywords, ...span };
  return { kind: 'attribute-value', field: { kind: 'intrinsic', intrinsic }, keywords: [], ...span };
}

function isDuration(field: Token): boolean {
  const intrinsic = intrinsicOf(field);
  return intrinsic !== undefined && INTRINSIC_TYPES[intrinsic] === 'duration';
}

function emptyAt(at: number): Span {
  return { prefix: '', from: at, to: at };
}

function none(at: number): CompletionContext {
  return { kind: 'none', ...emptyAt(at) };
}

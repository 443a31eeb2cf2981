/** What a completion list shows for a place in a query: pure, for editors in a browser and on a terminal. */
import type { CompletionContext, CompletionField } from '../completion.ts';
import { INTRINSIC_SPELLINGS } from '../intrinsics.ts';
import { printAttribute, printString } from '../print.ts';
import type { KnownAttribute, KnownValue } from './attribute-catalogue.ts';

/** One line of the list. */
export interface Suggestion {
  /** What is shown. */
  readonly label: string;
  /** What replaces the text between the context's `from` and `to`. */
  readonly insert: string;
  /** Shown at the line's end: type or count. May be empty. */
  readonly detail: string;
  readonly kind: 'keyword' | 'attribute' | 'value' | 'function' | 'operator';
}

/** What the list needs from the catalogue, if anything. */
export type SuggestionSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'keys'; readonly contains: string }
  | { readonly kind: 'values'; readonly name: string; readonly prefix: string };

export const MAX_SUGGESTIONS = 100;
/** What people look for first; other keywords stand behind the attributes. */
const FIRST_KEYWORDS: ReadonlySet<string> = new Set(['name', 'duration', 'status', 'kind', 'resource.', 'span.']);

export function suggestionSourceOf(context: CompletionContext): SuggestionSource {
  if (context.kind === 'field' || context.kind === 'attribute-key') return { kind: 'keys', contains: context.prefix };
  if (context.kind === 'attribute-value') {
    return { kind: 'values', name: nameOfField(context.field), prefix: context.prefix };
  }
  return { kind: 'none' };
}

/** A field as TraceQL writes it, keys with spaces and the like quoted. */
function nameOfField(field: CompletionField): string {
  return field.kind === 'intrinsic' ? field.intrinsic : printAttribute(field.scope, field.key);
}

/** The list for a context: keywords that fit and what the catalogue knows. Best match first, MAX_SUGGESTIONS at most. */
export function buildSuggestions(
  context: CompletionContext,
  attributes: readonly KnownAttribute[],
  values: readonly KnownValue[],
): readonly Suggestion[] {
  const suggestions = new Map<string, Suggestion>();
  const add = (suggestion: Suggestion): void => {
    if (!suggestions.has(suggestion.insert)) suggestions.set(suggestion.insert, suggestion);
  };
  if (context.kind === 'attribute-value') for (const value of values) add(valueSuggestion(value));
  const keywords = 'keywords' in context ? matchingKeywords(context.keywords, context.prefix) : [];
  const addKeywords = (wanted: (keyword: string) => boolean): void => {
    for (const keyword of keywords.filter(wanted)) add(keywordSuggestion(keyword, context.kind));
  };
  if (context.kind === 'field') addKeywords((keyword) => FIRST_KEYWORDS.has(keyword));
  else addKeywords(() => true);
  if (context.kind === 'field' || context.kind === 'attribute-key') {
    for (const suggestion of attributeSuggestions(context, attributes)) add(suggestion);
  }
  addKeywords(() => true);
  return [...suggestions.values()].slice(0, MAX_SUGGESTIONS);
}

/** The words that go on from the prefix. Second spellings of intrinsics only for those who have begun to write them. */
function matchingKeywords(keywords: readonly string[], prefix: string): readonly string[] {
  const wanted = prefix.toLowerCase();
  return keywords.filter(
    (keyword) =>
      keyword.toLowerCase().startsWith(wanted) &&
      keyword !== prefix &&
      (!isSecondSpelling(keyword) || prefix.includes(':')),
  );
}

function isSecondSpelling(keyword: string): boolean {
  const canonical = INTRINSIC_SPELLINGS.get(keyword);
  return canonical !== undefined && canonical !== keyword;
}

function keywordSuggestion(keyword: string, place: CompletionContext['kind']): Suggestion {
  const kind = keyword.includes('(') ? 'function' : place === 'operator' ? 'operator' : 'keyword';
  return { label: keyword.trim(), insert: keyword, detail: '', kind };
}

function attributeSuggestions(
  context: CompletionContext,
  attributes: readonly KnownAttribute[],
): readonly Suggestion[] {
  const scope = context.kind === 'attribute-key' ? context.scope : undefined;
  const ofParent = context.kind === 'attribute-key' && context.ofParent === true;
  const wanted = context.prefix.toLowerCase();
  return attributes
    .filter((attribute) => scope === undefined || scope === 'any' || attribute.scope === scope)
    .filter((attribute) => attribute.key.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a.key, wanted) - rank(b.key, wanted) || (a.key < b.key ? -1 : 1))
    .map((attribute) => {
      // `parent.` alone goes on with either scope; the exact one says more.
      const written = scope === 'any' && !ofParent ? 'any' : attribute.scope;
      const insert = printAttribute(written, attribute.key, ofParent);
      return { label: insert, insert, detail: attribute.types.join(' | '), kind: 'attribute' };
    });
}

/** Keys that begin with the text, then those with a part that does, then those that contain it. */
function rank(key: string, wanted: string): number {
  const lower = key.toLowerCase();
  if (lower.startsWith(wanted)) return 0;
  return lower.includes(`.${wanted}`) ? 1 : 2;
}

function valueSuggestion({ type, value, count }: KnownValue): Suggestion {
  return {
    label: value === '' ? '""' : value,
    insert: type === 'string' ? printString(value) : value,
    detail: `${count}×`,
    kind: 'value',
  };
}

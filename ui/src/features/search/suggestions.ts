import type { AttributesAnswer, AttributeValuesAnswer } from '@clew/contract';
import {
  type AttributeScope,
  type CompletionContext,
  type CompletionField,
  printAttribute,
  printString,
} from '@clew/traceql';

/** One line of the suggestion list. */
export interface Suggestion {
  /** What is shown. */
  readonly label: string;
  /** What replaces the text between the context's `from` and `to`. */
  readonly insert: string;
  /** Shown at the line's end: scope, type or count. */
  readonly detail: string;
}

/** What the list needs from the server, if anything. */
export type SuggestionSource =
  | { readonly kind: 'none' }
  | { readonly kind: 'keys'; readonly contains: string }
  | { readonly kind: 'values'; readonly name: string; readonly prefix: string };

const SUGGESTIONS_MAX = 100;
/** What people look for first; other keywords stand behind the attributes. */
const FIRST_KEYWORDS: ReadonlySet<string> = new Set(['name', 'duration', 'status', 'kind', 'resource.', 'span.']);
/** Second spellings of intrinsics are understood, but offered only to those who have begun to write them. */
const SECOND_SPELLING = /^(span|trace):(?!id$|parentID$)/;

export function sourceOf(context: CompletionContext): SuggestionSource {
  if (context.kind === 'field' || context.kind === 'attribute-key') return { kind: 'keys', contains: context.prefix };
  if (context.kind === 'attribute-value') {
    return { kind: 'values', name: nameOfField(context.field), prefix: context.prefix };
  }
  return { kind: 'none' };
}

/** A field as the values endpoint names it: as TraceQL writes it, keys with spaces and the like quoted. */
function nameOfField(field: CompletionField): string {
  return field.kind === 'intrinsic' ? field.intrinsic : printAttribute(field.scope, field.key);
}

/** The list for a context: keywords that fit, then what the server knows. Best match first. */
export function buildSuggestions(
  context: CompletionContext,
  keys: AttributesAnswer | undefined,
  values: AttributeValuesAnswer | undefined,
): readonly Suggestion[] {
  const suggestions = new Map<string, Suggestion>();
  const add = (suggestion: Suggestion): void => {
    if (!suggestions.has(suggestion.insert)) suggestions.set(suggestion.insert, suggestion);
  };
  if (context.kind === 'attribute-value') for (const value of valueSuggestions(values)) add(value);
  const keywords = 'keywords' in context ? matchingKeywords(context.keywords, context.prefix) : [];
  const addKeywords = (wanted: (keyword: string) => boolean): void => {
    for (const keyword of keywords.filter(wanted)) add({ label: keyword.trim(), insert: keyword, detail: '' });
  };
  if (context.kind === 'field') addKeywords((keyword) => FIRST_KEYWORDS.has(keyword));
  else addKeywords(() => true);
  if (context.kind === 'field' || context.kind === 'attribute-key') {
    const scope = context.kind === 'attribute-key' ? context.scope : undefined;
    for (const key of keySuggestions(scope, context.prefix, keys)) add(key);
  }
  addKeywords(() => true);
  return [...suggestions.values()].slice(0, SUGGESTIONS_MAX);
}

function matchingKeywords(keywords: readonly string[], prefix: string): readonly string[] {
  const wanted = prefix.toLowerCase();
  return keywords.filter(
    (keyword) =>
      keyword.toLowerCase().startsWith(wanted) &&
      keyword !== prefix &&
      (!SECOND_SPELLING.test(keyword) || prefix.includes(':')),
  );
}

function keySuggestions(
  scope: AttributeScope | undefined,
  prefix: string,
  answer: AttributesAnswer | undefined,
): readonly Suggestion[] {
  const wanted = prefix.toLowerCase();
  return (answer?.attributes ?? [])
    .filter((attribute) => scope === undefined || scope === 'any' || attribute.scope === scope)
    .filter((attribute) => attribute.key.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a.key, wanted) - rank(b.key, wanted) || (a.key < b.key ? -1 : 1))
    .map((attribute) => {
      const written = scope === 'any' ? 'any' : attribute.scope;
      const insert = printAttribute(written, attribute.key);
      return { label: insert, insert, detail: attribute.types.join(' | ') };
    });
}

/** Keys that begin with the text, then those with a part that does, then those that contain it. */
function rank(key: string, wanted: string): number {
  const lower = key.toLowerCase();
  if (lower.startsWith(wanted)) return 0;
  return lower.includes(`.${wanted}`) ? 1 : 2;
}

function valueSuggestions(answer: AttributeValuesAnswer | undefined): readonly Suggestion[] {
  return (answer?.values ?? []).map(({ type, value, count }) => ({
    label: value === '' ? '""' : value,
    insert: type === 'string' ? printString(value) : value,
    detail: `${count}×`,
  }));
}

/** The text with a suggestion put in, and where the cursor then stands: ready to write on. */
export function applySuggestion(
  text: string,
  context: CompletionContext,
  suggestion: Suggestion,
): { readonly text: string; readonly cursor: number } {
  const { insert } = suggestion;
  const rest = text.slice(context.to);
  const goesOn = /[.\s]$/.test(insert);
  const gap = goesOn || /^\s/.test(rest) ? '' : ' ';
  const before = text.slice(0, context.from) + insert;
  // A space that is already there is stepped over, so that the next suggestion follows at once.
  const cursor = before.length + (goesOn ? 0 : 1);
  return { text: before + gap + rest, cursor };
}

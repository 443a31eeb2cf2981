import { type CompletionContext, completionContext } from '../completion.ts';
import type { AttributeCatalogue, KnownAttribute, KnownValue } from './attribute-catalogue.ts';
import { buildSuggestions, type Suggestion, suggestionSourceOf } from './build-suggestions.ts';

/**
 * What may stand at `cursor` (a UTF-16 offset), with keys and values of the catalogue. Never rejects: a catalogue
 * that fails costs its lines, and the keywords stay.
 */
export async function loadSuggestions(
  text: string,
  cursor: number,
  catalogue: AttributeCatalogue,
  signal: AbortSignal,
): Promise<{ readonly context: CompletionContext; readonly suggestions: readonly Suggestion[] }> {
  const context = completionContext(text, cursor);
  const source = suggestionSourceOf(context);
  let attributes: readonly KnownAttribute[] = [];
  let values: readonly KnownValue[] = [];
  try {
    if (source.kind === 'keys') attributes = await catalogue.loadAttributes(source.contains, signal);
    if (source.kind === 'values') values = await catalogue.loadValues(source.name, source.prefix, signal);
  } catch {
    // The query itself will say that the server is away; a list must not.
  }
  // Editors close brackets as they are opened: the one that follows is not written twice.
  const [next = ''] = text.slice(context.to).trimStart();
  const isThere = ({ insert }: Suggestion): boolean => (next === '}' || next === ')') && insert === next;
  const suggestions = buildSuggestions(context, attributes, values).filter((one) => !isThere(one));
  return { context, suggestions };
}

import type { AttributesAnswer, AttributeValuesAnswer } from '@clew/contract';
import type { AttributeCatalogue } from '@clew/traceql/suggest/attribute-catalogue';
import { loadSuggestions } from '@clew/traceql/suggest/load-suggestions';
import type { ClewClient } from '../api/clew-client.ts';

/** Attribute keys and values of a server, remembered as long as the prompt is open. */
export function buildCatalogue(client: ClewClient, sinceMs: () => number): AttributeCatalogue {
  const known = new Map<string, Promise<unknown>>();
  const load = <T>(path: string, parameters: Readonly<Record<string, string>>): Promise<T> => {
    const key = `${path} ${JSON.stringify(parameters)}`;
    const before = known.get(key);
    if (before !== undefined) return before as Promise<T>;
    if (known.size >= MAX_REMEMBERED) known.clear();
    const asked = client.getJson<T>(path, { ...parameters, start: `now-${Math.ceil(sinceMs() / 1000)}s` });
    known.set(key, asked);
    asked.catch(() => known.delete(key));
    return asked;
  };
  return {
    loadAttributes: async (contains) =>
      (await load<AttributesAnswer>('/api/v1/attributes', { contains, limit: '200' })).attributes,
    loadValues: async (name, prefix) =>
      (
        await load<AttributeValuesAnswer>(`/api/v1/attributes/${encodeURIComponent(name)}/values`, {
          prefix,
          limit: '50',
        })
      ).values,
  };
}

const MAX_REMEMBERED = 200;

/**
 * What TAB may put at the end of `line`, and the part of it that is replaced: the pair that node:readline takes.
 * @param before lines of the query above this one, line breaks included
 */
export async function completeLine(
  before: string,
  line: string,
  catalogue: AttributeCatalogue,
): Promise<[string[], string]> {
  const text = before + line;
  const { context, suggestions } = await loadSuggestions(
    text,
    text.length,
    catalogue,
    AbortSignal.timeout(COMPLETION_TIMEOUT_MS),
  );
  const from = context.from - before.length;
  if (from < 0) return [[], line];
  const written = line.slice(from);
  const whole = suggestions.map(({ insert }) => (/(?:[.(\s]|\w=)$/.test(insert) ? insert : `${insert} `));
  // What goes on from the written text comes alone: readline puts in what all candidates begin with.
  const going = whole.filter((insert) => insert.toLowerCase().startsWith(written.toLowerCase()));
  return [going.length > 0 ? going : whole, written];
}

const COMPLETION_TIMEOUT_MS = 3_000;

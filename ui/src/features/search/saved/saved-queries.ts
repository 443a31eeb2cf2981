/** Queries a person keeps, and the last ones that were run; in the browser's storage, in every tab the same. */

export interface SavedQuery {
  readonly name: string;
  /** TraceQL; empty for everything. */
  readonly query: string;
}

export interface SavedQueries {
  readonly saved: readonly SavedQuery[];
  /** Newest first. */
  readonly recent: readonly string[];
}

export const SAVED_KEY = 'clew.queries.1';
const MAX_SAVED = 200;
const MAX_RECENT = 20;
const NOTHING: SavedQueries = { saved: [], recent: [] };

/** What is stored and well formed; nothing for text that is not ours. */
export function parseSaved(stored: string | null): SavedQueries {
  try {
    const read: unknown = JSON.parse(stored ?? '{}');
    if (typeof read !== 'object' || read === null) return NOTHING;
    const given: { saved?: unknown; recent?: unknown } = read;
    return {
      saved: (Array.isArray(given.saved) ? given.saved : []).filter(isSavedQuery).slice(0, MAX_SAVED),
      recent: (Array.isArray(given.recent) ? given.recent : [])
        .filter((one) => typeof one === 'string')
        .slice(0, MAX_RECENT),
    };
  } catch {
    return NOTHING;
  }
}

function isSavedQuery(value: unknown): value is SavedQuery {
  if (typeof value !== 'object' || value === null) return false;
  const given: { name?: unknown; query?: unknown } = value;
  return typeof given.name === 'string' && given.name !== '' && typeof given.query === 'string';
}

/** With a query under a name; one of the same name is replaced, in its place. */
export function withSaved(now: SavedQueries, added: SavedQuery): SavedQueries {
  const name = added.name.trim();
  if (name === '') return now;
  const query = { name, query: added.query };
  const isKnown = now.saved.some((one) => one.name === name);
  const saved = isKnown ? now.saved.map((one) => (one.name === name ? query : one)) : [query, ...now.saved];
  return { ...now, saved: saved.slice(0, MAX_SAVED) };
}

export function withoutSaved(now: SavedQueries, name: string): SavedQueries {
  return { ...now, saved: now.saved.filter((one) => one.name !== name) };
}

/** With a query as the one run last. */
export function withRecent(now: SavedQueries, query: string): SavedQueries {
  if (query === '' || now.recent[0] === query) return now;
  return { ...now, recent: [query, ...now.recent.filter((one) => one !== query)].slice(0, MAX_RECENT) };
}

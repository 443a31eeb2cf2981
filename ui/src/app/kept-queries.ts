import { parseSaved, SAVED_KEY } from '../features/search/saved/saved-queries.ts';

/** Query texts of this browser: those that were saved by name, then the last that were run, each once. */
export function readKeptQueries(): readonly string[] {
  try {
    const { saved, recent } = parseSaved(localStorage.getItem(SAVED_KEY));
    return [...new Set([...saved.map(({ query }) => query), ...recent])].filter((query) => query !== '');
  } catch {
    return []; // The browser has no storage for us.
  }
}

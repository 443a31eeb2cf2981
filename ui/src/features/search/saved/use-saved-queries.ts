import { useSyncExternalStore } from 'react';
import { parseSaved, SAVED_KEY, type SavedQueries } from './saved-queries.ts';

const listeners = new Set<() => void>();
let raw: string | null = null;
let current: SavedQueries = parseSaved(null);

/** What is kept, up to date with other tabs. */
export function useSavedQueries(): SavedQueries {
  return useSyncExternalStore(watch, read);
}

/** Keeps a change. Without storage it lasts as long as the page. */
export function changeSaved(change: (now: SavedQueries) => SavedQueries): void {
  const next = change(read());
  if (next === current) return;
  current = next;
  try {
    raw = JSON.stringify(next);
    localStorage.setItem(SAVED_KEY, raw);
  } catch {
    // Storage is off or full.
  }
  for (const changed of listeners) changed();
}

/** The same object until something changes. */
function read(): SavedQueries {
  try {
    const stored = localStorage.getItem(SAVED_KEY);
    if (stored !== raw) {
      raw = stored;
      current = parseSaved(stored);
    }
  } catch {
    // The browser has no storage for us.
  }
  return current;
}

function watch(changed: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key === SAVED_KEY || event.key === null) changed();
  };
  listeners.add(changed);
  window.addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(changed);
    window.removeEventListener('storage', elsewhere);
  };
}

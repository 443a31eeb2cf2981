import { resetSettings, SETTINGS_KEY } from '../../widgets/stored-settings.ts';

/** What all our names in the browser's storage begin with; others on the same host keep theirs. */
const PREFIX = /^clew[.:]/;

export interface StoredItem {
  readonly name: string;
  readonly value: string;
}

/** Everything Clew keeps in the browser, by name; nothing where there is no storage. */
export function listStored(): readonly StoredItem[] {
  try {
    return Object.keys(localStorage)
      .filter((name) => PREFIX.test(name))
      .sort()
      .map((name) => ({ name, value: localStorage.getItem(name) ?? '' }));
  } catch {
    return []; // Storage is off: there is nothing.
  }
}

export function forgetStored(name: string): void {
  if (name === SETTINGS_KEY) resetSettings();
  else localStorage.removeItem(name);
}

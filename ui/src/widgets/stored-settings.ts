import { isTimeZone, type TimeZoneChoice } from '../text/time-zone.ts';

/** What belongs to the person and the screen, not to the page: kept in the browser, never in the URL. */
export interface StoredSettings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly singleKeys: boolean;
  /** Pixels. */
  readonly nameWidth: number;
  readonly dockWidth: number;
  readonly dockHeight: number;
  /** Chosen side of details; auto: right where there is room. */
  readonly dockSide: 'auto' | 'right' | 'bottom';
  readonly criticalPath: boolean;
  /** Last language chosen on the setup page. */
  readonly language: string;
  /** The zone all instants are shown in. */
  readonly timeZone: TimeZoneChoice;
  /** Whether Explore shows facets where there is room for them. */
  readonly facets: boolean;
  /** How high rows of lists and trees are. */
  readonly density: 'compact' | 'default' | 'comfortable';
  /** Keys chosen instead of a command's own, by its id; '' for none. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Its name in the browser's storage. */
export const SETTINGS_KEY = 'clew.settings.1';

const DEFAULTS: StoredSettings = {
  theme: 'system',
  singleKeys: true,
  nameWidth: 420,
  dockWidth: 420,
  dockHeight: 320,
  dockSide: 'auto',
  criticalPath: true,
  language: 'node',
  timeZone: 'browser',
  facets: true,
  density: 'default',
  keys: {},
};

const listeners = new Set<() => void>();
let raw: string | null | undefined;
let current = DEFAULTS;

/** Every setting; a default for each that is not stored or not readable. The same object until something changes. */
export function readSettings(): StoredSettings {
  const stored = tryReadStorage();
  // Without storage a setting lasts as long as the page.
  if (stored === undefined || stored === raw) return current;
  raw = stored;
  current = parseSettings(stored);
  return current;
}

/** The stored text as it is; null when nothing is stored, undefined when the browser has no storage for us. */
export function tryReadStorage(): string | null | undefined {
  try {
    return localStorage.getItem(SETTINGS_KEY);
  } catch {
    return undefined;
  }
}

function parseSettings(stored: string | null): StoredSettings {
  try {
    const read: unknown = JSON.parse(stored ?? '{}');
    return typeof read === 'object' && read !== null ? mergeSettings(read) : DEFAULTS;
  } catch {
    return DEFAULTS; // Text that is no JSON: the defaults are always good.
  }
}

/** The defaults, with the stored values that have the right type. */
export function mergeSettings(stored: object): StoredSettings {
  const given: Partial<Record<keyof StoredSettings, unknown>> = stored;
  const size = (value: unknown, fallback: number): number =>
    typeof value === 'number' && value >= 100 && value <= 2000 ? value : fallback;
  return {
    theme: given.theme === 'light' || given.theme === 'dark' ? given.theme : 'system',
    singleKeys: given.singleKeys !== false,
    nameWidth: size(given.nameWidth, DEFAULTS.nameWidth),
    dockWidth: size(given.dockWidth, DEFAULTS.dockWidth),
    dockHeight: size(given.dockHeight, DEFAULTS.dockHeight),
    dockSide: given.dockSide === 'right' || given.dockSide === 'bottom' ? given.dockSide : 'auto',
    criticalPath: given.criticalPath !== false,
    language: typeof given.language === 'string' ? given.language : DEFAULTS.language,
    timeZone: typeof given.timeZone === 'string' && isTimeZone(given.timeZone) ? given.timeZone : DEFAULTS.timeZone,
    facets: given.facets !== false,
    density: given.density === 'compact' || given.density === 'comfortable' ? given.density : 'default',
    keys: textsOf(given.keys),
  };
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, one]) => typeof one === 'string'));
}

/** Keeps a change and tells everybody who watches, in other tabs too. */
export function storeSettings(change: Partial<StoredSettings>): StoredSettings {
  current = { ...readSettings(), ...change };
  const written = JSON.stringify(current);
  try {
    localStorage.setItem(SETTINGS_KEY, written);
    raw = written;
  } catch {
    // Storage is off or full: the setting lasts as long as the page.
  }
  for (const changed of listeners) changed();
  return current;
}

/** Forgets every setting: the defaults hold again. */
export function resetSettings(): void {
  storeSettings(DEFAULTS);
  try {
    localStorage.removeItem(SETTINGS_KEY);
    raw = null;
  } catch {
    // There is no storage to clean.
  }
}

/** Calls `changed` after every change of a setting, here or in another tab; returns the way to stop. */
export function watchSettings(changed: () => void): () => void {
  const elsewhere = (event: StorageEvent): void => {
    if (event.key === SETTINGS_KEY || event.key === null) changed();
  };
  listeners.add(changed);
  window.addEventListener('storage', elsewhere);
  return () => {
    listeners.delete(changed);
    window.removeEventListener('storage', elsewhere);
  };
}

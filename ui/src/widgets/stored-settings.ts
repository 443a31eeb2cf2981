/** What belongs to the person and the screen, not to the page: kept in the browser, never in the URL. */
export interface StoredSettings {
  readonly theme: 'system' | 'light' | 'dark';
  readonly singleKeys: boolean;
  /** Pixels. */
  readonly nameWidth: number;
  readonly dockWidth: number;
  readonly dockHeight: number;
  readonly criticalPath: boolean;
  /** Last language chosen on the setup page. */
  readonly language: string;
}

const KEY = 'clew.settings.1';

const DEFAULTS: StoredSettings = {
  theme: 'system',
  singleKeys: true,
  nameWidth: 420,
  dockWidth: 420,
  dockHeight: 320,
  criticalPath: true,
  language: 'node',
};

/** Every setting; a default for each that is not stored or not readable. */
export function readSettings(): StoredSettings {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return DEFAULTS;
    return mergeSettings(stored);
  } catch {
    return DEFAULTS; // No storage, or text that is no JSON: the defaults are always good.
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
    criticalPath: given.criticalPath !== false,
    language: typeof given.language === 'string' ? given.language : DEFAULTS.language,
  };
}

export function storeSettings(change: Partial<StoredSettings>): StoredSettings {
  const settings = { ...readSettings(), ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // Storage is off or full: the setting lasts as long as the page.
  }
  return settings;
}

export function singleKeysEnabled(): boolean {
  return readSettings().singleKeys;
}

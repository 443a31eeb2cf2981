import type { StoredSettings } from '../widgets/stored-settings.ts';

export type Theme = StoredSettings['theme'];

/** Puts the chosen theme on the document; `system` leaves the choice to the browser. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** System → light → dark → system. */
export function themeAfter(theme: Theme): Theme {
  return theme === 'system' ? 'light' : theme === 'light' ? 'dark' : 'system';
}

import { locale } from '../text/locale.ts';
import { setTimeZone } from '../text/time-zone.ts';
import { readSettings, watchSettings } from '../widgets/stored-settings.ts';
import { applyTheme } from './theme.ts';

/** Puts the settings on the document and the clock, now and whenever one changes, in this tab or another. */
export function applySettings(): void {
  document.documentElement.lang = locale;
  const apply = (): void => {
    const { theme, timeZone, density } = readSettings();
    applyTheme(theme);
    setTimeZone(timeZone);
    if (density === 'default') delete document.documentElement.dataset.density;
    else document.documentElement.dataset.density = density;
  };
  apply();
  watchSettings(apply);
}

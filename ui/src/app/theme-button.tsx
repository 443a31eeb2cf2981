import { text } from '../text/catalogue.ts';
import { Icon } from '../widgets/icon.tsx';
import { storeSettings } from '../widgets/stored-settings.ts';
import { useSettings } from '../widgets/use-settings.ts';
import { themeAfter } from './theme.ts';

const ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;

/** System → light → dark → system. */
export function ThemeButton() {
  const { theme } = useSettings();
  const next = themeAfter(theme);
  const label = `${text.shell.themes[theme]}. ${text.shell.themeNext(text.shell.themes[next])}`;
  return (
    <button
      type="button"
      className="button is-quiet is-icon"
      onClick={() => storeSettings({ theme: next })}
      title={label}
      aria-label={label}
    >
      <Icon name={ICONS[theme]} />
    </button>
  );
}

import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { text } from '../text/catalogue.ts';
import { Icon } from '../widgets/icon.tsx';
import { storeSettings } from '../widgets/stored-settings.ts';
import { useSettings } from '../widgets/use-settings.ts';
import { useShortcuts } from '../widgets/use-shortcuts.ts';
import { useTimeZone } from '../widgets/use-time-zone.ts';
import logo from './clew.svg';
import { LiveCount } from './live-count.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { themeAfter } from './theme.ts';

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;
const THEME_NAMES = {
  system: text.shell.themeSystem,
  light: text.shell.themeLight,
  dark: text.shell.themeDark,
} as const;

/** What surrounds every page: skip link, navigation, live count, theme, shortcuts. */
export function Shell() {
  const { theme } = useSettings();
  const [sheet, setSheet] = useState(false);
  const navigate = useNavigate();
  useShortcuts({
    '?': () => setSheet(true),
    'g e': () => void navigate({ to: '/explore' }),
    'g s': () => void navigate({ to: '/setup' }),
  });
  const next = themeAfter(theme);
  const switchTheme = (): void => void storeSettings({ theme: next });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.shell.skip}
      </a>
      <header className="shell-head">
        <Link to="/explore" className="brand" aria-label={text.shell.product}>
          <img src={logo} alt="" width="20" height="20" />
          <span>{text.shell.product}</span>
        </Link>
        <nav aria-label={text.shell.navigation}>
          <Link to="/explore" className="nav-link">
            {text.shell.explore}
          </Link>
          <Link to="/setup" className="nav-link">
            {text.shell.setup}
          </Link>
        </nav>
        <div className="shell-right">
          <LiveCount />
          <button
            type="button"
            className="button is-quiet is-icon"
            onClick={switchTheme}
            title={`${THEME_NAMES[theme]}. ${text.shell.themeNext(THEME_NAMES[next])}`}
            aria-label={`${THEME_NAMES[theme]}. ${text.shell.themeNext(THEME_NAMES[next])}`}
          >
            <Icon name={THEME_ICONS[theme]} />
          </button>
          <button
            type="button"
            className="button is-quiet is-icon shell-keys"
            onClick={() => setSheet(true)}
            title={text.shell.shortcutsHint}
            aria-label={text.shell.shortcuts}
          >
            <Icon name="keyboard" />
          </button>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Page />
      </main>
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} />
    </div>
  );
}

/** The page of the address, built anew for another time zone: pages and pictures keep formatted times. */
function Page() {
  const zone = useTimeZone();
  // The settings themselves stay: the field that was just changed keeps the focus.
  const settings = useLocation({ select: ({ pathname }) => pathname === '/settings' });
  return <Outlet key={settings ? 'settings' : zone} />;
}

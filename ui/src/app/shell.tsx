import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { text } from '../text/catalogue.ts';
import { Icon } from '../widgets/icon.tsx';
import { useShortcuts } from '../widgets/use-shortcuts.ts';
import logo from './clew.svg';
import { LiveCount } from './live-count.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { chooseTheme, currentTheme, themeAfter } from './theme.ts';

const THEME_ICONS = { system: 'system', light: 'sun', dark: 'moon' } as const;
const THEME_NAMES = {
  system: text.shell.themeSystem,
  light: text.shell.themeLight,
  dark: text.shell.themeDark,
} as const;

/** What surrounds every page: skip link, navigation, live count, theme, shortcuts. */
export function Shell() {
  const [theme, setTheme] = useState(currentTheme);
  const [sheet, setSheet] = useState(false);
  const navigate = useNavigate();
  useShortcuts({
    '?': () => setSheet(true),
    'g e': () => void navigate({ to: '/explore' }),
    'g s': () => void navigate({ to: '/setup' }),
  });
  const next = themeAfter(theme);
  const switchTheme = (): void => {
    chooseTheme(next);
    setTheme(next);
  };
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
        <Outlet />
      </main>
      <ShortcutSheet open={sheet} onClose={() => setSheet(false)} />
    </div>
  );
}

import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { DropTarget } from '../features/import/drop-target.tsx';
import { text } from '../text/catalogue.ts';
import { listenForKeys } from '../widgets/command-keys.ts';
import { Icon } from '../widgets/icon.tsx';
import { useTimeZone } from '../widgets/use-time-zone.ts';
import logo from './clew.svg';
import { CommandPalette } from './command-palette.tsx';
import { DESTINATIONS } from './destinations.ts';
import { LiveCount } from './live-count.tsx';
import { NarrowMenu } from './narrow-menu.tsx';
import { PageFocus } from './page-focus.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { ThemeButton } from './theme-button.tsx';
import { usePaletteKey } from './use-palette-key.ts';
import { useShellCommands } from './use-shell-commands.ts';
import { ZoneChip } from './zone-chip.tsx';

/** What surrounds every page: skip link, navigation, live count, zone, theme, palette, shortcuts. */
export function Shell() {
  const [opened, setOpened] = useState<'sheet' | 'palette'>();
  const openSheet = (): void => setOpened('sheet');
  const openPalette = (): void => setOpened('palette');
  // Only what says that it is closed: the other may have been opened since.
  const close = (closed: 'sheet' | 'palette'): void => setOpened((now) => (now === closed ? undefined : now));
  useEffect(listenForKeys, []);
  usePaletteKey(openPalette);
  useShellCommands({ sheet: openSheet, palette: openPalette });
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {text.shell.skip}
      </a>
      <header className="shell-head">
        <NarrowMenu onSheet={openSheet} />
        <Link to="/explore" className="brand" aria-label={text.shell.product}>
          <img src={logo} alt="" width="20" height="20" />
          <span>{text.shell.product}</span>
        </Link>
        <nav aria-label={text.shell.navigation} className="shell-nav">
          {DESTINATIONS.map(({ to, label }) => (
            <Link key={to} to={to} className="nav-link">
              {label}
            </Link>
          ))}
        </nav>
        <div className="shell-right">
          <LiveCount />
          <ZoneChip />
          <HeadButton icon="search" label={text.commands.palette} hint={text.shell.paletteHint} onClick={openPalette} />
          <span className="shell-wide">
            <Link
              to="/import"
              className="button is-quiet is-icon"
              aria-label={text.import.page}
              title={text.import.page}
            >
              <Icon name="upload" />
            </Link>
            <ThemeButton />
            <HeadButton
              icon="keyboard"
              label={text.shell.shortcuts}
              hint={text.shell.shortcutsHint}
              onClick={openSheet}
            />
            <Link
              to="/settings"
              className="button is-quiet is-icon"
              aria-label={text.shell.settings}
              title={text.shell.settings}
            >
              <Icon name="settings" />
            </Link>
          </span>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <Page />
      </main>
      <PageFocus />
      <DropTarget />
      <CommandPalette open={opened === 'palette'} onClose={() => close('palette')} />
      <ShortcutSheet open={opened === 'sheet'} onClose={() => close('sheet')} />
    </div>
  );
}

function HeadButton(props: {
  readonly icon: 'search' | 'keyboard';
  readonly label: string;
  readonly hint: string;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="button is-quiet is-icon"
      onClick={props.onClick}
      title={props.hint}
      aria-label={props.label}
    >
      <Icon name={props.icon} />
    </button>
  );
}

/** The page of the address, built anew for another time zone: pages and pictures keep formatted times. */
function Page() {
  const zone = useTimeZone();
  // The settings themselves stay: the field that was just changed keeps the focus.
  const settings = useLocation({ select: ({ pathname }) => pathname === '/settings' });
  return <Outlet key={settings ? 'settings' : zone} />;
}

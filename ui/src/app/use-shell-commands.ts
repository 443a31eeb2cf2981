import { useNavigate } from '@tanstack/react-router';
import { text } from '../text/catalogue.ts';
import { browserTimeZone } from '../text/time-zone.ts';
import type { Command } from '../widgets/command.ts';
import { storeSettings } from '../widgets/stored-settings.ts';
import { useCommands } from '../widgets/use-commands.ts';
import { DESTINATIONS } from './destinations.ts';

/** What can be done on every page: go elsewhere, the theme, the zone of all times, this list itself. */
export function useShellCommands(open: { readonly sheet: () => void; readonly palette: () => void }): void {
  const navigate = useNavigate();
  const pages = DESTINATIONS.map(({ to, label, key }) =>
    anywhere(`go${to}`, text.commands.goTo(label), [`g ${key}`], () => void navigate({ to })),
  );
  const themes = (['system', 'light', 'dark'] as const).map((theme) =>
    anywhere(`theme.${theme}`, text.commands.theme(text.shell.themes[theme]), [], () => void storeSettings({ theme })),
  );
  useCommands([
    anywhere('palette', text.commands.palette, ['Ctrl k'], undefined),
    { ...anywhere('sheet', text.commands.sheet, ['?'], open.sheet) },
    ...pages,
    anywhere('go/import', text.import.page, ['g o'], () => void navigate({ to: '/import' })),
    anywhere('go/settings', text.commands.goTo(text.shell.settings), ['g ,'], () => void navigate({ to: '/settings' })),
    ...themes,
    anywhere('zone.utc', text.commands.timeZone('UTC'), [], () => void storeSettings({ timeZone: 'UTC' })),
    anywhere(
      'zone.browser',
      text.commands.timeZone(text.commands.browserZone(browserTimeZone())),
      [],
      () => void storeSettings({ timeZone: 'browser' }),
    ),
  ]);
}

function anywhere(id: string, label: string, keys: readonly string[], run: (() => unknown) | undefined): Command {
  return { id, group: 'anywhere', label, keys, run };
}

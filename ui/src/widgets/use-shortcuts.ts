import { useId } from 'react';
import { useCommands } from './use-commands.ts';

/** Keys as `KeyboardEvent.key` says them, `g e` for a sequence, to what they do. One that returns false lets the key pass. */
export type Shortcuts = Readonly<Record<string, () => unknown>>;

/** Keys without a name, for the palette and the sheet useCommands is the way. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const id = useId();
  useCommands(
    Object.entries(shortcuts).map(([key, run]) => ({
      id: `${id} ${key}`,
      group: 'view',
      label: '',
      keys: [key],
      run,
      palette: false,
    })),
  );
}

import { text } from '../../text/catalogue.ts';
import type { Command } from '../../widgets/command.ts';
import { useCommands } from '../../widgets/use-commands.ts';

interface CompareKeys {
  readonly jump: (direction: 1 | -1) => void;
  readonly foldAll: (folded: boolean) => void;
  readonly onlyChanged: () => void;
  /** False when nothing is open. */
  readonly close: () => unknown;
}

/** The keys of the Compare page; those of the tree itself are the tree's. */
export function useCompareKeys({ jump, foldAll, onlyChanged, close }: CompareKeys): void {
  const { keys } = text.compare;
  const command = (id: keyof typeof keys, key: string, run?: () => unknown): Command => ({
    id: `compare.${id}`,
    group: 'compare',
    label: keys[id],
    keys: [key],
    run,
    palette: run !== undefined,
  });
  useCommands([
    command('nextChange', 'n', () => jump(1)),
    command('previousChange', 'N', () => jump(-1)),
    command('onlyChanged', 'o', onlyChanged),
    command('foldAll', '{', () => foldAll(true)),
    command('unfoldAll', '}', () => foldAll(false)),
    command('open', 'Enter'),
    { ...command('close', 'Escape', close), palette: false },
  ]);
}

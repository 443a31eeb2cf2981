import { text } from '../../../text/catalogue.ts';
import type { Command } from '../../../widgets/command.ts';
import { useCommands } from '../../../widgets/use-commands.ts';

/** Keys of a list of results; those that the rows' links handle themselves are listed only. */
export function useResultCommands(does: {
  readonly step: (direction: 1 | -1) => void;
  /** Ticks the focused row; false where none is. Absent where rows are not ticked. */
  readonly pick?: () => boolean;
}): void {
  const words = text.commands.explore;
  const { step, pick } = does;
  const key = (id: string, label: string, keys: string, run?: () => unknown): Command => {
    return { id: `explore.${id}`, group: 'explore', label, keys: [keys], palette: false, run };
  };
  useCommands([
    key('next', words.next, 'j', () => step(1)),
    key('previous', words.previous, 'k', () => step(-1)),
    key('open', words.open, 'Enter'),
    ...(pick === undefined
      ? []
      : [key('preview', text.found.preview.toggle, ' '), key('pick', text.found.compare.pickFocused, 'c', pick)]),
  ]);
}

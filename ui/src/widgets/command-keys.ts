import { availableCommands, type Command } from './command.ts';
import { readSettings } from './stored-settings.ts';

const SEQUENCE_MS = 900;

/** The keys of a command: those the person chose, else its own. */
export function keysOf(command: Command): readonly string[] {
  const chosen = readSettings().keys[command.id];
  return chosen === undefined ? (command.keys ?? []) : chosen === '' ? [] : [chosen];
}

/**
 * Runs commands by key: never inside a field, with a modifier, under an open dialog, or when single keys are turned off
 * (WCAG 2.1.4). Escape always works. Returns the way to stop.
 */
export function listenForKeys(): () => void {
  let prefix = '';
  let prefixAt = 0;
  const press = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== 'Escape' && (inField(event.composedPath()[0] ?? null) || !readSettings().singleKeys)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    // The browser closes the innermost popover itself, unless somebody takes the key.
    if (event.key === 'Escape' && document.querySelector(':popover-open') !== null) return;
    const commands = availableCommands().filter((command) => command.run !== undefined);
    const sequence = prefix !== '' && event.timeStamp - prefixAt < SEQUENCE_MS ? `${prefix} ${event.key}` : undefined;
    const bound = commandsOf(commands, sequence);
    prefix = bound.length === 0 && isPrefix(commands, event.key) ? event.key : '';
    prefixAt = event.timeStamp;
    for (const command of bound.length === 0 ? commandsOf(commands, event.key) : bound) {
      if (command.run?.() === false) continue;
      event.preventDefault();
      return;
    }
  };
  document.addEventListener('keydown', press);
  return () => document.removeEventListener('keydown', press);
}

function commandsOf(commands: readonly Command[], key: string | undefined): readonly Command[] {
  return key === undefined ? [] : commands.filter((command) => keysOf(command).includes(key));
}

function isPrefix(commands: readonly Command[], key: string): boolean {
  return commands.some((command) => keysOf(command).some((bound) => bound.startsWith(`${key} `)));
}

/** The target as it is inside of a shadow root, where the query editor lives. */
function inField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== 'checkbox' && target.type !== 'radio';
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

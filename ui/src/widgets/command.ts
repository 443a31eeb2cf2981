/** Headings of the `?` sheet and the palette, in their order. */
export const COMMAND_GROUPS = [
  'anywhere',
  'explore',
  'trace',
  'compare',
  'services',
  'import',
  'view',
  'settings',
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** One thing that can be done here and now, by key, from the palette, or both. */
export interface Command {
  /** Stable and unique, such as `trace.next-error`: chosen keys and recent commands are kept by it. */
  readonly id: string;
  readonly group: CommandGroup;
  /** What it does, as a person says it: "Next error". From the catalogue. */
  readonly label: string;
  /** As `KeyboardEvent.key` says them; `g e` for a sequence. */
  readonly keys?: readonly string[];
  /**
   * Does it. One that returns false lets the key pass. Left out where the focused element itself handles the keys:
   * then the command is only listed in the sheet.
   */
  readonly run?: (() => unknown) | undefined;
  /** False: only by key; for moves that need a hand on the keyboard anyway. */
  readonly palette?: boolean;
}

interface Registration {
  readonly read: () => readonly Command[];
}

const registrations: Registration[] = [];
const watchers = new Set<() => void>();
let version = 0;

/** Makes the commands that `read` returns available until the returned function is called. */
export function registerCommands(read: () => readonly Command[]): () => void {
  const registration = { read };
  registrations.push(registration);
  changed();
  return () => {
    registrations.splice(registrations.indexOf(registration), 1);
    changed();
  };
}

/** What is registered now: of the page before the shell, the newest first; one of an id only. */
export function availableCommands(): readonly Command[] {
  const known = new Map<string, Command>();
  for (const { read } of registrations.toReversed()) {
    for (const command of read()) if (!known.has(command.id)) known.set(command.id, command);
  }
  return [...known.values()].sort((a, b) => rank(a) - rank(b));
}

/** What works everywhere gives way to what the page itself binds. */
function rank(command: Command): number {
  return command.group === 'anywhere' ? 1 : 0;
}

export function watchCommands(onChange: () => void): () => void {
  watchers.add(onChange);
  return () => void watchers.delete(onChange);
}

/** Changes whenever a page brings or takes its commands. */
export function commandsVersion(): number {
  return version;
}

function changed(): void {
  version++;
  for (const watcher of watchers) watcher();
}

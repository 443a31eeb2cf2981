import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

export const MAX_HISTORY = 1_000;

/** Where queries are remembered, one a line, the newest last. */
export const HISTORY_FILE = join(homedir(), '.clew_history');

/** The newest first, as node:readline wants them; none when there is no file or it cannot be read. */
export function loadHistory(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n').filter(Boolean).slice(-MAX_HISTORY).reverse();
  } catch {
    return [];
  }
}

/** Writes the history anew, readable by its owner only; a home that cannot be written to costs nothing but memory. */
export function saveHistory(file: string, newestFirst: readonly string[]): void {
  const lines = newestFirst.slice(0, MAX_HISTORY).toReversed();
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // Nobody's query is lost by this.
  }
}

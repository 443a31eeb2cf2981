/** What housekeeping must remember over a restart: housekeeping.json in the data directory. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { TrustedClock } from './trusted-clock.ts';

export interface DiskDrop {
  readonly node: string;
  /** The day of the partition, days since 1970. */
  readonly day: number;
  readonly bytes: number;
  /** When, by the trusted clock. */
  readonly unixMs: number;
}

export interface HousekeepingState {
  readonly clock: TrustedClock;
  /** Ids of the partitions there were. */
  readonly seen: readonly string[];
  /** Partitions that arrived late: the day they are kept from, by id. */
  readonly late: Readonly<Record<string, number>>;
  /** Of the last hour. */
  readonly diskDrops: readonly DiskDrop[];
}

const VERSION = 1;

/**
 * @returns undefined when there is none.
 * @throws Error when the file cannot be read or is not one of ours.
 */
export async function loadHousekeepingState(path: string): Promise<HousekeepingState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const state = JSON.parse(text) as HousekeepingState & { readonly version: unknown };
  const isOurs =
    state.version === VERSION &&
    Number.isFinite(state.clock?.unixMs) &&
    Array.isArray(state.seen) &&
    Array.isArray(state.diskDrops) &&
    typeof state.late === 'object';
  if (!isOurs) throw new Error(`${path}: not a state of housekeeping of version ${VERSION}.`);
  return { clock: state.clock, seen: state.seen, late: state.late, diskDrops: state.diskDrops };
}

export async function saveHousekeepingState(path: string, state: HousekeepingState): Promise<void> {
  // Whole or not at all: half a file would forget the clock.
  await writeFile(`${path}.new`, JSON.stringify({ version: VERSION, ...state }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

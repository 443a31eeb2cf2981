import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Cursor } from './cursor.ts';

/**
 * The cursors of a journal's lanes: `cursor`, `cursor-1`, `cursor-2`, …
 *
 * The number of lanes may change between two runs. A lane that is new has nothing in the entries that are there; one
 * that is no longer wanted stays until all that was written for it is in the store.
 */
export class LaneCursors {
  readonly #dir: string;
  readonly #cursors: Cursor[];
  readonly #wanted: number;
  readonly #known: number;

  private constructor(dir: string, cursors: Cursor[], known: number, wanted: number) {
    this.#dir = dir;
    this.#cursors = cursors;
    this.#known = known;
    this.#wanted = wanted;
  }

  static async open(dir: string, wanted: number): Promise<LaneCursors> {
    let known = 1;
    while (await exists(cursorPath(dir, known))) known++;
    const cursors: Cursor[] = [];
    for (let lane = 0; lane < Math.max(known, wanted); lane++) cursors.push(await Cursor.open(cursorPath(dir, lane)));
    return new LaneCursors(dir, cursors, known, wanted);
  }

  /** Highest sequence number behind every lane that has been there before. */
  get committedByAll(): number {
    return Math.min(...this.#cursors.slice(0, this.#known).map(({ state }) => state.committed));
  }

  /** Highest sequence number that was ever part of a group, committed or on its way. */
  get highestUsed(): number {
    return Math.max(...this.#cursors.map(({ state }) => Math.max(state.committed, state.inFlightLast)));
  }

  get isDamaged(): boolean {
    return this.#cursors.some((cursor) => cursor.isDamaged);
  }

  async close(): Promise<void> {
    for (const cursor of this.#cursors) await cursor.close();
  }

  /** Starts new lanes behind what is there, ends unwanted ones that are done. Before the first append. */
  async settle(lastSequence: number): Promise<Cursor[]> {
    for (const cursor of this.#cursors.slice(this.#known)) {
      await cursor.write({ committed: lastSequence, inFlightLast: 0 });
    }
    for (let lane = this.#cursors.length - 1; lane >= this.#wanted; lane--) {
      if (this.#cursors[lane].state.committed < lastSequence) break;
      await this.#cursors.pop()?.close();
      await rm(cursorPath(this.#dir, lane), { force: true });
    }
    return this.#cursors;
  }
}

function cursorPath(dir: string, lane: number): string {
  return join(dir, lane === 0 ? 'cursor' : `cursor-${lane}`);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

import type { JournalEntry } from '../../journal/entry.ts';
import { readNativeBuffer } from '../../store/native/block-reader.ts';
import { TextColumn } from '../../store/native/column.ts';

/** Keeps entries in memory, and can be made to refuse or to wait. */
export class RecordingJournal {
  readonly entries: JournalEntry[] = [];
  /** Thrown by the next appends while set. */
  problem: Error | undefined;
  #held: (() => void)[] | undefined;

  readonly append = async (entry: JournalEntry): Promise<void> => {
    if (this.#held !== undefined) await new Promise<void>((resolve) => this.#held?.push(resolve));
    if (this.problem !== undefined) throw this.problem;
    this.entries.push(entry);
  };

  /** Appends wait until `letGo`. */
  hold(): void {
    this.#held = [];
  }

  get waiting(): number {
    return this.#held?.length ?? 0;
  }

  letGo(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const resolve of held) resolve();
  }

  get spanCount(): number {
    return this.entries.reduce((sum, entry) => sum + entry.spanCount, 0);
  }

  /** A text column of the `spans` table over all entries, in order. */
  spanTexts(column: string): string[] {
    return this.tableTexts('spans', column);
  }

  tableTexts(table: string, column: string): string[] {
    const texts: string[] = [];
    for (const entry of this.entries) {
      for (const { table: name, bytes } of entry.blocks) {
        if (name !== table) continue;
        for (const block of readNativeBuffer(bytes)) {
          const values = block.column(column, TextColumn);
          for (let row = 0; row < block.rowCount; row++) texts.push(values.text(row));
        }
      }
    }
    return texts;
  }
}

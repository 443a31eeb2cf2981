import { useSyncExternalStore } from 'react';
import { DeskClient } from './desk-client.ts';
import { DeskError, type DeskFailure } from './desk-error.ts';
import type { FailedFile } from './read-files.ts';
import type { DeskSummary } from './trace-desk.ts';

/** The files that are open, if any; those of one choice, as long as the page lives. */
export type ImportState =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly names: readonly string[]; readonly byteCount: number }
  | { readonly kind: 'failed'; readonly failed: readonly FailedFile[] }
  | {
      readonly kind: 'open';
      /** Told apart from files opened before. */
      readonly number: number;
      readonly desk: DeskClient;
      /** With at least one file that could be read. */
      readonly summary: DeskSummary;
    };

let state: ImportState = { kind: 'none' };
let opened = 0;
const watchers = new Set<() => void>();

/** Reads files in a worker, in the place of those that were open. Resolves with the new state. */
export async function importFiles(files: readonly File[]): Promise<ImportState> {
  closeFiles();
  const number = ++opened;
  const desk = new DeskClient();
  const names = files.map(({ name }) => name);
  set({ kind: 'reading', names, byteCount: files.reduce((sum, { size }) => sum + size, 0) });
  const next = await desk.call('openFiles', files).then(
    (summary): ImportState =>
      summary.files.length === 0 ? { kind: 'failed', failed: summary.failed } : { kind: 'open', number, desk, summary },
    (error: unknown): ImportState => {
      const failure = failureOf(error);
      return { kind: 'failed', failed: names.map((name) => ({ name, failure })) };
    },
  );
  // Later files have taken their place meanwhile.
  if (number !== opened || next.kind === 'failed') desk.close();
  if (number === opened) set(next);
  return state;
}

/** Lets go of the files. */
export function closeFiles(): void {
  opened++;
  if (state.kind === 'open') state.desk.close();
  set({ kind: 'none' });
}

export function useImportedFiles(): ImportState {
  return useSyncExternalStore(watch, () => state);
}

function failureOf(error: unknown): DeskFailure {
  if (error instanceof DeskError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'TRACE_DESK_FAILED', message, place: '', status: 0 };
}

function set(next: ImportState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

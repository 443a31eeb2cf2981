import { useSyncExternalStore } from 'react';
import { text } from '../text/catalogue.ts';
import { DeskClient } from './desk-client.ts';
import { DeskError } from './desk-messages.ts';
import type { DeskSummary } from './trace-desk.ts';

/** The file that is open, if any; one at a time, as long as the page lives. */
export type ImportState =
  | { readonly kind: 'none' }
  | { readonly kind: 'reading'; readonly name: string; readonly byteCount: number }
  | { readonly kind: 'failed'; readonly name: string; readonly error: DeskError }
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly number: number;
      readonly desk: DeskClient;
      readonly summary: DeskSummary;
    };

let state: ImportState = { kind: 'none' };
let opened = 0;
const watchers = new Set<() => void>();

/** Reads a file in a worker, in the place of one that was open. Resolves with the new state. */
export async function importFile(file: File): Promise<ImportState> {
  closeFile();
  const number = ++opened;
  const desk = new DeskClient();
  set({ kind: 'reading', name: file.name, byteCount: file.size });
  const next = await desk.call('openFile', file).then(
    (summary): ImportState => ({ kind: 'open', name: file.name, number, desk, summary }),
    (error: DeskError): ImportState => ({ kind: 'failed', name: file.name, error }),
  );
  // A later file has taken its place meanwhile.
  if (number !== opened || next.kind === 'failed') desk.close();
  if (number === opened) set(next);
  return state;
}

/** Several files at once are refused, in the place of one that was open. */
export function refuseFiles(count: number): void {
  closeFile();
  const failure = { code: 'TRACE_FILE_SEVERAL', message: text.import.several(count), place: '', status: 0 };
  set({ kind: 'failed', name: '', error: new DeskError(failure) });
}

/** Lets go of the file. */
export function closeFile(): void {
  opened++;
  if (state.kind === 'open') state.desk.close();
  set({ kind: 'none' });
}

export function useImportedFile(): ImportState {
  return useSyncExternalStore(watch, () => state);
}

function set(next: ImportState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

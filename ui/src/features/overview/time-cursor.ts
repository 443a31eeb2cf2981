/** Where the pointer is in time: charts that share one show the same instant, without React. */
export class TimeCursor {
  readonly #watchers = new Set<(unixMs: number | undefined) => void>();

  /** @param unixMs undefined: nowhere */
  moveTo(unixMs: number | undefined): void {
    for (const watcher of this.#watchers) watcher(unixMs);
  }

  watch(watcher: (unixMs: number | undefined) => void): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }
}

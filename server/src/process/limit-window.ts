/** Limits on what is different (names, keys, spans of one trace) count within windows of this length, then start anew. */
export const LIMIT_WINDOW_MS = 3_600_000;

/** Number of the window `unixMs` lies in, as an int32. */
export function windowOf(unixMs: number): number {
  return Math.floor(unixMs / LIMIT_WINDOW_MS) | 0;
}

/** Inserts should be busy for no more than this part of the time … */
const BUSY_PART = 1 / 3;
/** … but no span waits longer for that than so many times the interval that was asked for. */
const MAX_STRETCH = 4;

/**
 * How long the oldest span waits for its insert. As long as asked for, unless inserts take so long that they follow
 * each other without a pause: then the machine is short of cores, and fewer and larger ones cost it less, with their
 * merges about half at 50,000 spans each of what they cost at 10,000 (docs/internals/write-path.md).
 *
 * @param flushIntervalMs asked for.
 * @param lastInsertMs how long the last group took, all its tables; 0 before the first.
 */
export function paceInserts(flushIntervalMs: number, lastInsertMs: number): number {
  return Math.min(Math.max(flushIntervalMs, lastInsertMs / BUSY_PART), flushIntervalMs * MAX_STRETCH);
}

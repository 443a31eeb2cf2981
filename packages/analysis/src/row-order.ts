/**
 * Rows ordered by start time, then span id, then input order.
 *
 * A stable radix sort over bytes: a million rows cost some 16 sequential passes, no comparison function and no
 * object; passes over bytes that are the same everywhere (the high bytes of start times) are skipped.
 */

/**
 * @param startWords 2 words a row, low first: unsigned 64-bit nanoseconds.
 * @param idWords 2 words a row: the 8 id bytes as little-endian int32; ordered as their hex form is.
 * @returns the input rows in order.
 */
export function rowsByStartThenId(
  count: number,
  startWords: Int32Array,
  idWords: Int32Array,
): Uint32Array<ArrayBuffer> {
  let order = new Uint32Array(count);
  for (let row = 0; row < count; row++) order[row] = row;
  let other = new Uint32Array(count);
  const counts = new Uint32Array(256);

  // Least significant byte first. An id's last byte in hex is the highest byte of its second word.
  const passes: (readonly [words: Int32Array, word: number, shift: number])[] = [];
  for (const word of [1, 0]) for (const shift of [24, 16, 8, 0]) passes.push([idWords, word, shift]);
  for (const word of [0, 1]) for (const shift of [0, 8, 16, 24]) passes.push([startWords, word, shift]);

  for (const [words, word, shift] of passes) {
    if (!countBytes(counts, count, words, word, shift)) continue;
    for (let i = 0; i < count; i++) {
      const row = order[i];
      other[counts[(words[row * 2 + word] >>> shift) & 0xff]++] = row;
    }
    [order, other] = [other, order];
  }
  return order;
}

/** Turns `counts` into the first position of each byte value; false when one value has all rows. */
function countBytes(counts: Uint32Array, count: number, words: Int32Array, word: number, shift: number): boolean {
  counts.fill(0);
  for (let row = 0; row < count; row++) counts[(words[row * 2 + word] >>> shift) & 0xff]++;
  let position = 0;
  for (let value = 0; value < 256; value++) {
    const size = counts[value];
    if (size === count) return false;
    counts[value] = position;
    position += size;
  }
  return true;
}

/** Spreads the bits of a hash's word: each bit of the input changes about half of the output (fmix32 of MurmurHash3). */
export function mixWord(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

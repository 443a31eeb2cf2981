/** Fewer bytes that still fail. */
const MOST_TRIES = 3_000;

/** @param fails whether an input still shows the failure */
export async function minimize(
  input: Uint8Array,
  fails: (candidate: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = input;
  let tries = 0;
  for (let size = Math.max(1, best.length >> 1); size >= 1 && tries < MOST_TRIES; ) {
    let isSmaller = false;
    for (let at = 0; at < best.length && tries < MOST_TRIES; ) {
      const candidate = new Uint8Array([...best.subarray(0, at), ...best.subarray(at + size)]);
      tries++;
      if (await fails(candidate)) {
        best = candidate;
        isSmaller = true;
      } else {
        at += size;
      }
    }
    if (size === 1 && !isSmaller) break;
    if (!isSmaller) size >>= 1;
  }
  return best;
}

/** The longest length up to `maxBytes` that ends between two characters of the UTF-8 text at `offset`. */
export function utf8Cut(bytes: Uint8Array, offset: number, maxBytes: number): number {
  let length = maxBytes;
  // A character has at most 4 bytes; what is no UTF-8 is cut where it is.
  for (let back = 0; back < 4 && length > 0; back++, length--) {
    if ((bytes[offset + length] & 0xc0) !== 0x80) return length;
  }
  return maxBytes;
}

const SPACE = 0x20;
const LINE_FEED = 0x0a;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const COMMA = 0x2c;

/**
 * Objects of one a line as one object with the members of all, so that a reader of single documents reads it. Every
 * byte stays where it was, so that an error's line and column are those of the file. A line that is no object is left
 * as it is, for the reader to complain about.
 */
export function joinJsonLines(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const joined = bytes.slice();
  /** Where the last object that has members closes, or -1. */
  let closing = -1;
  let isFirst = true;
  for (let from = 0; from < joined.length; ) {
    let end = joined.indexOf(LINE_FEED, from);
    if (end === -1) end = joined.length;
    const open = firstNonSpace(joined, from, end, 1);
    const close = firstNonSpace(joined, end - 1, from - 1, -1);
    if (open !== -1 && joined[open] === OPEN && joined[close] === CLOSE && close > open) {
      const isEmpty = firstNonSpace(joined, open + 1, close, 1) === -1;
      if (isEmpty) {
        joined[open] = SPACE;
        joined[close] = SPACE;
      } else {
        if (!isFirst) {
          joined[closing] = COMMA;
          joined[open] = SPACE;
        }
        isFirst = false;
        closing = close;
      }
    }
    from = end + 1;
  }
  return joined;
}

/** The first byte from `from` on in the given direction, before `end`, that is no white space, or -1. */
function firstNonSpace(bytes: Uint8Array, from: number, end: number, step: 1 | -1): number {
  for (let at = from; at !== end; at += step) if (bytes[at] > SPACE) return at;
  return -1;
}

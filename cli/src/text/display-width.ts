/** How many cells a text takes on a terminal, and texts cut and padded to cells. */

/** East Asian wide and fullwidth blocks, and the emoji planes (Unicode UAX #11, condensed). */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const EMOJI_PRESENTATION = /^\p{Emoji_Presentation}|\ufe0f/u;
const ZERO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;
const PLAIN = /^[\x20-\x7e]*$/;
/**
 * Letters of one code unit and one cell each, among them our own tree, bars and marks: no segmenter is needed, which
 * is a hundred times slower. Without soft hyphen, combining marks and what terminals draw as emoji.
 */
const NARROW =
  /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u0556\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25fc\u2716]*$/;
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Made when first needed: that takes 40 ms, which every command would pay. */
let segmenter: Intl.Segmenter | undefined;

function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/**
 * The text with control characters (escape sequences, line breaks, direction overrides) shown as "·": names come
 * from senders and must not steer the terminal.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(CONTROLS, '·');
}

/** Cells of a printable text. */
export function displayWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemesOf(text)) width += graphemeWidth(segment);
  return width;
}

/** The text in at most `width` cells, with "…" where it was cut. */
export function truncated(text: string, width: number): string {
  if (width <= 0) return '';
  if (NARROW.test(text)) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  if (displayWidth(text) <= width) return text;
  let cut = '';
  let used = 0;
  for (const { segment } of graphemesOf(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    cut += segment;
  }
  return `${cut}…`;
}

/** The text in exactly `width` cells. */
export function padded(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const cut = truncated(text, width);
  const space = ' '.repeat(Math.max(0, width - displayWidth(cut)));
  return side === 'right' ? cut + space : space + cut;
}

function graphemeWidth(grapheme: string): number {
  if (ZERO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI_PRESENTATION.test(grapheme) ? 2 : 1;
}

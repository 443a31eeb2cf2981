import { displayWidth, printable, truncated } from './display-width.ts';

/**
 * The line of a text that a range lies in, and below it carets under the range:
 *
 *     { span.foo == }
 *                   ^
 */
export function caretLines(text: string, range: { readonly from: number; readonly to: number }, columns = 100): string {
  const from = Math.max(0, Math.min(range.from, text.length));
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const nextBreak = text.indexOf('\n', from);
  const lineEnd = nextBreak === -1 ? text.length : nextBreak;
  const to = Math.max(from + 1, Math.min(range.to, lineEnd));
  let before = printable(text.slice(lineStart, from));
  // A position far to the right keeps its surroundings in view.
  const room = Math.max(20, columns - 20);
  if (before.length > room) before = `…${before.slice(before.length - room + 1)}`;
  const line = before + printable(text.slice(from, lineEnd));
  const carets = '^'.repeat(Math.max(1, displayWidth(printable(text.slice(from, to)))));
  const shown = Number.isFinite(columns) ? truncated(line, columns) : line;
  const width = Math.max(1, displayWidth(shown) - displayWidth(before));
  return `${shown}\n${' '.repeat(displayWidth(before))}${carets.slice(0, width)}`;
}

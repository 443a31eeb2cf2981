import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';

/** A difference of durations with its sign: "+120 ms", "−1.2 s". */
export function formatDifference(nanos: number): string {
  if (nanos === 0) return '0';
  return nanos > 0 ? `+${formatDuration(nanos)}` : formatDuration(nanos);
}

/** "+12", "−3". */
export function formatCountDifference(more: number): string {
  if (more === 0) return '0';
  return more > 0 ? `+${formatCount(more)}` : `\u2212${formatCount(-more)}`;
}

/** "+12 %", "×3.4" beyond twice as much, "" where there was nothing before. */
export function formatRelative(before: number, after: number): string {
  if (before <= 0 || before === after) return '';
  if (after >= before * 2) return `(×${digits(after / before)})`;
  const percent = (after / before - 1) * 100;
  const shown = Math.abs(percent) < 1 ? '<1' : digits(Math.abs(percent));
  return `(${percent < 0 ? '\u2212' : '+'}${shown} %)`;
}

function digits(value: number): string {
  return value < 10 ? String(Number(value.toFixed(1))) : formatCount(Math.round(value));
}

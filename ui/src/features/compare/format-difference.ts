import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatDecimal } from '../../text/format-number.ts';

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
  return value < 10 ? formatDecimal(value, 1) : formatCount(Math.round(value));
}

/** So many a second, in the unit that needs no zeros: "12/s", "7.2/min", "3/h". */
export function formatRate(perSecond: number): string {
  const words = text.overview;
  if (perSecond >= 1) return words.perSecond(digits(perSecond));
  return perSecond * 60 >= 1 ? words.perMinute(digits(perSecond * 60)) : words.perHour(digits(perSecond * 3600));
}

/** A share 0…1: "12 %", "0.5 %", "<0.1 %". */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  return `${percent >= 99.95 || percent === 0 ? Math.round(percent) : digits(percent)} %`;
}

/** A difference of shares in percentage points: "+2.5 pts". */
export function formatPoints(more: number): string {
  if (more === 0) return '0';
  const points = Math.abs(more) * 100;
  return text.compare.points(`${more < 0 ? '\u2212' : '+'}${points < 0.1 ? '<0.1' : digits(points)}`);
}

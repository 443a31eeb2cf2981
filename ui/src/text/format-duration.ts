import { formatDecimal } from './format-number.ts';

/** Units a duration is shown in, largest first, as nanoseconds. */
const UNITS: readonly (readonly [label: string, nanos: number])[] = [
  ['s', 1e9],
  ['ms', 1e6],
  ['µs', 1e3],
  ['ns', 1],
];

/**
 * A duration for people: three significant digits and the unit that fits, nanoseconds to days.
 * @param nanos nanoseconds, any sign
 */
export function formatDuration(nanos: number): string {
  if (nanos < 0) return `\u2212${formatDuration(-nanos)}`;
  if (nanos === 0) return '0 ns';
  if (nanos >= 59.95e9) return formatLong(nanos);
  for (const [label, unit] of UNITS) {
    // 999.6 µs would round to "1000 µs": the next unit says it better.
    if (nanos >= unit * 0.9995 || unit === 1) return `${threeDigits(nanos / unit)} ${label}`;
  }
  return '0 ns';
}

function formatLong(nanos: number): string {
  const seconds = Math.round(nanos / 1e9);
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return seconds % 60 > 0 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
}

function threeDigits(value: number): string {
  const digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return formatDecimal(value, digits);
}

/** Reads "250ms", "1.5 s", "2m": nanoseconds, or undefined when it is no duration. */
export function tryParseDuration(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(ns|us|µs|ms|s|m|min|h)\s*$/.exec(text);
  if (match === null) return undefined;
  const scale: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 6e10, min: 6e10, h: 3.6e12 };
  return Number(match[1]) * scale[match[2]];
}

/** Durations as people write them. */

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 3.6e6, d: 8.64e7 };

/**
 * "5s", "1.5h", "1h30m", "250ms", "7d", or a bare number, which is milliseconds.
 * @returns milliseconds, or undefined when the text is none of these.
 */
export function tryParseDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  if (!/^(?:\d{1,15}(?:\.\d{1,9})?\s*[a-z]+\s*)+$/i.test(trimmed) || trimmed.length > 64) return undefined;
  let ms = 0;
  for (const [, number, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)) {
    const unitMs = UNIT_MS[unit.toLowerCase()];
    if (unitMs === undefined) return undefined;
    ms += Number(number) * unitMs;
  }
  return Math.round(ms);
}

/** The shortest exact form with one unit: 90000 → "90s", 3600000 → "1h". */
export function formatDurationMs(ms: number): string {
  for (const [unit, size] of [
    ['d', 8.64e7],
    ['h', 3.6e6],
    ['m', 6e4],
    ['s', 1e3],
  ] as const) {
    if (ms >= size && ms % size === 0) return `${ms / size}${unit}`;
  }
  return `${ms}ms`;
}

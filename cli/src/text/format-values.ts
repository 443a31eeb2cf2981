/** Numbers as people read them. */

/** Nanoseconds in three digits: "1.24s", "34.5ms", "870µs", "12ns", "3m 20s", "2h 5m". */
export function formatDurationNano(nano: number): string {
  if (nano < 0) return `-${formatDurationNano(-nano)}`;
  if (nano < 999.5) return `${Math.round(nano)}ns`;
  if (nano < 999.5e3) return `${threeDigits(nano / 1e3)}µs`;
  if (nano < 999.5e6) return `${threeDigits(nano / 1e6)}ms`;
  if (nano < 59.95e9) return `${threeDigits(nano / 1e9)}s`;
  const seconds = Math.round(nano / 1e9);
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3600)}h ${Math.floor((seconds % 3600) / 60)}m`;
}

function threeDigits(value: number): string {
  const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return value.toFixed(digits).replace(/\.0+$/, '');
}

/** 12345 → "12,345". */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "1 span", "12,345 spans". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Local time to the millisecond: "2026-11-20 23:15:04.123". */
export function formatTimeNano(unixNano: bigint): string {
  const date = new Date(Number(unixNano / 1_000_000n));
  if (Number.isNaN(date.getTime())) return `${unixNano}ns`;
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  return `${day} ${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

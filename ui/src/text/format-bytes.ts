import { formatDecimal } from './format-number.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 12.3 MB: decimal units, three significant digits. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${formatDecimal(value, digits)} ${UNITS[unit]}`;
}

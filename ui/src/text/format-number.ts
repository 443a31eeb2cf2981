import { intlLocale } from './locale.ts';

const formats = new Map<string, Intl.NumberFormat>();

/** Few combinations are asked for, each of them often. */
function formatOf(key: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = formats.get(key);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat(intlLocale, { ...options, useGrouping: false });
  formats.set(key, format);
  return format;
}

/** 1.5: at most `digits` after the point, and none that are zero. */
export function formatDecimal(value: number, digits: number): string {
  return formatOf(`f${digits}`, { maximumFractionDigits: digits }).format(value);
}

/** 0.042: at most `digits` that count. */
export function formatSignificant(value: number, digits: number): string {
  return formatOf(`s${digits}`, { maximumSignificantDigits: digits }).format(value);
}

/** "0.042 %" of a share of one: at most two digits that count. */
export function formatPercent(share: number): string {
  return `${formatSignificant(100 * share, 2)} %`;
}

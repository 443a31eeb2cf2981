import { intlLocale } from './locale.ts';

const GROUPED = new Intl.NumberFormat(intlLocale);
const COMPACT = new Intl.NumberFormat(intlLocale, { notation: 'compact', maximumFractionDigits: 1 });

/** 12,345: exact, for figures people compare. */
export function formatCount(count: number): string {
  return GROUPED.format(count);
}

/** 12.3K: where room is short. */
export function formatCompact(count: number): string {
  return COMPACT.format(count);
}

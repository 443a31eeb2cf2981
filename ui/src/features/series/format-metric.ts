import { text } from '../../text/catalogue.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { intlLocale } from '../../text/locale.ts';
import type { MetricUnit } from '../search/query-kind.ts';

const NUMBER = new Intl.NumberFormat(intlLocale, { notation: 'compact', maximumSignificantDigits: 4 });

/** A value of a series with its unit: "12.3/s", "45.1 ms", "1.2K". */
export function formatMetric(value: number | null | undefined, unit: MetricUnit): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'seconds') return formatDuration(value * 1e9);
  const number = NUMBER.format(value);
  return unit === 'per-second' ? text.overview.perSecond(number) : number;
}

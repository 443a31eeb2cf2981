import { formatDuration } from '../../text/format-duration.ts';
import type { MetricUnit } from '../search/query-kind.ts';

const NUMBER = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 4 });

/** A value of a series with its unit: "12.3/s", "45.1 ms", "1.2K". */
export function formatMetric(value: number | null | undefined, unit: MetricUnit): string {
  if (value === null || value === undefined) return '–';
  if (unit === 'seconds') return formatDuration(value * 1e9);
  return unit === 'per-second' ? `${NUMBER.format(value)}/s` : NUMBER.format(value);
}

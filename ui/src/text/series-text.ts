import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

export const seriesText = {
  label: 'Series',
  title: 'Over time',
  buckets: (count: number, step: string): string => `${plural(count, 'bucket', 'buckets')} of ${step}`,
  chartLabel: (count: number): string =>
    `${plural(count, 'series', 'series')} over time. Arrow keys read the values; the table below has their figures.`,
  tableLabel: 'Figures of the series',
  columns: { series: 'Series', last: 'Last', min: 'Min', avg: 'Mean', max: 'Max' },
  noValue: 'no value',
  moreLines: (count: number): string => `${formatCount(count)} more`,
  hidden: (shown: number, hidden: number): string =>
    `The ${formatCount(shown)} series with the largest mean are shown, ${formatCount(hidden)} are not. Add | topk(10) to the query.`,
  example: (series: string, time: string): string => `A trace of ${series}, ${time}`,
  examples: (count: number): string => plural(count, 'example trace', 'example traces'),
  empty: 'No span in this time range matches. Search a longer time, or ask for less.',
  sampled: ({ sampled, weight }: { readonly sampled: number; readonly weight: number }): string =>
    `${plural(sampled, 'span stands', 'spans stand')} for several that were not sent: counted as ${formatCount(Math.round(weight))} in all.`,
} as const;

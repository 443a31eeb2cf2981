import { formatCompact, formatCount } from './format-count.ts';
import { plural } from './plural.ts';

const spanPlural = (count: number, one: string, other: string): string =>
  plural(count, one, other, count < 100_000 ? formatCount(Math.round(count)) : formatCompact(count));

export const overviewText = {
  label: 'Overview',
  views: 'Chart',
  view: { heat: 'Heatmap', scatter: 'Scatter', errors: 'Errors', table: 'Table' },
  viewHint: {
    heat: 'Spans by duration and time',
    scatter: 'The listed traces as points',
    errors: 'Errors over time, told apart',
    table: 'The numbers of the charts',
  },
  rate: 'Rate',
  errors: 'Errors',
  duration: 'Duration',
  quantile: ['p50', 'p95', 'p99'],
  perSecond: (value: string): string => `${value}/s`,
  perMinute: (value: string): string => `${value}/min`,
  perHour: (value: string): string => `${value}/h`,
  none: '–',
  spans: (count: number): string => spanPlural(count, 'span', 'spans'),
  errorCount: (count: number): string => spanPlural(count, 'error', 'errors'),
  share: (percent: string): string => `${percent} %`,
  spansAndErrors: (spans: number, errors: number): string =>
    errors === 0
      ? spanPlural(spans, 'span', 'spans')
      : `${spanPlural(spans, 'span', 'spans')}, ${spanPlural(errors, 'error', 'errors')}`,
  anyDuration: 'any duration',
  upTo: (duration: string): string => `up to ${duration}`,
  errorLane: 'Errors',
  strip: {
    rate: 'Spans over time',
    errors: 'Errors over time',
    duration: 'Duration over time',
    hint: 'Arrow keys read values, Shift and arrows mark a time, Enter zooms into it.',
  },
  filling: 'still filling',
  peak: (value: string): string => `peak ${value}`,
  deployments: 'New versions',
  deployment: (service: string, version: string, time: string): string => `${service} ${version} at ${time}`,
  moreDeployments: (count: number): string => `and ${formatCount(count)} more`,
  heat: {
    role: 'heatmap',
    label: (total: number): string => `Durations of ${spanPlural(total, 'span', 'spans')} over time`,
    keys: 'S or Enter begins a selection, arrow keys move it, Shift and arrow keys resize it, Enter lists its traces, Escape ends it. The table view has the same numbers.',
    save: 'Save the heatmap as PNG',
    hint: 'Drag selects, a click selects a cell',
    few: '1',
    legend: (most: string): string => `Spans in a cell: 1 to ${most}`,
  },
  selection: {
    label: 'Selection',
    zoom: 'Zoom in',
    zoomHint: 'Takes the times and durations over into the query',
    compare: 'Compare with the rest',
    compareHint: 'What these spans have that the others do not',
    clear: 'Clear the selection',
  },
  commands: {
    select: 'Select in the heatmap',
    zoom: 'Zoom into the selection',
    compare: 'Compare the selection with the rest',
    clear: 'Clear the selection',
  },
  table: {
    label: 'Numbers of the charts',
    time: 'Time',
    spans: 'Spans',
    band: (high: string): string => `≤ ${high}`,
  },
  errorPanel: {
    by: 'Errors by',
    group: { service: 'service', operation: 'operation', message: 'status message' },
    groups: 'Groups of errors',
    none: 'No span of this query and time has failed.',
    mostly: (group: string, count: number): string => `${group} ${formatCount(Math.round(count))}`,
    rest: (groups: number): string => `${formatCount(groups)} others`,
    unnamed: '(none)',
    narrow: 'Show the traces of these errors',
  },
  estimated: (sampled: number, weight: number): string =>
    `${spanPlural(sampled, 'span stands', 'spans stand')} for several that were not sent: counted as ${spanPlural(weight, 'span', 'spans')} in all.`,
  incomplete: (reason: string): string => `The charts are incomplete: ${reason}. Narrow the time range or the query.`,
  failed: (why: string): string => `The charts could not be loaded. ${why}`,
  retry: 'Try again',
} as const;

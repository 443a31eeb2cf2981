import { formatCompact, formatCount } from './format-count.ts';

const plural = (count: number, one: string, many: string): string =>
  count === 1 ? `1 ${one}` : `${formatCount(count)} ${many}`;

const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  s: ['second', 'seconds'],
  m: ['minute', 'minutes'],
  h: ['hour', 'hours'],
  d: ['day', 'days'],
  w: ['week', 'weeks'],
};

export const exploreText = {
  page: 'Explore',
  query: 'Query',
  queryPlaceholder: '{ status = error && duration > 200ms }',
  run: 'Run',
  runHint: 'Run the query (Enter)',
  problemAt: (column: number): string => `Column ${column}`,
  service: 'Service',
  anyService: 'All services',
  duration: 'Duration',
  minDuration: 'Min',
  maxDuration: 'Max',
  minDurationLabel: 'Shortest duration',
  maxDurationLabel: 'Longest duration',
  durationInvalid: 'Write a number and a unit: 250ms, 1.5s, 2m',
  errorsOnly: 'Errors only',
  shortcutsOff: 'The query says more than these controls can show',
  time: {
    label: 'Time range',
    presets: 'Relative',
    absolute: 'From, to',
    from: 'From',
    to: 'To',
    apply: 'Apply',
    invalid: 'The end must be after the start',
    last: {
      'now-5m': 'Last 5 minutes',
      'now-15m': 'Last 15 minutes',
      'now-1h': 'Last hour',
      'now-3h': 'Last 3 hours',
      'now-12h': 'Last 12 hours',
      'now-24h': 'Last 24 hours',
      'now-7d': 'Last 7 days',
      'now-30d': 'Last 30 days',
    } as Readonly<Record<string, string>>,
    lastUnits: (count: number, unit: string): string =>
      `Last ${plural(count, UNITS[unit]?.[0] ?? unit, UNITS[unit]?.[1] ?? unit)}`,
    zone: (zone: string): string => `Times in ${zone}`,
  },
  scatter: {
    label: (count: number): string =>
      `Duration of ${plural(count, 'trace', 'traces')} over time, on a log scale. The list below has the same traces. Drag to narrow the time range.`,
    title: 'Duration over time',
    hint: 'Click opens a trace, dragging narrows the time',
    legendOk: 'No error',
    legendError: 'With errors',
  },
  results: {
    label: 'Traces',
    sort: 'Order',
    columns: { trace: 'Trace', duration: 'Duration', spans: 'Spans', services: 'Services', start: 'Start' },
    noRoot: 'Root span not received',
    spans: (count: number): string => plural(count, 'span', 'spans'),
    errorCount: (count: number): string => plural(count, 'error', 'errors'),
    matched: (count: number): string => `${formatCompact(count)} matched`,
    matchedHint: (count: number): string => `${plural(count, 'span matches', 'spans match')} the query`,
    span: 'Span',
    moreSets: (count: number): string => plural(count, 'more set', 'more sets'),
    moreServices: (count: number): string => `+${count}`,
    more: 'Load more',
    loadingMore: 'Loading…',
    end: 'No more traces in this range.',
    scanned: (rows: number, bytes: string, ms: number): string =>
      `Scanned ${formatCompact(rows)} ${rows === 1 ? 'row' : 'rows'} (${bytes}) in ${formatCount(Math.round(ms))} ms`,
    scannedAtLeast: (rows: number, bytes: string, ms: number): string =>
      `Scanned at least ${formatCompact(rows)} ${rows === 1 ? 'row' : 'rows'} (${bytes}) in ${formatCount(Math.round(ms))} ms`,
    complete: 'complete',
    incomplete: (reason: string): string => `incomplete: ${reason}`,
    reasonUnknown: 'a limit cut the answer',
  },
  empty: {
    nothing: 'Clew has not received any span yet',
    nothingWhy: 'Send one, and it shows up here within two seconds.',
    setup: 'Show me how',
    filtered: 'No trace matches',
    filteredWhy: (range: string): string => `Nothing in “${range}” matches the query.`,
    noTime: 'No trace in this time range',
    noTimeWhy: (range: string): string => `Nothing started in “${range}”. There is data outside of it.`,
    lastSeen: (ago: string): string => `The newest span Clew knows of was seen ${ago}.`,
    wider: (range: string): string => `Search ${range.toLowerCase()}`,
    clear: 'Clear the query',
  },
  incompleteEmpty: 'The search was cut short before it found a match: narrow the time range or the query.',
} as const;

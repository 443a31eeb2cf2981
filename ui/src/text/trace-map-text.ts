import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

/** The map of one trace. */
export const traceMapText = {
  label: 'Services of this trace and their calls',
  table: 'Calls between services',
  hint: 'Lines are as thick as the share of the critical path spent behind a call. A service finds its spans, a call opens its longest span.',
  onlyOne: 'All spans of this trace are of one service: there are no calls between services.',
  drawing: 'Laying out the map',
  png: 'Save the map as PNG',
  node: (service: string, spans: number, errors: number, self: string): string =>
    `${service}, ${plural(spans, 'span', 'spans')}, ${plural(errors, 'error', 'errors')}, self time ${self}. Finds its spans`,
  nodeFigures: (spans: number, self: string): string => `${plural(spans, 'span', 'spans')} · ${self}`,
  errors: (count: number): string => plural(count, 'error', 'errors'),
  edge: (from: string, to: string, count: number, total: string): string =>
    `${from} to ${to}, ${plural(count, 'call', 'calls')}, ${total} in all. Opens the longest`,
  edgeFigures: (count: number, total: string): string => `${formatCount(count)}× ${total}`,
  columns: {
    from: 'Caller',
    to: 'Called',
    count: 'Calls',
    errors: 'Errors',
    total: 'Total',
    critical: 'Critical path',
  },
  hints: {
    count: 'Spans whose parent is of the other service',
    errors: 'Of these, with status error',
    total: 'Sum of their durations',
    critical: 'Share of the trace’s critical path spent in the called service on behalf of this call',
  },
  openLongest: 'Open the longest call',
} as const;

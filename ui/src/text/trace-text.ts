import { formatCount } from './format-count.ts';
import { formatDecimal } from './format-number.ts';
import { plural } from './plural.ts';

interface RowLabel {
  readonly service: string;
  readonly name: string;
  readonly duration: string;
  readonly start: string;
  readonly error: boolean;
  readonly missingParent: boolean;
  readonly clockSkew: boolean;
  readonly children: number;
}

function rowLabel(row: RowLabel): string {
  const parts = [row.service, row.name, row.duration, `starts at ${row.start}`];
  if (row.error) parts.push('error');
  if (row.missingParent) parts.push('parent missing');
  if (row.clockSkew) parts.push('clock skew');
  if (row.children > 0) parts.push(plural(row.children, 'child', 'children'));
  return parts.join(', ');
}

/** What a box is coloured by. */
export interface FlameBoxColour {
  readonly by: string;
  readonly value: string;
  /** Spans with other values are in the box too. */
  readonly isMixed: boolean;
}

interface FlameBox {
  readonly service: string;
  readonly name: string;
  readonly duration: string;
  readonly self: string;
  readonly share: number;
  readonly count: number;
  readonly error: boolean;
  readonly isRoot: boolean;
  readonly colour: FlameBoxColour | undefined;
}

function flameBox(box: FlameBox): string {
  const parts = [`${box.service}: ${box.name}`, box.duration, `self ${box.self}`];
  if (!box.isRoot) parts.push(`${box.share < 0.1 ? '<0.1' : formatDecimal(box.share, 1)} %`);
  if (box.count > 1) parts.push(plural(box.count, 'span', 'spans'));
  if (box.error) parts.push('error');
  const { colour } = box;
  if (colour !== undefined) parts.push(`${colour.by}: ${colour.isMixed ? 'mostly ' : ''}${colour.value}`);
  return parts.join(' · ');
}

export const traceText = {
  page: 'Trace',
  title: (service: string, name: string): string => (service === '' ? name : `${service}: ${name}`),
  noRoot: 'Root span not received',
  namelessSpan: '(no name)',
  waterfallLabel: 'Spans of the trace, as a tree over time',
  minimapLabel: (from: string, to: string): string =>
    `Overview of the whole trace; shown below: ${from} to ${to}. Zoom with w and s, pan with a and d.`,
  errorMark: 'Status: error',
  missingParentMark: 'The parent of this span has not arrived: not sampled, still on its way, or lost',
  clockSkewMark: 'Starts before its parent or ends before it starts: the clocks of the hosts differ',
  children: (count: number): string => plural(count, 'child', 'children'),
  rowLabel,
  spans: (count: number): string => plural(count, 'span', 'spans'),
  services: (count: number): string => plural(count, 'service', 'services'),
  errors: (count: number): string => plural(count, 'error', 'errors'),
  depth: (count: number): string => plural(count, 'level', 'levels'),
  copyTraceId: 'Copy trace id',
  copyLink: 'Copy link',
  nameColumn: 'Service and span',
  find: 'Find name, service or span id',
  findCount: (at: number, count: number): string =>
    count === 0 ? 'No match' : `${formatCount(at)} of ${formatCount(count)}`,
  findNext: 'Next match (n)',
  findPrevious: 'Previous match (N)',
  nextError: 'Next error (e)',
  foldAll: 'Fold all ({)',
  unfoldAll: 'Unfold all (})',
  zoomIn: 'Zoom in (w)',
  zoomOut: 'Zoom out (s)',
  zoomReset: 'Show all',
  criticalPath: 'Critical path',
  criticalPathHint: 'Mark the time the trace had to wait for',
  legend: 'Services of the trace',
  legendFind: (service: string): string => `Find spans of ${service}`,
  warnings: {
    missingParent: (count: number): string =>
      `${plural(count, 'span has', 'spans have')} a parent that is not here. It was not sampled, is still on its way, or was lost; such spans stand below a line for it.`,
    clockSkew: (count: number): string =>
      `${plural(count, 'span cannot', 'spans cannot')} have been when the clocks say: clocks of the hosts differ. Times are shown as received; “Rows” can adjust them.`,
    short: (count: number): string => plural(count, 'note', 'notes'),
  },
  absent: {
    title: 'This trace is not here yet',
    why: 'Clew holds no span of trace',
    reasons: [
      'The spans may still be on their way: exporters send in batches, every few seconds.',
      'The trace may not have been sampled by the application.',
      'It may be older than the retention time.',
    ],
    looking: (seconds: number): string =>
      `Looking again every two seconds, for ${plural(seconds, 'second', 'seconds')} more.`,
    gaveUp: 'Not found after a minute of looking.',
    again: 'Look again',
    badId: (id: string): string => `“${id}” is no trace id: it takes 1 to 32 hexadecimal digits.`,
  },
  dock: {
    label: 'Span details',
    close: 'Close details (Esc)',
    tabs: { attributes: 'Attributes', events: 'Events', links: 'Links', raw: 'Raw' },
    duration: 'Duration',
    self: 'Self time',
    selfHint: 'Time in which no child was running',
    start: 'Start',
    startOffset: (offset: string): string => `${offset} after the trace’s start`,
    kind: 'Kind',
    share: (percent: number): string => `${percent < 1 && percent > 0 ? '<1' : Math.round(percent)} %`,
    copySpanId: 'Copy span id',
    filter: 'Filter attributes',
    groups: { span: 'Span', resource: 'Resource', scope: 'Instrumentation scope' },
    noAttributes: 'No attributes',
    noneMatch: 'No attribute matches',
    noEvents: 'This span has no events.',
    copyValue: (key: string): string => `Copy the value of ${key}`,
    dropped: (count: number): string => `${plural(count, 'more was', 'more were')} dropped by the sender`,
    atOffset: (offset: string): string => `+${offset}`,
    seconds: 'after the span’s start',
  },
  views: {
    label: 'View',
    names: {
      waterfall: 'Waterfall',
      flame: 'Flame graph',
      heavy: 'Merged',
      table: 'Table',
      map: 'Map',
      events: 'Events',
    },
    hints: {
      waterfall: 'Spans as a tree over time',
      flame: 'Flame graph in the order of time',
      heavy: 'Same paths merged, heaviest first: where the time went',
      table: 'Spans by operation, service, kind or status, with percentiles',
      map: 'Services of this trace and their calls',
      events: 'Events of all spans by time',
    },
  },
  flame: {
    role: 'flame graph',
    label: {
      flame: 'Flame graph in the order of time. Arrow keys go from span to span, Enter opens one.',
      heavy:
        'Flame graph of merged paths, heaviest first. Arrow keys go from path to path, Enter opens its longest span.',
    },
    hint: {
      flame: (total: string): string =>
        `Time order, ${total} in all. Drag to pan, Ctrl and wheel to zoom, double-click to fit.`,
      heavy: (total: string): string =>
        `Spans of the same service and name below the same path are one box; its width is the self time in it, ${total} in all.`,
    },
    box: flameBox,
  },
  table: {
    label: 'Spans by group',
    groupBy: 'Group by',
    groupings: { name: 'Operation', service: 'Service', kind: 'Kind', status: 'Status' },
    groups: (count: number): string => plural(count, 'group', 'groups'),
    columns: { count: 'Spans', errors: 'Errors', total: 'Total', self: 'Self', p50: 'p50', p95: 'p95', max: 'Longest' },
    hints: {
      count: 'Number of spans',
      errors: 'Spans with status error',
      total: 'Sum of durations',
      self: 'Sum of self times, and its share of the whole trace’s',
      p50: 'Half of the spans took no longer',
      p95: '95 % of the spans took no longer',
      max: 'The longest span; opens it',
    },
    find: (name: string): string => `Find ${name} in the waterfall`,
    open: 'Open the longest span',
    more: (count: number): string => `Show ${formatCount(count)} more`,
  },
  kinds: ['Unspecified', 'Internal', 'Server', 'Client', 'Producer', 'Consumer'],
  statuses: ['Unset', 'Ok', 'Error'],
} as const;

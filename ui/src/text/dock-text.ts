import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

const percent = (share: number): string => {
  const hundredths = share * 100;
  if (hundredths > 0 && hundredths < 1) return '<1 %';
  if (hundredths > 99 && hundredths < 100) return '>99 %';
  return `${Math.round(hundredths)} %`;
};

/** Details of a span beside the waterfall, beyond what trace-text.ts has of them. */
export const dockText = {
  percent,
  hidden: (name: string): string => `Details of ${name}`,
  show: 'Show details (i)',
  hide: 'Hide details (i)',
  toRight: 'Details to the right',
  toBottom: 'Details at the bottom',
  toggle: 'Show or hide the span’s details',
  path: 'Ancestors',
  pathMore: (count: number): string => `Show ${plural(count, 'ancestor', 'ancestors')} more`,
  parentMissing: 'parent not received',
  tabs: { stack: 'Stack trace' },
  why: {
    label: 'Where the time went',
    self: (share: string): string => `${share} of its time is its own`,
    path: (share: string): string => `${share} of the trace’s critical path`,
    offPath: 'nothing waited for it: not on the critical path',
    slower: (share: string, count: number): string => `slower than ${share} of ${formatCount(count)} like it in 24 h`,
    hint: (service: string, name: string): string =>
      `Among spans of ${service} named ${name} in the 24 hours before the end of this trace`,
  },
  attribute: {
    include: (key: string): string => `Search spans with this ${key}`,
    exclude: (key: string): string => `Search spans with another ${key}`,
    addColumn: (key: string): string => `Show ${key} as a column of the waterfall`,
    removeColumn: (key: string): string => `Remove the column of ${key}`,
    columnsFull: (most: number): string => `${most} columns are shown (limit ${most}). Remove one first.`,
  },
  stack: {
    none: 'No exception was recorded on this span.',
    copy: 'Copy the stack trace',
    noStack: 'The exception came without a stack trace.',
    escaped: 'left the span uncaught',
  },
  links: {
    outgoing: 'This span links to',
    incoming: 'Linked from',
    looking: 'Looking for spans that link to this one…',
    noOutgoing: 'No other span.',
    noIncoming: 'No span that is stored from an hour before this trace until a day after.',
    noIncomingInFile: 'No span of this file.',
    failed: 'Looking for them failed',
    open: 'Open the span',
    sameTrace: 'in this trace',
    most: (count: number): string => `The first ${count} are shown.`,
  },
  raw: { hint: 'OTLP JSON of this span, as any OTLP receiver takes it', copy: 'Copy the JSON' },
} as const;

import { formatCompact, formatCount } from './format-count.ts';
import { plural } from './plural.ts';

const titles = (one: string, many: string) => ({
  all: (shown: number): string => plural(shown, one, many),
  of: (shown: number, total: number): string => `${formatCount(shown)} of ${plural(total, one, many)}`,
  ofAbout: (shown: number, total: number): string => `${formatCount(shown)} of about ${formatCompact(total)} ${many}`,
  atLeast: (shown: number): string => `${formatCount(shown)} of at least ${plural(shown + 1, one, many)}`,
});

/** The results of Explore: rows, their order and number, what is done with them. */
export const foundText = {
  title: { traces: titles('trace', 'traces'), spans: titles('span', 'spans') },
  head: {
    rows: 'What a row is',
    traces: 'Traces',
    spans: 'Spans',
    orders: {
      newest: 'Newest first',
      longest: 'Slowest first',
      errors: 'Most errors first',
      spans: 'Most spans first',
    } as Readonly<Record<string, string>>,
  },
  order: {
    ofLoaded: (shown: number, order: string): string =>
      `“${order}” among the ${formatCount(shown)} loaded traces only: a query that relates, groups or counts spans finds the newest first.`,
    spansByTrace:
      'Trace by trace, newest first: a query that relates, groups or counts spans has no order of its spans.',
    omitted: (spans: number): string =>
      `${plural(spans, 'matching span', 'matching spans')} of these traces are not listed: 50 of each trace are.`,
  },
  columns: {
    label: 'Columns',
    caption: (count: number): string => (count === 0 ? 'Columns' : `Columns (${count})`),
    add: 'Attribute to show',
    addShort: 'Add',
    placeholder: 'span.http.route',
    wrong: 'Write one attribute, such as span.http.route or resource.host.name.',
    full: (most: number): string => `${most} columns at most.`,
    remove: (name: string): string => `Remove the column ${name}`,
  },
  spans: {
    label: 'Spans',
    table: 'Matching spans',
    time: 'Start',
    service: 'Service',
    name: 'Name',
    duration: 'Duration',
    status: 'Status',
    noName: '(no name)',
    end: 'No more spans in this range.',
  },
  preview: {
    label: 'Preview of the trace',
    toggle: 'Show the trace beside the list',
    close: 'Close the preview',
    open: 'Open the trace',
    services: 'When which service was at work',
    service: (name: string, spans: number, errors: number): string =>
      `${name}: ${plural(spans, 'span', 'spans')}, ${plural(errors, 'error', 'errors')}`,
    moreServices: (count: number): string => plural(count, 'more service', 'more services'),
    errors: (count: number): string => (count === 0 ? 'No errors' : plural(count, 'error', 'errors')),
    loading: 'Loading the trace…',
    failed: (why: string): string => `The trace could not be read: ${why}`,
  },
  compare: {
    pick: 'Choose to compare',
    pickOf: (name: string): string => `Compare ${name}`,
    pickFocused: 'Choose the result to compare',
    oneMore: 'Choose one more trace to compare.',
    go: 'Compare',
    none: 'Choose none',
  },
  sampling: {
    some: (sampled: number, spans: number, weight: number): string =>
      `Sampled: ${formatCount(sampled)} of ${plural(spans, 'matching span', 'matching spans')} in the list stand for others; all stand for about ${formatCompact(weight)}.`,
  },
} as const;

import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

/** The view of all events of a trace. */
export const eventsText = {
  label: 'Events of all spans by time. Arrow keys move, Enter shows the span.',
  filter: 'Filter events by name, attribute or value',
  count: (count: number): string => plural(count, 'event', 'events'),
  matched: (matched: number, total: number): string => `${formatCount(matched)} of ${plural(total, 'event', 'events')}`,
  listed: (listed: number): string => `The first ${formatCount(listed)} are listed (limit). Filter to see later ones.`,
  none: 'The spans of this trace have no events.',
  noneHint: 'Events are what instrumentation records at a moment of a span: exceptions, messages, retries.',
  noMatch: 'No event matches.',
  loading: 'Loading the events of the trace',
  nameless: '(no name)',
  spanUnknown: 'a span that came later than this page',
  columns: { time: 'Time', service: 'Service', span: 'Span', event: 'Event', attributes: 'Attributes' },
  option: (time: string, service: string, span: string, event: string, text: string): string =>
    `${time}, ${service}, ${span}: ${event}${text === '' ? '' : `, ${text}`}`,
} as const;

import { formatCount } from './format-count.ts';

const spans = (count: number): string => (count === 1 ? '1 span' : `${formatCount(count)} spans`);

export const waterfallText = {
  run: {
    short: (total: string): string => `Σ ${total}`,
    figures: (total: string, p50: string, max: string, errors: number): string =>
      [`Σ ${total}`, `p50 ${p50}`, `max ${max}`, ...(errors > 0 ? [`${formatCount(errors)} failed`] : [])].join(' · '),
    rowLabel: (count: number, service: string, name: string, figures: string): string =>
      `${formatCount(count)} times ${service}, ${name}, ${figures}`,
  },
  missing: {
    name: (id: string): string => `Span ${id}… has not arrived`,
    label: (count: number): string => `${spans(count)} below it did`,
    rowLabel: (count: number): string => `Missing span; ${spans(count)} below it arrived`,
    why: 'Spans name this one as their parent, and it is not stored. It was not sampled, is still on its way, or was dropped by the application, an agent or a collector. Of a trace younger than two minutes this page looks again by itself.',
  },
  barHint: (duration: string, self: string): string => `${duration}, of which ${self} without any child running`,
  skewReasons: [
    '',
    'Starts before its parent: the clocks of the hosts differ',
    'Ends long after the call it answers: the clocks of the hosts differ',
    'Ends before it starts',
  ],
  options: {
    button: 'Rows',
    label: 'How rows are shown',
    colour: 'Colour by',
    colours: { service: 'Service', kind: 'Kind', status: 'Status', attribute: 'An attribute' },
    attribute: 'Attribute',
    attributeHint: 'span.http.route, resource.host.name …',
    columns: 'Columns',
    addColumn: 'Add column',
    add: 'Add',
    removeColumn: (name: string): string => `Remove column ${name}`,
    columnsFull: (most: number): string => `${most} columns are the most; remove one to add another.`,
    notAttribute: (name: string): string => `“${name}” is no attribute: write span.KEY, resource.KEY or .KEY.`,
    onlyStored: 'Attributes of an imported trace are in the details of each span.',
    grouped: 'Group repeated siblings (r)',
    groupedHint: (runs: number): string =>
      runs === 0 ? 'No five siblings in a row are alike' : `${formatCount(runs)} runs of five and more`,
    self: 'Self time within bars',
    adjust: 'Adjust clock skew',
    adjustHint: (spansShifted: number, largest: string): string =>
      `${spans(spansShifted)} cannot have run when the clocks say. Bars shift by up to ${largest}; received times are kept.`,
    noSkew: 'No clock needs it',
  },
  shifted: (by: string, isLater: boolean): string =>
    `Clock skew is adjusted: shown ${by} ${isLater ? 'later' : 'earlier'} than received`,
  noValue: 'No value',
  values: {
    loading: (name: string): string => `Loading ${name}…`,
    failed: (name: string, why: string): string => `${name}: ${why}`,
  },
  find: {
    label: 'Find name, service, span id or { TraceQL }',
    searching: 'Searching…',
    only: 'Only matches, with what they lie under (m)',
    failed: 'Not a query',
  },
  banner: {
    omitted: (omitted: number, shown: number): string =>
      `Not the whole trace: ${formatCount(omitted)} more spans are stored than the ${formatCount(shown)} shown here. The server shows the ones that started first, up to its limit.`,
    adjusted: (largest: string): string =>
      `Clock skew is adjusted: bars are shifted by up to ${largest}. Details show the times as received.`,
    showReceived: 'Show as received',
  },
  /** Of the legend while rows are coloured by something else than the service. */
  legendOf: (by: string): string => `Colours by ${by}`,
  moreCategories: (count: number): string => `and ${formatCount(count)} more`,
} as const;

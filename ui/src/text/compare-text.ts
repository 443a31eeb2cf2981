import { formatCount } from './format-count.ts';
import { plural } from './plural.ts';

const CHANGES = {
  none: 'no difference',
  slower: 'slower in B',
  faster: 'faster in B',
  'only-a': 'only in A',
  'only-b': 'only in B',
  count: 'other number of spans or errors',
} as const;

interface NodeLabel {
  readonly service: string;
  readonly name: string;
  readonly change: keyof typeof CHANGES;
  readonly countA: number;
  readonly countB: number;
  readonly totalA: string;
  readonly totalB: string;
  readonly difference: string;
}

function nodeLabel(node: NodeLabel): string {
  const side = (letter: string, count: number, total: string): string =>
    `${letter}: ${count === 0 ? 'none' : `${plural(count, 'span', 'spans')}, ${total}`}`;
  const parts = [`${node.service}, ${node.name}`, CHANGES[node.change], side('A', node.countA, node.totalA)];
  parts.push(side('B', node.countB, node.totalB));
  if (node.countA > 0 && node.countB > 0) parts.push(`difference ${node.difference}`);
  return parts.join('; ');
}

interface PathLabel {
  readonly service: string;
  readonly name: string;
  readonly change: keyof typeof CHANGES;
  readonly meanA: string;
  readonly meanB: string;
  readonly oftenA: string;
  readonly oftenB: string;
  readonly difference: string;
}

function pathLabel(path: PathLabel): string {
  const parts = [`${path.service}, ${path.name}`, CHANGES[path.change]];
  parts.push(`A: ${path.meanA} on average, in ${path.oftenA} of the traces`);
  parts.push(`B: ${path.meanB} on average, in ${path.oftenB} of the traces`);
  if (path.difference !== '') parts.push(`difference ${path.difference}`);
  return parts.join('; ');
}

export const compareText = {
  page: 'Compare',
  linkHint: 'Compare with another trace',
  title: (a: string, b: string): string => `${a} and ${b} · Compare`,
  sideA: 'A',
  sideB: 'B',
  /** Percentage points. */
  points: (value: string): string => `${value} pts`,
  sideName: (letter: string): string => `Side ${letter}`,
  swap: 'Exchange A and B',
  openTrace: 'Open this trace',
  change: 'Choose another',
  remove: 'Take away',
  noRoot: 'Root span not received',
  namelessSpan: '(no name)',
  absent: (traceId: string): string =>
    `Clew holds no span of trace ${traceId}. It may still be on its way, may not have been sampled, or is older than the retention time.`,
  comparing: 'Comparing…',
  same: 'A and B are the same trace: there is nothing to compare.',
  totals: {
    label: 'Totals of both traces',
    figure: 'Figure',
    duration: 'Duration',
    spans: 'Spans',
    errors: 'Errors',
    services: 'Services',
    depth: 'Levels',
    difference: 'B against A',
    equal: 'equal',
    onlyIn: (letter: string, services: readonly string[]): string => `Only in ${letter}: ${services.join(', ')}`,
  },
  tree: {
    label: 'Spans of both traces as one tree',
    name: 'Service and span',
    a: { title: 'A', hint: 'Total in A: durations of the spans of this row, added' },
    b: { title: 'B', hint: 'Total in B: durations of the spans of this row, added' },
    difference: { title: 'Difference', hint: 'Total of B less total of A' },
    selfA: { title: 'Self A', hint: 'Time in A in which no child was running' },
    selfB: { title: 'Self B', hint: 'Time in B in which no child was running' },
    selfDifference: { title: 'Self diff.', hint: 'Self time of B less self time of A' },
    node: nodeLabel,
    onlyChanged: 'Only differences',
    order: 'Order',
    byTime: 'As in A',
    byDifference: 'Largest difference first',
    foldAll: 'Fold all ({)',
    unfoldAll: 'Unfold all (})',
    nextChange: 'Next difference (n)',
    previousChange: 'Previous difference (N)',
    places: (count: number, changed: number): string =>
      `${plural(count, 'place', 'places')}, ${changed === 0 ? 'none differs' : `${formatCount(changed)} ${changed === 1 ? 'differs' : 'differ'}`}`,
    noChange: 'Nothing differs by more than chance: the same spans in the same places, as long as each other.',
    legend: 'What the signs mean',
    signs: [
      ['slower', '', 'slower in B'],
      ['faster', '', 'faster in B'],
      ['only-a', 'A', 'only in A'],
      ['only-b', 'B', 'only in B'],
      ['count', '≠', 'other number of spans or errors'],
      ['none', '=', 'alike'],
    ],
    threshold:
      'Times differ when they do by more than 10 % and by more than 0.5 % of the longer trace. Repeated siblings are one row with their number.',
  },
  keys: {
    nextChange: 'Next difference',
    previousChange: 'Previous difference',
    onlyChanged: 'Show only differences, or all',
    foldAll: 'Fold all',
    unfoldAll: 'Unfold all',
    open: 'Show both spans',
    close: 'Close both spans',
  },
  pair: {
    label: 'Both spans side by side',
    close: 'Close (Esc)',
    none: (letter: string): string => `No span in ${letter}`,
    ofSpans: (at: number, count: number): string => `${formatCount(at)} of ${formatCount(count)}`,
    next: 'Next spans of this row',
    previous: 'Previous spans of this row',
    open: (letter: string): string => `Open in trace ${letter}`,
    onlyChanged: 'Only differences',
    facts: 'Times',
    fact: 'Fact',
    attribute: 'Attribute',
    duration: 'Duration',
    self: 'Self time',
    start: 'Start in the trace',
    kind: 'Kind',
    status: 'Status',
    message: 'Status message',
    events: 'Events',
    groups: { span: 'Span', resource: 'Resource', scope: 'Instrumentation scope' },
    marks: { equal: 'equal', differs: 'differs', onlyA: 'only in A', onlyB: 'only in B' },
    allEqual: (count: number): string => `All ${formatCount(count)} attributes are equal.`,
    noAttributes: 'Neither span has attributes.',
    hidden: (count: number): string => `${plural(count, 'equal one', 'equal ones')} not shown`,
  },
  populations: {
    title: 'Two sets of traces',
    presets: 'What to compare',
    preset: {
      moment: 'Before and after',
      versions: 'Two versions',
      errors: 'Good and bad',
      queries: 'Two queries',
    },
    presetLead: {
      moment:
        'The same spans before and after a moment: a deployment, a change of configuration, the start of an incident.',
      versions: 'Two values of service.version in the same time.',
      errors: 'Spans without an error against those with one.',
      queries: 'Any two TraceQL queries, each with its own time range.',
    },
    service: 'Service',
    allServices: 'All services',
    chooseService: 'Choose a service',
    moment: 'Moment',
    length: 'Length of each side',
    minutes: (minutes: number): string => (minutes < 60 ? `${minutes} minutes` : plural(minutes / 60, 'hour', 'hours')),
    version: (letter: string): string => `Version ${letter}`,
    fewVersions: (names: readonly string[]): string =>
      names.length === 0
        ? 'No span of this service has service.version in this time.'
        : `Only version ${names[0]} was seen in this time. Choose a longer one.`,
    queryOf: (letter: string): string => `Query of ${letter}`,
    notTraces: 'A query for traces is needed here, without a metrics function.',
    edit: 'Change queries',
    again: 'Compare again',
    openSide: 'Open in Explore',
    allTraces: (count: number): string => `all ${plural(count, 'trace', 'traces')}`,
    sampledTraces: (count: number): string => `${plural(count, 'trace', 'traces')} sampled`,
    views: 'View',
    structure: 'Structure',
    incomplete: (reason: string): string => `Not everything is in these figures: ${reason}.`,
    figures: {
      label: 'Figures of the matching spans',
      spans: 'Spans',
      rate: 'Rate',
      errors: 'Errors',
      mean: 'Mean',
      p50: 'p50',
      p95: 'p95',
      p99: 'p99',
    },
    treeLabel: 'Call paths of the sampled traces of both sides, as one tree',
    columns: {
      meanA: { title: 'Mean A', hint: 'Mean duration of a span of this path in A' },
      meanB: { title: 'Mean B', hint: 'Mean duration of a span of this path in B' },
      difference: { title: 'Difference', hint: 'Mean of B less mean of A' },
      oftenA: { title: 'In A', hint: 'Share of the sampled traces of A that have this path' },
      oftenB: { title: 'In B', hint: 'Share of the sampled traces of B that have this path' },
      p95: { title: 'p95 diff.', hint: '95th percentile of B less that of A' },
    },
    path: {
      traces: 'Traces with it',
      perTrace: 'Time per trace with it',
      longest: 'Longest span',
      compareLongest: 'Compare these two traces',
    },
    pathLabel,
    errorShare: (percent: string): string => `${percent} errors`,
    omitted: (count: number): string => `${plural(count, 'rarer one', 'rarer ones')} left out`,
    byTime: 'As they begin',
    threshold:
      'Durations differ when their means do by more than 10 % and by more than three standard errors; how often a path or an error occurs and how many spans of a path a trace has, by more than three standard deviations. A path is only on one side where chance would leave it out of the other in less than 1 of 100 samples.',
    noTraces: 'Neither query finds a trace. Change the queries or their time ranges.',
    noChange: 'No path differs by more than chance.',
    attributes: {
      tab: 'Attributes',
      label: 'Attributes that tell the sides apart',
      all: (letter: string, count: number): string => `all ${plural(count, 'span', 'spans')} of ${letter}`,
      sampled: (letter: string, count: number): string => `a sample of ${plural(count, 'span', 'spans')} of ${letter}`,
      sample: (a: string, b: string): string =>
        `From ${a} and ${b}; most telling first. Bars are shares of a side’s spans.`,
      none: 'No attribute differs by more than chance.',
      noSpans: 'One side has no spans: there is nothing to tell apart.',
      uncounted: 'The attributes could not be counted in time. Compare again, or choose a shorter time or fewer spans.',
      more: (count: number): string => `Show ${formatCount(count)} more`,
      moreValues: (count: number): string => `${plural(count, 'more value', 'more values')}`,
      otherValues: (count: number): string => `and ${plural(count, 'other value', 'other values')}`,
      value: 'Value',
      actions: 'In Explore',
      absent: 'without it',
      empty: '(empty)',
      named: 'in the query',
      score: (score: number): string => `${Math.round(score * 100)} % apart`,
      scoreHint:
        'Jensen-Shannon divergence of the values, less what chance makes: 0 % is alike, 100 % has no value in common',
      include: (name: string, value: string, letter: string): string => `Spans of ${letter} where ${name} is ${value}`,
      exclude: (name: string, value: string, letter: string): string =>
        `Spans of ${letter} where ${name} is not ${value}`,
      leftOut: 'Left out, since they tell nothing:',
      reasons: { unique: 'nearly each span has its own', identifier: 'ids', time: 'times' },
      alike: (count: number): string => `${plural(count, 'attribute', 'attributes')} alike on both sides`,
    },
  },
  choose: {
    lead: 'Compare two traces span by span, or two sets of traces by their figures, structure and attributes.',
    traces: 'Two traces',
    tracesLead: 'Aligned by structure: what is slower, what is missing, what is new.',
    traceId: (letter: string): string => `Trace ${letter}`,
    traceIdHint: 'Trace id, 32 hexadecimal digits',
    badId: 'A trace id has 1 to 32 hexadecimal digits.',
    compare: 'Compare',
    recent: 'Recent traces',
    recentLead: 'Choose two of the traces of the last hour:',
    noRecent: 'No trace has arrived in the last hour. Paste trace ids, or look in Explore for older ones.',
    as: (letter: string, trace: string): string => `Take ${trace} as ${letter}`,
    other: 'Choose the trace to compare with',
    otherLead: (service: string, name: string): string => `Traces that began with ${service}: ${name}`,
    median: 'Median',
    fastest: 'Fastest',
    slowest: 'Slowest',
    newest: 'Newest',
    older: 'Of the hour before',
    ofSimilar: (count: number): string => `of ${plural(count, 'similar trace', 'similar traces')} around that time`,
    noSimilar: 'No other trace began with the same span around that time.',
    looking: 'Looking for similar traces…',
  },
} as const;

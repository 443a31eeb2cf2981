import { type Bar, barChart } from '../report/bar-chart.ts';
import { mebibytes, milliseconds, perMillion, ratio } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { GrowthResult, GrowthStep } from './growth-bench.ts';

interface Curve {
  readonly name: string;
  readonly value: (step: GrowthStep) => number;
  readonly format: (value: number) => string;
}

const oneDecimal = (value: number): string => value.toFixed(1);

const COST: Curve = {
  name: 'CPU s per million',
  value: ({ cpu, load }) => (cpu.seconds / load.acknowledgedSpans) * 1e6,
  format: oneDecimal,
};
const TRACE: Curve = { name: 'trace by id p50 ms', value: ({ traces }) => traces.ms.p50, format: milliseconds };

function curvesOf({ searches }: GrowthStep): readonly Curve[] {
  return [
    COST,
    {
      name: 'engine CPU',
      value: ({ cpu, load }) => (cpu.childSeconds / load.acknowledgedSpans) * 1e6,
      format: oneDecimal,
    },
    { name: 'acknowledged p50 ms', value: ({ load }) => load.acknowledgeMs.p50, format: milliseconds },
    { name: 'p99 ms', value: ({ load }) => load.acknowledgeMs.p99, format: milliseconds },
    ...searches.map(
      ({ name }, i): Curve => ({
        name: `${name} p50 ms`,
        value: (step) => step.searches[i].ms.p50,
        format: milliseconds,
      }),
    ),
    TRACE,
    { name: 'bytes a span', value: ({ disk, storedSpans }) => disk.bytes / storedSpans, format: oneDecimal },
    { name: 'parts', value: ({ disk }) => disk.spanParts, format: String },
    { name: 'memory MiB', value: ({ rssBytes }) => rssBytes, format: mebibytes },
  ];
}

/** A table with a column a step and the ratio of the last to the first, and the two curves that matter as charts. */
export function formatGrowthReport({ machine, options, warmUpSpans, steps }: GrowthResult): string {
  const [first] = steps;
  const last = steps[steps.length - 1];
  const rows = curvesOf(first).map(({ name, value, format }) => [
    name,
    ...steps.map((step) => format(value(step))),
    ratio(value(last), value(first)),
  ]);
  const chart = ({ name, value, format }: Curve): string[] =>
    barChart(
      name,
      steps.map((step): Bar => ({ label: millions(step.storedSpans), value: value(step) })),
      format,
    );
  return [
    formatMachine(machine),
    `load      ${options.batch} spans a request on ${options.connections} connections, seed ${options.seed}; ` +
      `${steps.length} steps of ${first.load.acknowledgedSpans} spans after ${warmUpSpans} of warm-up`,
    'verified  after each step: everything acknowledged is stored, once; every trace asked for by id was whole',
    '',
    ...textTable([['spans stored', ...steps.map(({ storedSpans }) => millions(storedSpans)), 'last / first'], ...rows]),
    '',
    ...chart(COST),
    '',
    ...chart(TRACE),
    '',
    `cost of a span with ${millions(last.storedSpans)} stored: ${ratio(COST.value(last), COST.value(first))} of that with ` +
      `${millions(first.storedSpans)} (${perMillion(first.cpu.seconds, first.load.acknowledgedSpans)} CPU s per million)`,
    '',
    ...NOT_SAID,
  ].join('\n');
}

function millions(spans: number): string {
  return `${(spans / 1e6).toFixed(2)} M`;
}

const NOT_SAID = [
  'What this does not say:',
  '- Acknowledgement times are those of a machine that is full; see bench:ack for half load.',
  '- Large merges come at some sizes and not at others: a step that holds one costs more than its neighbours. Trust the',
  '  trend over many steps, not one step.',
  '- All spans are of one day and of the last minutes or hours, and all pages are warm: questions about old days on a',
  '  cold disk are slower, and a store of many days has more partitions, each smaller.',
  '- Request bodies come again with other ids and times every 131,072 spans: compression is slightly flattered.',
  '- Searches ask for the newest 20 of a busy service; a rare attribute reads more.',
];

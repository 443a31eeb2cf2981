import type { Quantiles } from '../load/quantiles.ts';
import { QUESTIONS } from '../query/questions.ts';
import { mebibytes, milliseconds, perMillion, quantiles, ratio, thousands } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { SubjectFigures } from './measure-subject.ts';
import type { PeersResult } from './peers-bench.ts';

type Row = readonly [label: string, value: (figures: SubjectFigures, clew: SubjectFigures) => string];

const cost = ({ cpuSeconds, load }: SubjectFigures): number => cpuSeconds / load.acknowledgedSpans;
const two = (ms: Quantiles): string => `${milliseconds(ms.p50)} / ${milliseconds(ms.p99)}`;

const ROWS: readonly Row[] = [
  ['sent over', ({ transport }) => transport],
  ['spans acknowledged', ({ load }) => String(load.acknowledgedSpans)],
  ['spans/s per core', (figures) => thousands(1 / cost(figures))],
  [
    'CPU s per million spans, all its processes',
    ({ cpuSeconds, load }) => perMillion(cpuSeconds, load.acknowledgedSpans),
  ],
  ["  of Clew's", (figures, clew) => ratio(cost(figures), cost(clew))],
  ['  idle within the time given', ({ isQuiet }) => (isQuiet ? 'yes' : 'NO: more to come')],
  ['wall spans/s acknowledged', ({ load }) => thousands((load.acknowledgedSpans / load.wallMs) * 1000)],
  ['acknowledged ms, p50 / p90 / p99 / max', ({ load }) => quantiles(load.acknowledgeMs)],
  ['refused for now, sent again', ({ load }) => String(load.retries)],
  ['stored count', ({ isCountVerified }) => (isCountVerified ? 'exact' : 'not known')],
  [
    'sampled traces there, whole',
    ({ sampled }) => (sampled === undefined ? 'cannot ask' : `${sampled.whole} of ${sampled.asked}`),
  ],
  [
    'memory, all its processes, before / peak MiB',
    (figures) => `${mebibytes(figures.idleRssBytes)} / ${mebibytes(figures.peakRssBytes)}`,
  ],
  [
    'bytes a span on disk, by its folder',
    ({ diskBytes, load }) => (diskBytes === undefined ? '-' : (diskBytes / load.acknowledgedSpans).toFixed(1)),
  ],
  ['bytes a span in live tables, by its own account', ({ liveBytesPerSpan }) => liveBytesPerSpan?.toFixed(1) ?? '-'],
  ['trace by id ms, p50 / p99', ({ traces }) => (traces === undefined ? '-' : two(traces.ms))],
  ...QUESTIONS.map(
    ({ name }): Row => [
      `search: ${name}, ms p50 / p99 (traces)`,
      ({ searches }) => {
        const search = searches.find((each) => each.name === name);
        return search === undefined ? '-' : `${two(search.ms)} (${search.found})`;
      },
    ],
  ),
];

export function formatPeersReport({ machine, options, bytesPerSpan, subjects }: PeersResult): string {
  const [clew] = subjects;
  return [
    formatMachine(machine),
    `data      the same bytes for everyone: ${bytesPerSpan.toFixed(0)} bytes a span as OTLP protobuf, ${options.batch} spans a ` +
      `request, ${options.connections} connections with one request in flight each; ${options.warmUpSpans} others to warm up`,
    '',
    ...textTable([
      ['', ...subjects.map(({ name }) => name)],
      ...ROWS.map(([label, value]) => [label, ...subjects.map((figures) => value(figures, clew))]),
    ]),
    '',
    'What is not comparable:',
    ...subjects.map(({ name, notComparable }) => `- ${name} ${notComparable}`),
    ...subjects.filter(isIncomplete).map(({ name, sampled }) => {
      const { whole = 0, asked = 0 } = sampled ?? {};
      return `- ${name} DOES NOT SHOW ${asked - whole} of ${asked} sampled traces whole: its costs are not those of this work.`;
    }),
    ...NOT_COMPARABLE,
  ].join('\n');
}

function isIncomplete({ sampled }: SubjectFigures): boolean {
  return sampled !== undefined && sampled.whole < sampled.asked;
}

const NOT_COMPARABLE = [
  '- Acknowledged does not mean the same to all: on disk, in a queue, or inserted. Compare acknowledgement times with that in mind.',
  "- CPU counts until the processes are idle. Work that comes later (compaction, blocks built minutes after) is nobody's here.",
  '- Bytes by folder hold logs, journals and parts that were merged and not yet deleted: an upper bound that matters most in',
  '  short runs. Repeat with `du` after ten minutes for a figure at rest.',
  '- Answers differ in what they carry: whole traces, summaries or rows. Times are those of a client on the same machine.',
  '- Everyone else runs idle beside the one that is measured; generator and target share the cores.',
];

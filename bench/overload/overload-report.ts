import type { FloodGroupResult } from '../load/load-messages.ts';
import { type Bar, barChart, largestOfEach } from '../report/bar-chart.ts';
import { mebibytes, quantiles, ratio, thousands } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import { peakOf, totalOf } from './memory-timeline.ts';
import type { OverloadFigures, OverloadResult } from './overload-bench.ts';

const CHART_LINES = 20;

const acceptedSpans = ({ flood }: OverloadFigures): number =>
  flood.groups.reduce((sum, group) => sum + group.acceptedSpans, 0);
const sumOf = ({ flood }: OverloadFigures, value: (group: FloodGroupResult) => number): number =>
  flood.groups.reduce((sum, group) => sum + value(group), 0);
const answered = (group: FloodGroupResult): number =>
  group.acceptedRequests + group.refusedRequests + Object.values(group.errors).reduce((sum, count) => sum + count, 0);
const peakBytes = ({ memory }: OverloadFigures): number => totalOf(peakOf(memory)).residentBytes;

type Row = readonly [label: string, value: (figures: OverloadFigures) => string];

const ROWS: readonly Row[] = [
  ['capacity: spans/s stored', ({ capacity }) => thousands(capacity)],
  ['offered spans/s', ({ offered }) => thousands(offered)],
  [
    '  of that sent before time was up',
    (figures) =>
      percent(
        sumOf(figures, answered),
        sumOf(figures, ({ due }) => due),
      ),
  ],
  ['accepted spans/s', (figures) => thousands((acceptedSpans(figures) / figures.flood.wallMs) * 1000)],
  ['refused requests', (figures) => String(sumOf(figures, ({ refusedRequests }) => refusedRequests))],
  [
    '  without a word when to come back',
    (figures) => String(sumOf(figures, ({ withoutRetryHint }) => withoutRetryHint)),
  ],
  ['requests of unknown outcome', (figures) => String(sumOf(figures, ({ errors }) => countOf(errors)))],
  ['  their spans that are stored', ({ unknownStored }) => String(unknownStored)],
  ['CPU s during the flood', ({ cpu }) => cpu.seconds.toFixed(1)],
  [
    'CPU s per million accepted spans, backlog not counted',
    (figures) => ((figures.cpu.seconds / acceptedSpans(figures)) * 1e6).toFixed(1),
  ],
  [
    'memory of all processes, before / peak MiB',
    (figures) => `${mebibytes(firstBytes(figures))} / ${mebibytes(peakBytes(figures))}`,
  ],
  ['  its limit, MiB', limitText],
  ['  at the peak: Node / engine, MiB', peakByProcess],
  [
    '  at the peak: anonymous / pages of files, MiB',
    ({ memory }) => {
      const { residentBytes, fileBytes } = totalOf(peakOf(memory));
      return `${mebibytes(residentBytes - fileBytes)} / ${mebibytes(fileBytes)}`;
    },
  ],
  ['  Node / engine, each at its own peak, MiB', peaksApart],
  ['first request accepted after the flood, ms', ({ recovery }) => recovery.firstAcceptedMs.toFixed(0)],
  ['  refusals before it', ({ recovery }) => String(recovery.refusals)],
  ['everything accepted stored after, s', ({ drainedMs }) => (drainedMs / 1000).toFixed(1)],
];

export function formatOverloadReport({ machine, options, targets }: OverloadResult): string {
  const journal = options.journalMib === 0 ? 'its default limit' : `at most ${options.journalMib} MiB`;
  const lines = [
    formatMachine(machine),
    `load      ${options.seconds} s, ${options.batch} spans a request over ${options.transport} on ${options.connections} ` +
      `connections, ${options.smallShare} % of them and of the load of tenant "small"; journal: ${journal}; seed ${options.seed}`,
    'verified  everything accepted is stored, once, for each tenant; nothing refused is stored',
    '',
    ...textTable([
      ['', ...targets.map(({ name }) => name)],
      ...ROWS.map(([label, value]) => [label, ...targets.map(value)]),
    ]),
    '',
  ];
  for (const figures of targets) lines.push(...tenantLines(figures), '', ...memoryChart(figures), '');
  const [clew, baseline] = targets;
  if (baseline !== undefined) {
    lines.push(
      `peak memory: baseline ${ratio(peakBytes(baseline), peakBytes(clew))} of Clew's; accepted: Clew ` +
        `${ratio(acceptedSpans(clew) / clew.flood.wallMs, acceptedSpans(baseline) / baseline.flood.wallMs)} of the baseline's`,
      '',
    );
  }
  return [...lines, ...NOT_SAID].join('\n');
}

/** Who got what: a fair receiver leaves a modest tenant alone and treats equal connections alike. */
function tenantLines({ name, flood }: OverloadFigures): string[] {
  const rows = flood.groups.map((group) => {
    const each = [...group.acceptedByConnection].sort((a, b) => a - b);
    return [
      group.tenant,
      String(group.due),
      percent(group.acceptedRequests, group.due),
      percent(group.refusedRequests, group.due),
      Object.entries(group.refusals)
        .map(([status, count]) => `${status}: ${count}`)
        .join(', ') || '-',
      `${each[0]} / ${each[each.length >> 1]} / ${each[each.length - 1]}`,
      fairness(each).toFixed(2),
      quantiles(group.acceptedMs),
      errorsText(group.errors),
    ];
  });
  const head = ['tenant', 'due', 'accepted', 'refused', 'by status', 'least / median / most a connection', 'fairness'];
  return [`${name}:`, ...textTable([[...head, 'acknowledged ms p50 / p90 / p99 / max', 'errors'], ...rows])];
}

/** Jain's index: 1 when all are equal, 1 / n when one has everything. */
export function fairness(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 1 : (sum * sum) / (shares.length * squares);
}

function memoryChart({ name, memory }: OverloadFigures): string[] {
  const totals = largestOfEach(
    memory.map((sample) => totalOf(sample).residentBytes),
    CHART_LINES,
  );
  const lastMs = memory.at(-1)?.atMs ?? 0;
  const bars = totals.map((value, i): Bar => {
    const atMs = ((i + 1) * lastMs) / totals.length;
    return { label: `${(atMs / 1000).toFixed(1)} s`, value };
  });
  return barChart(
    `${name}: memory of all processes, from the flood until all is stored and merged, MiB`,
    bars,
    mebibytes,
  );
}

function peaksApart({ memory }: OverloadFigures): string {
  const root = Math.max(...memory.map((sample) => sample.root.residentBytes));
  const children = Math.max(...memory.map((sample) => sample.children.residentBytes));
  return `${mebibytes(root)} / ${mebibytes(children)}`;
}

function peakByProcess({ memory }: OverloadFigures): string {
  const { root, children } = peakOf(memory);
  return `${mebibytes(root.residentBytes)} / ${mebibytes(children.residentBytes)}`;
}

function limitText(figures: OverloadFigures): string {
  const { memoryLimitBytes } = figures;
  if (memoryLimitBytes === undefined) return 'none';
  return `${mebibytes(memoryLimitBytes)}, ${peakBytes(figures) <= memoryLimitBytes ? 'kept' : 'BROKEN'}`;
}

function firstBytes({ memory }: OverloadFigures): number {
  return totalOf(memory[0]).residentBytes;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '-' : `${((part / whole) * 100).toFixed(1)} %`;
}

function countOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function errorsText(errors: Readonly<Record<string, number>>): string {
  return (
    Object.entries(errors)
      .map(([message, count]) => `${count} x ${message.slice(0, 80)}`)
      .join('; ') || 'none'
  );
}

const NOT_SAID = [
  'What this does not say:',
  '- Each connection has one request in flight. A receiver that answers late is therefore sent less than is due ("sent',
  '  before time was up"): waiting is back-pressure too, and the baseline knows no other.',
  '- The generator needs a core of its own to offer three times the capacity; on two cores it takes capacity away.',
  '- The capacity counts the last second until the store has everything: few --capacity-spans understate it.',
  '- Memory is the sum of resident sizes; pages that two processes share count twice.',
  '- The baseline has no tenants, no journal and no limits: its refusals, if any, are failed inserts.',
];

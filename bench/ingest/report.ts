import { mebibytes, perMillion, quantiles, thousands } from '../report/figures.ts';
import { formatMachine, type Machine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { BenchOptions } from './bench-options.ts';
import type { TargetFigures } from './measure-target.ts';
import { paceLines } from './pace-lines.ts';

export interface BenchResult {
  readonly machine: Machine;
  /** Nanoseconds to decode a span with protobufjs, before and after the targets. */
  readonly decodeNano: readonly number[];
  readonly options: BenchOptions;
  readonly bytesPerSpan: number;
  readonly templates: number;
  readonly targets: readonly TargetFigures[];
}

const MAX_DETAIL_ROWS = 24;

interface Row {
  readonly label: string;
  readonly value: (figures: TargetFigures) => string;
}

const ROWS: readonly Row[] = [
  { label: 'spans measured', value: (figures) => String(figures.spans) },
  {
    label: 'CPU s per million spans, all processes',
    value: (figures) => perMillion(figures.cpu.seconds, figures.spans),
  },
  { label: '  of that: Node main process', value: (figures) => perMillion(figures.cpu.rootSeconds, figures.spans) },
  {
    label: '    of that: its main thread',
    value: (figures) => perMillion(figures.cpu.mainThreadSeconds, figures.spans),
  },
  { label: '  of that: engine', value: (figures) => perMillion(figures.cpu.childSeconds, figures.spans) },
  { label: 'spans/s per core', value: (figures) => thousands(figures.spans / figures.cpu.seconds) },
  {
    label: 'CPU s per million to merge to one part, on top',
    value: (figures) => perMillion(figures.finalMergeCpuSeconds, figures.spans),
  },
  {
    label: 'wall spans/s to acknowledged',
    value: (figures) => thousands((figures.spans / figures.load.wallMs) * 1000),
  },
  { label: 'wall spans/s to stored', value: (figures) => thousands((figures.spans / figures.load.storedMs) * 1000) },
  { label: 'acknowledged, full load, p50 / p90 / p99 / max ms', value: ({ load }) => quantiles(load.acknowledgeMs) },
  {
    label: 'acknowledged, half load, p50 / p90 / p99 / max ms',
    value: ({ halfLoad }) => quantiles(halfLoad?.acknowledgeMs),
  },
  { label: 'requests refused for now, sent again', value: ({ load }) => String(load.retries) },
  { label: 'bytes a span on disk', value: (figures) => (figures.disk.bytes / figures.spansOnDisk).toFixed(1) },
  {
    label: 'bytes a span on disk, merged to one part',
    value: (figures) => (figures.diskMerged.bytes / figures.spansOnDisk).toFixed(1),
  },
  { label: 'parts of the span table after the load', value: ({ disk }) => String(disk.spanParts) },
  { label: 'journal on disk, peak MiB', value: ({ peakJournalBytes }) => mebibytes(peakJournalBytes) },
  {
    label: 'memory, all processes, before load / peak MiB',
    value: ({ idleRssBytes, peakRssBytes }) => `${mebibytes(idleRssBytes)} / ${mebibytes(peakRssBytes)}`,
  },
  {
    label: 'load generator CPU s per million (counted to nobody)',
    value: (figures) => perMillion(figures.load.generatorCpuSeconds, figures.spans),
  },
];

/** Tables and ratios, as text. */
export function formatReport(result: BenchResult): string {
  const { machine, options, targets } = result;
  const lines = [
    formatMachine(machine),
    `data      ${result.bytesPerSpan.toFixed(0)} bytes a span as OTLP protobuf${options.form.compression === 'none' ? '' : `, compressed with ${options.form.compression}`}, ` +
      `${options.batch} spans a request, ${result.templates} different bodies, seed ${options.seed}`,
    `load      ${options.connections} connections with one request in flight each; warm-up ${options.warmUpSpans} spans`,
    '',
    ...textTable([
      ['', ...targets.map(({ name, transport }) => `${name} ${transport}`)],
      ...ROWS.map(({ label, value }) => [label, ...targets.map(value)]),
    ]),
    '',
    ...paceLines(result),
    '',
  ];
  for (const figures of targets) lines.push(...details(figures));
  const baseline = targets.find(({ name }) => name === 'baseline');
  if (baseline !== undefined) {
    for (const figures of targets) if (figures !== baseline) lines.push(ratios(figures, baseline));
    lines.push('', ...NOT_COMPARABLE);
  }
  return lines.join('\n');
}

function details(figures: TargetFigures): string[] {
  const { name, transport, threadSeconds, columnBytes, spansOnDisk } = figures;
  if (threadSeconds.length === 0) return [];
  const threads = threadSeconds.map(
    ([label, seconds]) => `  ${perMillion(seconds, figures.spans).padStart(8)}  ${label}`,
  );
  const columns = columnBytes.map(([label, bytes]) => `  ${(bytes / spansOnDisk).toFixed(2).padStart(8)}  ${label}`);
  return [
    `${name} ${transport}, CPU s per million spans by thread:`,
    ...threads.slice(0, MAX_DETAIL_ROWS),
    `${name} ${transport}, bytes a span on disk, merged, by column:`,
    ...columns.slice(0, MAX_DETAIL_ROWS),
    '',
  ];
}

function ratios(figures: TargetFigures, baseline: TargetFigures): string {
  const cpu = (each: TargetFigures): number => each.cpu.seconds / each.spans;
  const merged = (each: TargetFigures): number => (each.cpu.seconds + each.finalMergeCpuSeconds) / each.spans;
  const disk = (each: TargetFigures): number => each.diskMerged.bytes / each.spansOnDisk;
  const ratio = (of: (each: TargetFigures) => number): string => (of(baseline) / of(figures)).toFixed(1);
  return (
    `baseline / Clew ${figures.transport}:  CPU per span ${ratio(cpu)}x, with everything merged to one part ${ratio(merged)}x, ` +
    `bytes a span (merged) ${ratio(disk)}x`
  );
}

const NOT_COMPARABLE = [
  'What is not the same:',
  '- The baseline writes no journal and does not fsync; Clew does both before it acknowledges.',
  '- The baseline acknowledges after its insert of >= 10,000 rows, so it is sent more requests at once; its',
  '  acknowledgement times and wall rates are not comparable, CPU per span and bytes are.',
  '- It handles fewer spans in smaller inserts, so its merges differ: compare the figures with everything merged too.',
  '- The schemas differ: Clew keeps types, promoted columns and resources once; the exporter schema has text maps.',
  "- The final merge also merges the warm-up's spans: its CPU per million is slightly overstated, for both.",
  '- Everything on the machine shares its caches and cores, the load generator too: wall figures suffer most, CPU',
  '  seconds as well (the same code has been seen at half and at double). Compare within one run, by ratio.',
];

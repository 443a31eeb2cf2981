import { mebibytes, milliseconds, ratio } from '../report/figures.ts';
import { formatMachine } from '../report/machine.ts';
import { textTable } from '../report/text-table.ts';
import type { PageFigures } from './measure-clew.ts';
import type { FrameFigures, Opened } from './page-probe.ts';
import type { UiResult } from './ui-bench.ts';

const HEAD = [
  '',
  'spans',
  'rows',
  'after data',
  'longest task',
  'scroll p50/p95/max',
  'late',
  'fling p50/p95/max',
  'late',
  'zoom p95',
  'fold/unfold',
  'find',
  'heap+arrays',
  'elements',
];

/** A table of all subjects by size, then how many times the others take. Times in ms, memory in MiB. */
export function formatUiReport({ machine, browser, pages }: UiResult): string {
  const sizes = [...new Set(pages.map(({ spans }) => spans))];
  const rows = sizes.flatMap((size) => pages.filter(({ spans }) => spans === size).map(rowOf));
  const ratios = sizes.flatMap((size) => {
    const of = (subject: string): PageFigures | undefined =>
      pages.find((page) => page.spans === size && page.subject === subject && page.opened.length > 0);
    const clew = of('Clew');
    return ['baseline', 'Jaeger UI'].flatMap((subject) => {
      const other = of(subject);
      if (clew === undefined || other === undefined) return [];
      const time = ratio(afterData(other), afterData(clew));
      const heap = ratio(memoryOf(other), memoryOf(clew));
      return [`${subject} at ${size} spans: rows after data ${time}, memory ${heap} of Clew's`];
    });
  });
  return [
    formatMachine(machine),
    `browser   ${browser}, headless, without GPU, 1440 × 900`,
    '',
    'Times in ms. rows: from the navigation to rows on the screen; after data: from the end of the answer with the trace',
    'to rows. Memory in MiB after garbage collection. "late": frames over 25 ms, of 180 (scroll) and 120 (fling, to places all over the trace).',
    '',
    ...textTable([HEAD, ...rows]),
    '',
    ...ratios,
  ].join('\n');
}

function rowOf(page: PageFigures): string[] {
  if (page.failed !== undefined) return [page.subject, String(page.spans), `failed: ${page.failed}`];
  const { scroll, fling, zoom, foldMs, unfoldMs, findMs, memory } = page;
  return [
    page.subject,
    String(page.spans),
    milliseconds(median(page.opened, ({ rowsMs }) => rowsMs)),
    milliseconds(afterData(page)),
    milliseconds(median(page.opened, ({ longestTaskMs }) => longestTaskMs)),
    frameText(scroll),
    scroll === undefined ? '-' : String(scroll.late),
    frameText(fling),
    fling === undefined ? '-' : String(fling.late),
    zoom === undefined ? '-' : milliseconds(zoom.p95Ms),
    foldMs === undefined || unfoldMs === undefined ? '-' : `${milliseconds(foldMs)}/${milliseconds(unfoldMs)}`,
    findMs === undefined ? '-' : milliseconds(findMs),
    memory === undefined ? '-' : `${mebibytes(memory.heapBytes)}+${mebibytes(memory.backingBytes)}`,
    memory === undefined ? '-' : String(memory.elements),
  ];
}

function frameText(frames: FrameFigures | undefined): string {
  return frames === undefined ? '-' : [frames.p50Ms, frames.p95Ms, frames.maxMs].map(milliseconds).join('/');
}

function afterData(page: PageFigures): number {
  return median(page.opened, ({ rowsAfterDataMs }) => rowsAfterDataMs);
}

function memoryOf({ memory }: PageFigures): number {
  return memory === undefined ? Number.NaN : memory.heapBytes + memory.backingBytes;
}

function median(opened: readonly Opened[], of: (one: Opened) => number): number {
  const sorted = opened.map(of).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

import { textTable } from '../report/text-table.ts';

/** One shape in one store, merged to one part. */
export interface StoredShape {
  readonly name: string;
  readonly spans: number;
  /** Of the requests, uncompressed. */
  readonly bodyBytes: number;
  /** All active parts of all tables. */
  readonly diskBytes: number;
  readonly spanParts: number;
  /** `table.column` or `table.index name` and its bytes with marks, most first. */
  readonly columns: readonly (readonly [string, number])[];
}

export interface ShapeFigures {
  readonly traceSpans: number;
  readonly clew: StoredShape;
  readonly baseline?: StoredShape;
}

export interface DiskResult {
  readonly shapes: readonly ShapeFigures[];
}

/** Below this a column is summed up with others like it. */
const SHOWN_BYTES_PER_SPAN = 0.05;

export function formatDiskResult({ shapes }: DiskResult): string {
  return shapes.map(formatShape).join('\n\n');
}

function formatShape({ traceSpans, clew, baseline }: ShapeFigures): string {
  const stores = baseline === undefined ? [clew] : [clew, baseline];
  const summary = textTable([
    [`${traceSpans} spans a trace on average`, ...stores.map(({ name }) => name)],
    ['spans stored and counted', ...stores.map(({ spans }) => spans.toLocaleString('en'))],
    ['request bytes a span', ...stores.map(({ bodyBytes, spans }) => (bodyBytes / spans).toFixed(0))],
    ['parts of the span table', ...stores.map(({ spanParts }) => String(spanParts))],
    ['bytes a span on disk', ...stores.map(({ diskBytes, spans }) => (diskBytes / spans).toFixed(1))],
    ['request bytes / bytes on disk', ...stores.map(({ bodyBytes, diskBytes }) => (bodyBytes / diskBytes).toFixed(1))],
  ]);
  const ratio =
    baseline === undefined
      ? []
      : [`baseline / Clew: ${(baseline.diskBytes / clew.diskBytes).toFixed(2)} × bytes on disk`];
  return [...summary, ...ratio, ...stores.flatMap((store) => ['', ...columnLines(store)])].join('\n');
}

function columnLines({ name, spans, columns, diskBytes }: StoredShape): string[] {
  const shown = columns.filter(([, bytes]) => bytes / spans >= SHOWN_BYTES_PER_SPAN);
  const named = columns.reduce((sum, [, bytes]) => sum + bytes, 0);
  const small = named - shown.reduce((sum, [, bytes]) => sum + bytes, 0);
  const row = (label: string, bytes: number) => [`  ${label}`, (bytes / spans).toFixed(2)];
  return [
    `${name}, bytes a span by column and index:`,
    ...textTable([
      ...shown.map(([label, bytes]) => row(label, bytes)),
      row(`${columns.length - shown.length} smaller ones`, small),
      row('primary keys, checksums and the rest', diskBytes - named),
    ]),
  ];
}

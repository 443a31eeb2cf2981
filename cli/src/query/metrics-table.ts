import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import type { Terminal } from '../terminal.ts';
import { valueText } from '../text/attribute-text.ts';
import { displayWidth, padded, printable } from '../text/display-width.ts';
import { counted, formatDurationNano, formatTimeNano } from '../text/format-values.ts';
import { sparkline } from './sparkline.ts';

/** Series that are printed; --json has all. */
export const MAX_PRINTED_SERIES = 50;
const MAX_LABEL_CELLS = 48;
const MIN_SPARK_CELLS = 10;
const MAX_SPARK_CELLS = 60;

interface Row {
  readonly label: string;
  readonly last: string;
  readonly min: string;
  readonly avg: string;
  readonly max: string;
  readonly values: readonly (number | null)[];
}

/** Series as a table, each with its course as a row of blocks. */
export function metricsTable(answer: MetricsAnswer, { colors, columns }: Terminal): string {
  const rows = answer.series.slice(0, MAX_PRINTED_SERIES).map(rowOf);
  const width = (key: 'label' | 'last' | 'min' | 'avg' | 'max', title: string): number =>
    rows.reduce((widest, row) => Math.max(widest, displayWidth(row[key])), title.length);
  const label = Math.min(MAX_LABEL_CELLS, width('label', 'SERIES'));
  const numbers = [
    ['last', 'LAST', width('last', 'LAST')],
    ['min', 'MIN', width('min', 'MIN')],
    ['avg', 'AVG', width('avg', 'AVG')],
    ['max', 'MAX', width('max', 'MAX')],
  ] as const;
  const fixed = label + numbers.reduce((sum, [, , cells]) => sum + cells + 2, 0) + 2;
  const room = Number.isFinite(columns) ? Math.max(MIN_SPARK_CELLS, columns - fixed) : MAX_SPARK_CELLS;
  const cells = Math.min(MAX_SPARK_CELLS, room, answer.pointCount);
  const isCourse = answer.pointCount > 1;
  const head = [
    padded('SERIES', label),
    ...numbers.map(([, title, wide]) => padded(title, wide, 'left')),
    ...(isCourse ? ['OVER TIME'] : []),
  ];
  const lines = rows.map((row) =>
    [
      padded(row.label, label),
      ...numbers.map(([key, , wide]) => padded(row[key], wide, 'left')),
      ...(isCourse ? [colors.cyan(sparkline(row.values, cells))] : []),
    ].join('  '),
  );
  const hidden = answer.series.length - rows.length;
  const more =
    hidden > 0 ? [colors.dim(`… ${counted(hidden, 'more series', 'more series')}: topk(10), or --json`)] : [];
  return `${[colors.dim(head.join('  ').trimEnd()), ...lines, ...more].join('\n')}\n`;
}

/** From when to when, and how long a bucket is: "05:10:00 – 06:10:00, 1m 0s a bucket". */
export function courseText({ startUnixNano, stepNano, pointCount }: MetricsAnswer): string {
  const step = BigInt(stepNano);
  const start = BigInt(startUnixNano);
  const clock = (nano: bigint): string => formatTimeNano(nano).slice(11, 19);
  return `${clock(start)} – ${clock(start + step * BigInt(pointCount))}, ${formatDurationNano(Number(step))} a bucket`;
}

function rowOf({ labels, values }: FoundSeries): Row {
  const known = values.filter((value) => value !== null);
  const last = values.findLast((value) => value !== null);
  const shown = (value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? '–' : shortNumber(value);
  return {
    label: seriesLabel(labels),
    last: shown(last ?? undefined),
    min: shown(known.length === 0 ? undefined : Math.min(...known)),
    avg: shown(known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length),
    max: shown(known.length === 0 ? undefined : Math.max(...known)),
    values,
  };
}

/** The values alone where their names say nothing new: the query names them. */
export function seriesLabel(labels: FoundSeries['labels']): string {
  const [only] = labels;
  if (labels.length === 1 && only !== undefined && !/^(p|__bucket)$/.test(only.name)) return valueText(only);
  // The name of the function says nothing beside other labels.
  const telling = labels.filter((label) => label.name !== '__name__');
  return telling.map((label) => `${printable(label.name)}=${valueText(label)}`).join(' ');
}

/** Four digits that matter: 0.001234, 12.35, 1.235M. */
export function shortNumber(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e4) {
    const units = ['', 'k', 'M', 'G', 'T', 'P'];
    const power = Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
    return `${Number((value / 1000 ** power).toPrecision(4))}${units[power]}`;
  }
  return String(Number(value.toPrecision(4)));
}

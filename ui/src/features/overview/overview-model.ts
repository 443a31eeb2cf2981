import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { histogramQuantile } from './histogram-quantile.ts';

/** Rows of the heatmap for each doubling of the duration: one is 9 % of its duration high. */
export const ROWS_PER_DOUBLING = 8;
export const QUANTILES = [0.5, 0.95, 0.99] as const;
/** The status of failed spans, as series name it. */
const ERROR = 'error';

/** Spans by start (columns) and duration (rows), and what follows from that. Weights where spans were sampled. */
export interface Overview {
  /** Begin of the first column, unix milliseconds; a column holds what starts after its begin, up to its end. */
  readonly startMs: number;
  readonly stepMs: number;
  readonly columns: number;
  /** Columns from the first that have all their spans: the one after them is still filling. */
  readonly wholeColumns: number;
  /** Row r holds durations up to 2^((firstStep + r) / ROWS_PER_DOUBLING) nanoseconds. */
  readonly firstStep: number;
  readonly rows: number;
  /** False: spans were only counted; there is one row, which says nothing. */
  readonly hasDurations: boolean;
  /** Column by column, rows from the shortest durations up. */
  readonly spans: Float64Array;
  readonly errors: Float64Array;
  /** Of each column. */
  readonly columnSpans: Float64Array;
  readonly columnErrors: Float64Array;
  /** Nanoseconds, of each quantile and column; NaN without spans. */
  readonly quantiles: readonly Float64Array[];
  readonly total: number;
  readonly totalErrors: number;
  /** Nanoseconds, of all columns together. */
  readonly totalQuantiles: readonly number[];
}

/** Rows that one answer can have: from a nanosecond to a century. */
const MAX_ROWS = 62 * ROWS_PER_DOUBLING;

/**
 * @param answer of `histogram_over_time(duration) by(status)` with ROWS_PER_DOUBLING as its resolution, or of
 *   `count_over_time() by(status)`
 */
export function buildOverview(answer: MetricsAnswer): Overview {
  const columns = answer.pointCount;
  const steps = answer.series.map(stepOfSeries);
  const known = steps.filter((step) => step !== undefined);
  // Spans without any duration lie in the lowest row.
  const firstStep = known.length === 0 ? 0 : Math.max(0, known.reduce((a, b) => Math.min(a, b)) - 1);
  const last = known.reduce((a, b) => Math.max(a, b), firstStep);
  const rows = Math.min(MAX_ROWS, last - firstStep + 1);
  const spans = new Float64Array(columns * rows);
  const errors = new Float64Array(columns * rows);
  answer.series.forEach((series, index) => {
    const row = Math.min(rows - 1, (steps[index] ?? firstStep) - firstStep);
    const isError = series.labels.some(({ name, value }) => name === 'status' && value === ERROR);
    series.values.forEach((value, column) => {
      if (value === null || value === 0) return;
      spans[column * rows + row] += value;
      if (isError) errors[column * rows + row] += value;
    });
  });
  const hasDurations =
    answer.series.length === 0 || answer.series.some(({ labels }) => bucketLabel(labels) !== undefined);
  return withFigures({ ...gridOf(answer), columns, firstStep, rows, hasDurations, spans, errors });
}

/** The upper bound of a row, nanoseconds; of row -1 the lower bound of the first. */
export function highOfRow({ firstStep }: Pick<Overview, 'firstStep'>, row: number): number {
  return 2 ** ((firstStep + row) / ROWS_PER_DOUBLING);
}

function gridOf(answer: MetricsAnswer): Pick<Overview, 'startMs' | 'stepMs' | 'wholeColumns'> {
  const startMs = Number(BigInt(answer.startUnixNano) / 1000n) / 1000;
  const stepMs = Number(answer.stepNano) / 1e6;
  const until = answer.statistics.storedUntilUnixMs ?? Number.POSITIVE_INFINITY;
  const whole = Math.floor((until - startMs) / stepMs);
  return { startMs, stepMs, wholeColumns: Math.max(0, Math.min(answer.pointCount, whole)) };
}

/** Undefined for spans without any duration. */
function stepOfSeries({ labels }: FoundSeries): number | undefined {
  const seconds = Number(bucketLabel(labels)?.value ?? 0);
  return seconds > 0 ? Math.max(0, Math.round(Math.log2(seconds * 1e9) * ROWS_PER_DOUBLING)) : undefined;
}

function bucketLabel(labels: FoundSeries['labels']): FoundSeries['labels'][number] | undefined {
  return labels.find(({ name }) => name === '__bucket');
}

type Cells = Omit<Overview, 'columnSpans' | 'columnErrors' | 'quantiles' | 'total' | 'totalErrors' | 'totalQuantiles'>;

function withFigures(cells: Cells): Overview {
  const { columns, rows, spans, errors } = cells;
  const columnSpans = new Float64Array(columns);
  const columnErrors = new Float64Array(columns);
  const ofRows = new Float64Array(rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const cell = column * rows + row;
      columnSpans[column] += spans[cell];
      columnErrors[column] += errors[cell];
      ofRows[row] += spans[cell];
    }
  }
  const highOf = (row: number): number => (cells.hasDurations ? highOfRow(cells, row) : Number.NaN);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    ...cells,
    columnSpans,
    columnErrors,
    quantiles: QUANTILES.map((quantile) =>
      Float64Array.from(columnSpans, (_, column) => histogramQuantile(spans, column * rows, rows, quantile, highOf)),
    ),
    total: sum(columnSpans),
    totalErrors: sum(columnErrors),
    totalQuantiles: QUANTILES.map((quantile) => histogramQuantile(ofRows, 0, rows, quantile, highOf)),
  };
}

import { histogramQuantile } from './histogram-quantile.ts';
import { highOfRow, type Overview, QUANTILES, ROWS_PER_DOUBLING } from './overview-model.ts';

/** More can hardly be read, or listened to. */
const MAX_ROWS = 30;
const MAX_BANDS = 12;

export interface TableRow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly spans: number;
  readonly errors: number;
  /** Nanoseconds, NaN without spans. */
  readonly quantiles: readonly number[];
  /** Spans of each band. */
  readonly bands: readonly number[];
}

export interface OverviewRows {
  /** Upper bounds of the bands of durations, nanoseconds, each from that of the one before on. */
  readonly bands: readonly number[];
  readonly rows: readonly TableRow[];
}

/** The charts as a table: several columns of the charts are a row, several of their rows a band. */
export function tableOf(overview: Overview): OverviewRows {
  const { columns, rows, startMs, stepMs, spans } = overview;
  const joined = Math.ceil(columns / MAX_ROWS);
  let stacked = ROWS_PER_DOUBLING;
  while (rows / stacked > MAX_BANDS) stacked *= 2;
  const highOf = (row: number): number => highOfRow(overview, row);
  const bandCount = Math.ceil(rows / stacked);
  const table = Array.from({ length: Math.ceil(columns / joined) }, (_, at): TableRow => {
    const [from, to] = [at * joined, Math.min(columns, (at + 1) * joined)];
    const ofRows = new Float64Array(rows);
    for (let column = from; column < to; column++) {
      for (let row = 0; row < rows; row++) ofRows[row] += spans[column * rows + row];
    }
    return {
      fromMs: startMs + from * stepMs,
      toMs: startMs + to * stepMs,
      spans: sumOf(overview.columnSpans, from, to),
      errors: sumOf(overview.columnErrors, from, to),
      quantiles: QUANTILES.map((quantile) => histogramQuantile(ofRows, 0, rows, quantile, highOf)),
      bands: Array.from({ length: bandCount }, (_, band) => sumOf(ofRows, band * stacked, (band + 1) * stacked)),
    };
  });
  return { bands: Array.from({ length: bandCount }, (_, band) => highOf((band + 1) * stacked - 1)), rows: table };
}

function sumOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < Math.min(to, values.length); at++) sum += values[at];
  return sum;
}

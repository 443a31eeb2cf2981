import type { TraceModel } from './trace-model.ts';

/** What is known of a span that has not arrived: that others name it. */
export interface MissingFigures {
  /** Index into the trace's missing parents. */
  readonly index: number;
  /** Spans that name it as their parent. */
  readonly spans: number;
  /** Nanoseconds from the trace's start. */
  readonly from: number;
  readonly to: number;
}

/** Of the missing parent whose first row this is. */
export function missingFigures({ columns, subtreeEnd }: TraceModel, firstRow: number): MissingFigures {
  const { missing, start, duration } = columns;
  const index = missing?.first.indexOf(firstRow) ?? -1;
  const end = missing?.end[index] ?? firstRow + 1;
  let spans = 0;
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (let row = firstRow; row < end; row = subtreeEnd[row]) {
    spans++;
    if (start[row] < from) from = start[row];
    if (start[row] + duration[row] > to) to = start[row] + duration[row];
  }
  return { index, spans, from, to };
}

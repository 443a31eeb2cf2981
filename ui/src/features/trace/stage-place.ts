import { type SpanId, spanIdAt } from '@clew/model';
import { entryOf } from '../../timeline/entry.ts';
import { rowOfSpan } from '../../timeline/find-rows.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import type { TraceStage } from '../../timeline/trace-stage.ts';

type Columns = TraceModel['columns'];

/** What is to be found again when the trace is built anew: with more spans, or with adjusted clocks. */
export interface StagePlace {
  readonly fold: string;
  readonly cursor: SpanId | undefined;
  readonly first: SpanId | undefined;
}

export function placeOf({ waterfall }: TraceStage, columns: Columns, fold: string): StagePlace {
  return { fold, cursor: spanAt(columns, waterfall.activeRow), first: spanAt(columns, waterfall.firstRow) };
}

export function restorePlace(
  stage: TraceStage,
  columns: Columns,
  { cursor, first }: { readonly cursor?: SpanId | undefined; readonly first: SpanId | undefined },
): void {
  const row = first === undefined ? -1 : rowOfSpan(columns, first);
  if (row !== -1) stage.waterfall.scrollToRow(row);
  const active = cursor === undefined ? -1 : rowOfSpan(columns, cursor);
  if (active !== -1) stage.waterfall.setActive(stage.entryOfRow(active));
}

/** Selects a span and brings it into sight. @param row -1 for none */
export function selectRow({ waterfall }: TraceStage, row: number): void {
  waterfall.setSelected(row);
  if (row === -1) return;
  waterfall.setActive(entryOf(row));
  waterfall.revealRow(row);
}

/** @param row -1 for none */
export function spanAt(columns: Columns, row: number): SpanId | undefined {
  return row === -1 ? undefined : spanIdAt(columns, row);
}

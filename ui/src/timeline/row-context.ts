import type { AttributeColumn } from './attribute-column.ts';
import type { ColourScheme } from './colour-scheme.ts';
import type { CriticalSections } from './critical-path.ts';
import type { RowModel } from './row-model.ts';
import type { RunFigures } from './run-figures.ts';
import type { TimeWindow } from './time-scale.ts';

/** What all lines are painted from; the view changes it, lines read it. */
export interface RowContext {
  readonly rows: RowModel;
  scheme: ColourScheme;
  columns: readonly AttributeColumn[];
  window: TimeWindow;
  /** Pixels. */
  rowHeight: number;
  nameWidth: number;
  /** Of one attribute column. */
  columnWidth: number;
  timeWidth: number;
  /** Entry of the cursor, or NO_ENTRY. */
  activeEntry: number;
  /** Row index, or -1. */
  selectedRow: number;
  /** 1 for a row the find text matches. */
  matches: Uint8Array | undefined;
  critical: CriticalSections | undefined;
  /** Whether bars show the time in which no child ran. */
  selfShown: boolean;
  /** Figures of a run, computed when it is first painted. */
  figuresOf(run: number): RunFigures;
}

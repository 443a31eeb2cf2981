import { NO_PARENT } from '@clew/model';
import { entryOf, kindOfEntry, MISSING_ENTRY, RUN_ENTRY, rowOfEntry, SPAN_ENTRY } from './entry.ts';
import { RowMarks } from './row-marks.ts';
import type { TraceModel } from './trace-model.ts';

const NONE_MISSING = { first: new Int32Array(0), end: new Int32Array(0) };

/** Which rows are folded, which runs are open, and the lines that remain. Mutable on purpose: 1,000,000 rows refold in 12 ms. */
export class RowModel {
  readonly trace: TraceModel;
  /** 1 for a folded row. */
  readonly folded: Uint8Array;
  /** 1 for a run whose siblings are shown below it. */
  readonly runOpen: Uint8Array;
  /** The first `visibleCount` are the lines to be seen, as entries, in order. */
  readonly visible: Int32Array;
  /** How deep each of them stands, 0 at the left. */
  readonly level: Int32Array;
  visibleCount = 0;
  /** Whether runs of siblings are one line. */
  grouped: boolean;
  private kept: RowMarks | undefined;

  constructor(trace: TraceModel, grouped = true) {
    this.trace = trace;
    this.grouped = grouped;
    const { spanCount, missing } = trace.columns;
    const most = spanCount + trace.runs.count + (missing?.first.length ?? 0);
    this.folded = new Uint8Array(spanCount);
    this.runOpen = new Uint8Array(trace.runs.count);
    this.visible = new Int32Array(most);
    this.level = new Int32Array(most);
    this.rebuild();
  }

  rebuild(): void {
    const { subtreeEnd, depth, runs, columns } = this.trace;
    const { spanCount, missing } = columns;
    const { folded, visible, level, runOpen } = this;
    const kept = this.kept?.marks;
    const { first: runFirst, end: runEnd } = runs;
    const runCount = this.grouped && kept === undefined ? runs.count : 0;
    const { first: missingFirst, end: missingEnd } = missing ?? NONE_MISSING;
    const missingCount = missingFirst.length;
    /** Where what indents further ends: open runs and missing parents around the row. */
    const ends: number[] = [];
    let at = 0;
    let run = 0;
    let lost = 0;
    for (let row = 0; row < spanCount; ) {
      if (kept !== undefined && kept[row] === 0) {
        row = subtreeEnd[row];
        continue;
      }
      while (ends.length > 0 && ends[ends.length - 1] <= row) ends.pop();
      while (lost < missingCount && missingEnd[lost] <= row) lost++;
      if (lost < missingCount && depth[row] === 0 && missingFirst[lost] <= row) {
        visible[at] = entryOf(missingFirst[lost], MISSING_ENTRY);
        level[at++] = 0;
        ends.push(missingEnd[lost++]);
      }
      while (run < runCount && runFirst[run] < row) run++;
      if (run < runCount && runFirst[run] === row) {
        visible[at] = entryOf(row, RUN_ENTRY);
        level[at++] = depth[row] + ends.length;
        if (runOpen[run] === 0) {
          row = runEnd[run];
          continue;
        }
        ends.push(runEnd[run]);
      }
      visible[at] = entryOf(row);
      level[at++] = depth[row] + ends.length;
      row = folded[row] === 1 ? subtreeEnd[row] : row + 1;
    }
    this.visibleCount = at;
  }

  /** Whether only some rows are shown, by `setKept`. */
  get isKept(): boolean {
    return this.kept !== undefined;
  }

  hasChildren(row: number): boolean {
    return this.trace.subtreeEnd[row] > row + 1;
  }

  /** The run of a line that stands for one. */
  runOfEntry(entry: number): number {
    return this.trace.runs.runOf[rowOfEntry(entry)];
  }

  /** Whether a line can be opened and closed. */
  canFold(entry: number): boolean {
    const kind = kindOfEntry(entry);
    return kind === RUN_ENTRY || (kind === SPAN_ENTRY && this.hasChildren(rowOfEntry(entry)));
  }

  isFolded(entry: number): boolean {
    if (kindOfEntry(entry) === RUN_ENTRY) return this.runOpen[this.runOfEntry(entry)] === 0;
    return this.folded[rowOfEntry(entry)] === 1;
  }

  setFolded(entry: number, folded: boolean): void {
    if (!this.canFold(entry)) return;
    if (kindOfEntry(entry) === RUN_ENTRY) this.runOpen[this.runOfEntry(entry)] = folded ? 0 : 1;
    else this.folded[rowOfEntry(entry)] = folded ? 1 : 0;
    this.rebuild();
  }

  /** Position of a line, or, when it is folded away, of the line that hides it. */
  positionOf(entry: number): number {
    let low = 0;
    let high = this.visibleCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.visible[middle] <= entry) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** The line of a row or of what hides it. */
  shownEntryOf(row: number): number {
    return this.visibleCount === 0 ? entryOf(row) : this.visible[this.positionOf(entryOf(row))];
  }

  /** Position of the line above, one level out, or -1. */
  parentPosition(position: number): number {
    const level = this.level[position];
    let at = position - 1;
    while (at >= 0 && this.level[at] >= level) at--;
    return at;
  }

  /** Opens every ancestor and every run around the row. Returns whether anything was closed. */
  reveal(row: number): boolean {
    const { parent } = this.trace.columns;
    const { runOf } = this.trace.runs;
    let changed = false;
    for (let at = row; at !== NO_PARENT; at = parent[at]) {
      if (at !== row && this.folded[at] === 1) {
        this.folded[at] = 0;
        changed = true;
      }
      if (this.grouped && runOf[at] !== -1 && this.runOpen[runOf[at]] === 0) {
        this.runOpen[runOf[at]] = 1;
        changed = true;
      }
    }
    if (changed) this.rebuild();
    return changed;
  }

  /** Shows the first `levels` levels: folds every row at depth `levels - 1` and below. */
  foldToLevel(levels: number): void {
    const { depth, subtreeEnd, columns } = this.trace;
    for (let row = 0; row < columns.spanCount; row++) {
      this.folded[row] = depth[row] >= levels - 1 && subtreeEnd[row] > row + 1 ? 1 : 0;
    }
    this.rebuild();
  }

  /** Folds what is not under the row, and not above it. */
  foldOutside(row: number): void {
    const { columns, subtreeEnd } = this.trace;
    const end = subtreeEnd[row];
    for (let at = 0; at < columns.spanCount; at++) {
      if (at < row || at >= end) this.folded[at] = subtreeEnd[at] > at + 1 ? 1 : 0;
    }
    for (let run = 0; run < this.runOpen.length; run++) {
      if (this.trace.runs.first[run] < row || this.trace.runs.first[run] >= end) this.runOpen[run] = 0;
    }
    this.reveal(row);
    this.rebuild();
  }

  setGrouped(grouped: boolean): void {
    this.grouped = grouped;
    this.rebuild();
  }

  /** Shows only these rows and what they lie under; all for undefined. */
  setKept(matches: Int32Array | undefined): void {
    this.kept = matches === undefined ? undefined : RowMarks.withAncestors(this.trace.columns, matches);
    this.rebuild();
  }

  /** The number of levels to be seen now: depth of the deepest visible span + 1. */
  visibleLevels(): number {
    let deepest = 0;
    for (let at = 0; at < this.visibleCount; at++) {
      deepest = Math.max(deepest, this.trace.depth[rowOfEntry(this.visible[at])]);
    }
    return deepest + 1;
  }
}

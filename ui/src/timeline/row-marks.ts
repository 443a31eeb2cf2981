import { NO_PARENT, type TraceColumns } from '@clew/model';

/** A mark for each of some rows. */
export class RowMarks {
  /** 1 for a marked row. */
  readonly marks: Uint8Array;

  private constructor(marks: Uint8Array) {
    this.marks = marks;
  }

  static of(columns: Pick<TraceColumns, 'spanCount'>, rows: Int32Array): RowMarks {
    const marks = new Uint8Array(columns.spanCount);
    for (const row of rows) marks[row] = 1;
    return new RowMarks(marks);
  }

  /** Marks the rows and every row they lie under. */
  static withAncestors(columns: Pick<TraceColumns, 'spanCount' | 'parent'>, rows: Int32Array): RowMarks {
    const marked = RowMarks.of(columns, rows);
    // Parents come before their children: from the last row up every mark has arrived when it is passed on.
    for (let row = columns.spanCount - 1; row >= 0; row--) {
      const up = columns.parent[row];
      if (marked.marks[row] === 1 && up !== NO_PARENT) marked.marks[up] = 1;
    }
    return marked;
  }
}

import { criticalPath } from '@clew/analysis';
import type { TraceColumns } from '@clew/model';

/** What the critical path is computed from. */
export type CriticalColumns = Pick<TraceColumns, 'parent' | 'spanCount' | 'start' | 'duration'>;

/** Which parts of which rows the trace had to wait for, sorted by row: parallel arrays, no object per section. */
export interface CriticalSections {
  readonly row: Int32Array;
  /** Nanoseconds from the trace's start. */
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** Nanoseconds of the whole path. */
  readonly total: number;
}

/** The critical path, sorted by row so that a row finds its sections: a counting sort, for it may have a million. */
export function buildCriticalSections(columns: CriticalColumns): CriticalSections {
  const path = criticalPath(columns);
  const next = new Int32Array(columns.spanCount + 1);
  let total = 0;
  for (let at = 0; at < path.count; at++) {
    next[path.row[at] + 1]++;
    total += path.to[at] - path.from[at];
  }
  for (let row = 0; row < columns.spanCount; row++) next[row + 1] += next[row];
  const sections = {
    row: new Int32Array(path.count),
    from: new Float64Array(path.count),
    to: new Float64Array(path.count),
    total,
  };
  for (let at = 0; at < path.count; at++) {
    const to = next[path.row[at]]++;
    sections.row[to] = path.row[at];
    sections.from[to] = path.from[at];
    sections.to[to] = path.to[at];
  }
  return sections;
}

/** Index of the first section of a row, or of where it would stand. */
export function firstSectionOf(sections: CriticalSections, row: number): number {
  let low = 0;
  let high = sections.row.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sections.row[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Nanoseconds of the path a row holds itself. */
export function criticalTimeOf(sections: CriticalSections, row: number): number {
  let time = 0;
  for (let at = firstSectionOf(sections, row); at < sections.row.length && sections.row[at] === row; at++) {
    time += sections.to[at] - sections.from[at];
  }
  return time;
}

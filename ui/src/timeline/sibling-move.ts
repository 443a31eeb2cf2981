import type { RowModel } from './row-model.ts';

/** The line of the next or previous sibling, or -1: the nearest on the same level with nothing further out between. */
export function siblingPosition(rows: RowModel, position: number, direction: 1 | -1): number {
  const level = rows.level[position];
  for (let at = position + direction; at >= 0 && at < rows.visibleCount; at += direction) {
    if (rows.level[at] < level) return -1;
    if (rows.level[at] === level) return at;
  }
  return -1;
}

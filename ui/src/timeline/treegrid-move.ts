import { NO_PARENT } from '@clew/model';
import type { RowModel } from './row-model.ts';

export interface TreegridMove {
  readonly row: number;
  /** Fold (true) or unfold (false) the row instead of moving to it. */
  readonly fold?: boolean;
  /** Show the row's details. */
  readonly open?: boolean;
}

/**
 * What a key does in a treegrid of rows (WAI-ARIA Authoring Practices, "Treegrid"), or undefined when the key is not
 * the grid's.
 * @param active row the cursor is on, or -1
 * @param page rows a page key moves by
 */
export function treegridMove(key: string, rows: RowModel, active: number, page: number): TreegridMove | undefined {
  if (rows.visibleCount === 0) return undefined;
  const last = rows.visibleCount - 1;
  const position = active === -1 ? -1 : rows.positionOf(active);
  const at = (wanted: number): TreegridMove => ({ row: rows.visible[Math.min(last, Math.max(0, wanted))] });
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return at(position + 1);
    case 'ArrowUp':
    case 'k':
      return at(position - 1);
    case 'PageDown':
      return at(position + page);
    case 'PageUp':
      return at(position - page);
    case 'Home':
      return at(0);
    case 'End':
      return at(last);
    default:
      return active === -1 ? undefined : rowMove(key, rows, active);
  }
}

function rowMove(key: string, rows: RowModel, active: number): TreegridMove | undefined {
  const open = rows.hasChildren(active) && rows.folded[active] === 0;
  const parent = rows.trace.columns.parent[active];
  switch (key) {
    case 'ArrowRight':
      if (open) return { row: active + 1 };
      return rows.hasChildren(active) ? { row: active, fold: false } : { row: active };
    case 'ArrowLeft':
      if (open) return { row: active, fold: true };
      return { row: parent === NO_PARENT ? active : parent };
    case 'Enter':
      return { row: active, open: true };
    case ' ':
      return rows.hasChildren(active) ? { row: active, fold: open } : { row: active, open: true };
    default:
      return undefined;
  }
}

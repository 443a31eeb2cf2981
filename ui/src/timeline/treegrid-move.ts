import { kindOfEntry, NO_ENTRY, SPAN_ENTRY } from './entry.ts';
import type { RowModel } from './row-model.ts';

export interface TreegridMove {
  readonly entry: number;
  /** Fold (true) or unfold (false) the line instead of moving to it. */
  readonly fold?: boolean;
  /** Show the span's details. */
  readonly open?: boolean;
}

/**
 * What a key does in a treegrid (WAI-ARIA Authoring Practices, "Treegrid"), or undefined when the key is not the
 * grid's.
 * @param active line the cursor is on, or NO_ENTRY
 * @param page lines a page key moves by
 */
export function treegridMove(key: string, rows: RowModel, active: number, page: number): TreegridMove | undefined {
  if (rows.visibleCount === 0) return undefined;
  const position = active === NO_ENTRY ? -1 : rows.positionOf(active);
  const moved = movedPosition(key, position, rows.visibleCount, page);
  if (moved !== undefined) return { entry: rows.visible[moved] };
  return active === NO_ENTRY ? undefined : lineMove(key, rows, active, position);
}

/**
 * Where a key that goes from line to line leads in a tree of `count` lines, one or more; undefined for other keys.
 * @param position line of the cursor, -1 when it is nowhere
 */
export function movedPosition(key: string, position: number, count: number, page: number): number | undefined {
  const at = (wanted: number): number => Math.min(count - 1, Math.max(0, wanted));
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
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

function lineMove(key: string, rows: RowModel, active: number, position: number): TreegridMove | undefined {
  const isSpan = kindOfEntry(active) === SPAN_ENTRY;
  const canFold = rows.canFold(active);
  const isOpen = canFold && !rows.isFolded(active);
  const isInto = position + 1 < rows.visibleCount && rows.level[position + 1] > rows.level[position];
  switch (key) {
    case 'ArrowRight':
      if (canFold && !isOpen) return { entry: active, fold: false };
      return { entry: isInto ? rows.visible[position + 1] : active };
    case 'ArrowLeft': {
      if (isOpen) return { entry: active, fold: true };
      const above = rows.parentPosition(position);
      return { entry: above === -1 ? active : rows.visible[above] };
    }
    case 'Enter':
      return isSpan || !canFold ? { entry: active, open: true } : { entry: active, fold: isOpen };
    case ' ':
      return canFold ? { entry: active, fold: isOpen } : { entry: active, open: true };
    default:
      return undefined;
  }
}

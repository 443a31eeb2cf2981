import { NO_PARENT } from '@clew/model';
import { movedPosition } from '../../timeline/treegrid-move.ts';
import type { DiffRows } from './diff-rows.ts';

export interface DiffMove {
  readonly node: number;
  /** Fold (true) or unfold (false) the node instead of moving to it. */
  readonly fold?: boolean;
  /** Show what the node is made of. */
  readonly open?: boolean;
}

/** What a key does in the tree (WAI-ARIA Authoring Practices, "Treegrid"); undefined when the key is not the tree's. */
export function diffMove(key: string, rows: DiffRows, active: number, page: number): DiffMove | undefined {
  if (rows.visibleCount === 0) return undefined;
  const position = active === -1 ? -1 : rows.positionOf(active);
  const moved = movedPosition(key, position, rows.visibleCount, page);
  if (moved !== undefined) return { node: rows.visible[moved] };
  return position === -1 ? undefined : nodeMove(key, rows, rows.visible[position], position);
}

function nodeMove(key: string, rows: DiffRows, node: number, position: number): DiffMove | undefined {
  const foldable = rows.hasChildren(node);
  const open = foldable && rows.folded[node] === 0;
  const parent = rows.tree.parent[node];
  switch (key) {
    case 'ArrowRight':
      if (open) return { node: rows.visible[position + 1] };
      return foldable ? { node, fold: false } : { node };
    case 'ArrowLeft':
      if (open) return { node, fold: true };
      return { node: parent === NO_PARENT ? node : parent };
    case 'Enter':
      return { node, open: true };
    case ' ':
      return foldable ? { node, fold: open } : { node, open: true };
    default:
      return undefined;
  }
}

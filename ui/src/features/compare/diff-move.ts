import { NO_PARENT } from '@clew/model';
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
  const last = rows.visibleCount - 1;
  const position = active === -1 ? -1 : rows.positionOf(active);
  const at = (wanted: number): DiffMove => ({ node: rows.visible[Math.min(last, Math.max(0, wanted))] });
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
      return position === -1 ? undefined : nodeMove(key, rows, rows.visible[position], position);
  }
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

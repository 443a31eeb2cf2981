import { type RefObject, useRef } from 'react';
import type { CompareSearch, CompareUpdate } from './compare-search.ts';
import type { DiffOrder } from './diff-rows.ts';
import type { DiffTreeControl } from './diff-tree.tsx';
import { useCompareKeys } from './use-compare-keys.ts';

/** What controls a merged tree, from its toolbar and from the keyboard. */
export interface DiffControls {
  /** Of the tree that is controlled. */
  readonly control: RefObject<DiffTreeControl | null>;
  readonly order: DiffOrder;
  /** Closes what stands beside the tree. */
  readonly close: () => void;
  /** Of the toolbar. */
  readonly toolbar: {
    readonly order: DiffOrder;
    readonly onOrder: (order: DiffOrder) => void;
    readonly onFoldAll: (folded: boolean) => void;
    readonly onJump: (direction: 1 | -1) => void;
  };
}

/** The order and the moves of a merged tree: kept in the address, on the toolbar and on keys. */
export function useDiffControls(options: {
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
  /** Whether a row counts as a difference. */
  readonly isChanged: (node: number) => boolean;
  /** Whether the spans of a row are open beside the tree. */
  readonly isOpen: boolean;
}): DiffControls {
  const { search, update, isChanged, isOpen } = options;
  const control = useRef<DiffTreeControl>(null);
  const order: DiffOrder = { onlyChanged: search.only === '1', largestFirst: search.sort === 'difference' };
  const onOrder = ({ onlyChanged, largestFirst }: DiffOrder): void =>
    update({ only: onlyChanged ? '1' : undefined, sort: largestFirst ? 'difference' : undefined });
  const onJump = (direction: 1 | -1): void => control.current?.jump(isChanged, direction);
  const onFoldAll = (folded: boolean): void => control.current?.foldAll(folded);
  const close = (): void => {
    update({ at: undefined });
    control.current?.focus();
  };
  useCompareKeys({
    jump: onJump,
    foldAll: onFoldAll,
    onlyChanged: () => onOrder({ ...order, onlyChanged: !order.onlyChanged }),
    close: () => (isOpen ? close() : false),
  });
  return { control, order, close, toolbar: { order, onOrder, onFoldAll, onJump } };
}

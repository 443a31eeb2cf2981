import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef } from 'react';
import { type DiffOrder, DiffRows, type DiffTree as Tree } from './diff-rows.ts';
import { type DiffTreeOptions, DiffTreeView } from './diff-tree-view.ts';
import './diff-tree.css';

export interface DiffTreeControl {
  foldAll(folded: boolean): void;
  /** To the next (1) or previous (-1) of the wanted nodes. */
  jump(wanted: (node: number) => boolean, direction: 1 | -1): void;
  focus(): void;
}

/** The frame of the tree in React; the view inside draws and moves its rows itself. */
export function DiffTree(
  props: DiffTreeOptions & {
    readonly tree: Tree;
    readonly order: DiffOrder;
    /** -1 for none. */
    readonly selected: number;
    readonly control: Ref<DiffTreeControl>;
  },
) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<DiffTreeView>(null);
  const latest = useRef(props);
  latest.current = props;
  const { tree, factsOf, order, selected } = props;
  useLayoutEffect(() => {
    const { label, columns } = latest.current;
    const made = new DiffTreeView(new DiffRows(tree), {
      ...{ label, columns, factsOf },
      onOpen: (node) => latest.current.onOpen(node),
    });
    view.current = made;
    host.current?.replaceChildren(made.element);
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [tree, factsOf]);
  const { onlyChanged, largestFirst } = order;
  useLayoutEffect(
    () => view.current?.arrange({ onlyChanged, largestFirst }),
    [onlyChanged, largestFirst, tree, factsOf],
  );
  useEffect(() => view.current?.select(selected), [selected, tree, factsOf]);
  useImperativeHandle(
    props.control,
    () => ({
      foldAll: (folded) => view.current?.foldAll(folded),
      jump: (wanted, direction) => void view.current?.jump(wanted, direction),
      focus: () => view.current?.element.focus(),
    }),
    [],
  );
  return <div className="diff-host" ref={host} />;
}

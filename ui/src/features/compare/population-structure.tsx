import type { CompareAnswer } from '@clew/contract';
import { useMemo, useRef } from 'react';
import { text } from '../../text/catalogue.ts';
import type { CompareSearch, CompareUpdate } from './compare-search.ts';
import { DiffToolbar } from './diff-toolbar.tsx';
import { DiffTree, type DiffTreeControl } from './diff-tree.tsx';
import type { DiffColumns } from './diff-tree-view.ts';
import { PathPanel } from './path-panel.tsx';
import { buildPopulationTree } from './population-tree.ts';
import { useCompareKeys } from './use-compare-keys.ts';

const { tree: words, populations } = text.compare;
const COLUMNS: DiffColumns = {
  name: words.name,
  before: [populations.columns.meanA, populations.columns.meanB],
  difference: populations.columns.difference,
  after: [populations.columns.oftenA, populations.columns.oftenB, populations.columns.p95],
};

/** The merged tree of both samples of traces. */
export function PopulationStructure(props: {
  readonly answer: CompareAnswer;
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
}) {
  const { answer, search, update } = props;
  const control = useRef<DiffTreeControl>(null);
  const { tree, factsOf, changed } = useMemo(() => buildPopulationTree(answer), [answer]);
  const order = { onlyChanged: search.only === '1', largestFirst: search.sort === 'difference' };
  const named = /^n:(\d+)$/.exec(search.at ?? '');
  const selected = named !== null && Number(named[1]) < answer.paths.length ? Number(named[1]) : -1;
  const jump = (direction: 1 | -1): void =>
    control.current?.jump((node) => answer.paths[node].change !== 'none', direction);
  const foldAll = (folded: boolean): void => control.current?.foldAll(folded);
  const close = (): void => {
    update({ at: undefined });
    control.current?.focus();
  };
  useCompareKeys({
    jump,
    foldAll,
    onlyChanged: () => update({ only: order.onlyChanged ? undefined : '1' }),
    close: () => (selected === -1 ? false : close()),
  });
  return (
    <div className={`compare-body${selected === -1 ? '' : ' has-pair'}`}>
      <div className="compare-tree">
        <DiffToolbar
          order={order}
          onOrder={(next) =>
            update({ only: next.onlyChanged ? '1' : undefined, sort: next.largestFirst ? 'difference' : undefined })
          }
          onFoldAll={foldAll}
          onJump={jump}
          places={
            answer.omittedPaths === 0
              ? words.places(tree.nodeCount, changed)
              : `${words.places(tree.nodeCount, changed)}, ${populations.omitted(answer.omittedPaths)}`
          }
          threshold={populations.threshold}
          byTime={populations.byTime}
        />
        {tree.nodeCount === 0 || (order.onlyChanged && changed === 0) ? (
          <p className="compare-none">{tree.nodeCount === 0 ? populations.noTraces : populations.noChange}</p>
        ) : (
          <DiffTree
            control={control}
            label={populations.treeLabel}
            columns={COLUMNS}
            tree={tree}
            order={order}
            selected={selected}
            factsOf={factsOf}
            onOpen={(node) => update({ at: `n:${node}` })}
          />
        )}
      </div>
      {selected !== -1 && <PathPanel answer={answer} node={selected} onClose={close} />}
    </div>
  );
}

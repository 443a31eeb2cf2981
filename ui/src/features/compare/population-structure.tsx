import type { CompareAnswer } from '@clew/contract';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import type { CompareSearch, CompareUpdate } from './compare-search.ts';
import { DiffToolbar } from './diff-toolbar.tsx';
import { DiffTree } from './diff-tree.tsx';
import type { DiffColumns } from './diff-tree-view.ts';
import { PathPanel } from './path-panel.tsx';
import { buildPopulationTree } from './population-tree.ts';
import { useDiffControls } from './use-diff-controls.ts';

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
  const { tree, factsOf, changed } = useMemo(() => buildPopulationTree(answer), [answer]);
  const named = /^n:(\d+)$/.exec(search.at ?? '');
  const selected = named !== null && Number(named[1]) < answer.paths.length ? Number(named[1]) : -1;
  const { control, order, close, toolbar } = useDiffControls({
    search,
    update,
    isChanged: (node) => answer.paths[node].change !== 'none',
    isOpen: selected !== -1,
  });
  return (
    <div className={`compare-body${selected === -1 ? '' : ' has-pair'}`}>
      <div className="compare-tree">
        <DiffToolbar
          {...toolbar}
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

import { CHANGE_NONE } from '@clew/analysis';
import { NO_PARENT, spanIdAt } from '@clew/model';
import { useMemo } from 'react';
import { text } from '../../text/catalogue.ts';
import { rowOfSpan } from '../../timeline/find-rows.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';
import type { Comparison } from './build-comparison.ts';
import { type CompareSearch, type CompareUpdate, spanOfAt } from './compare-search.ts';
import type { DiffTree as Tree } from './diff-rows.ts';
import { DiffToolbar } from './diff-toolbar.tsx';
import { DiffTree } from './diff-tree.tsx';
import type { DiffColumns } from './diff-tree-view.ts';
import { SpanPairPanel } from './span-pair-panel.tsx';
import { traceNodeFacts } from './trace-node-facts.ts';
import { useComparison } from './use-comparison.ts';
import { useDiffControls } from './use-diff-controls.ts';

const { tree: words } = text.compare;
const COLUMNS: DiffColumns = {
  name: words.name,
  before: [words.a, words.b],
  difference: words.difference,
  after: [words.selfA, words.selfB, words.selfDifference],
};

interface TraceDiffProps {
  readonly a: TraceModel;
  readonly b: TraceModel;
  readonly search: CompareSearch;
  readonly update: CompareUpdate;
}

/** The merged tree of two traces, and beside it the spans of the selected place. */
export function TraceDiff({ a, b, search, update }: TraceDiffProps) {
  const comparison = useComparison(a.columns, b.columns);
  if (comparison === undefined) {
    return (
      <div className="compare-body">
        <div className="progress" />
        <p className="visually-hidden" role="status">
          {text.compare.comparing}
        </p>
      </div>
    );
  }
  return <ComparedTree {...{ a, b, search, update, comparison }} />;
}

function ComparedTree({ a, b, search, update, comparison }: TraceDiffProps & { readonly comparison: Comparison }) {
  const { tree, changes } = comparison;
  const shown = useMemo<Tree>(
    () => ({ ...tree, changedWithin: changes.changedWithin, largestFirst: comparison.largestFirst }),
    [tree, changes, comparison],
  );
  const factsOf = useMemo(() => traceNodeFacts(comparison, b.columns), [comparison, b]);
  const changed = useMemo(() => changes.change.reduce((sum, one) => sum + (one === CHANGE_NONE ? 0 : 1), 0), [changes]);
  const selected = useMemo(() => nodeOfAt(search.at, a, b, comparison), [search.at, a, b, comparison]);
  const open = (node: number): void => update({ at: atOfNode(node, a, b, comparison) });
  const { control, order, close, toolbar } = useDiffControls({
    search,
    update,
    isChanged: (node) => changes.change[node] !== CHANGE_NONE,
    isOpen: selected !== NO_PARENT,
  });
  return (
    <div className={`compare-body${selected === NO_PARENT ? '' : ' has-pair'}`}>
      <div className="compare-tree">
        <DiffToolbar
          {...toolbar}
          places={words.places(tree.nodeCount, changed)}
          threshold={words.threshold}
          byTime={words.byTime}
        />
        {order.onlyChanged && changed === 0 ? (
          <p className="compare-none">{words.noChange}</p>
        ) : (
          <DiffTree
            control={control}
            label={words.label}
            columns={COLUMNS}
            tree={shown}
            order={order}
            selected={selected}
            factsOf={factsOf}
            onOpen={open}
          />
        )}
      </div>
      {selected !== NO_PARENT && (
        <SpanPairPanel
          key={selected}
          title={titleOf(comparison, selected)}
          a={{ trace: a, rows: rowsOf(tree.a.nodeOfRow, selected) }}
          b={{ trace: b, rows: rowsOf(tree.b.nodeOfRow, selected) }}
          onClose={close}
        />
      )}
    </div>
  );
}

function titleOf({ tree }: Comparison, node: number): string {
  return `${tree.services[tree.service[node]]}: ${tree.names[tree.name[node]] || text.compare.namelessSpan}`;
}

function rowsOf(nodeOfRow: Int32Array, node: number): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < nodeOfRow.length; row++) if (nodeOfRow[row] === node) rows.push(row);
  return Int32Array.from(rows);
}

/** The node of the span that the URL names. */
function nodeOfAt(at: string | undefined, a: TraceModel, b: TraceModel, { tree }: Comparison): number {
  const span = spanOfAt(at);
  if (span === undefined) return NO_PARENT;
  const row = rowOfSpan((span.side === 'a' ? a : b).columns, span.spanId);
  return row === -1 ? NO_PARENT : tree[span.side].nodeOfRow[row];
}

function atOfNode(node: number, a: TraceModel, b: TraceModel, { tree }: Comparison): string {
  const row = tree.a.firstRow[node];
  return row === NO_PARENT ? `b:${spanIdAt(b.columns, tree.b.firstRow[node])}` : `a:${spanIdAt(a.columns, row)}`;
}

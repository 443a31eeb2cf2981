import {
  CHANGE_COUNT,
  CHANGE_FASTER,
  CHANGE_NONE,
  CHANGE_ONLY_A,
  CHANGE_ONLY_B,
  CHANGE_SLOWER,
  type ComparedSide,
} from '@clew/analysis';
import { NO_PARENT, type TraceColumns } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { assignServiceColours } from '../../timeline/service-colours.ts';
import type { Comparison } from './build-comparison.ts';
import type { DiffChange, DiffFacts } from './diff-row.ts';
import { formatDifference } from './format-difference.ts';

const NAMES: Readonly<Record<number, DiffChange>> = {
  [CHANGE_NONE]: 'none',
  [CHANGE_SLOWER]: 'slower',
  [CHANGE_FASTER]: 'faster',
  [CHANGE_ONLY_A]: 'only-a',
  [CHANGE_ONLY_B]: 'only-b',
  [CHANGE_COUNT]: 'count',
};

/** What the tree says of a place in two traces. */
export function traceNodeFacts(comparison: Comparison, columnsB: TraceColumns): (node: number) => DiffFacts {
  const { tree, changes, largest } = comparison;
  const colours = coloursOf(comparison);
  return (node) => {
    const { a, b } = tree;
    const change = NAMES[changes.change[node]] ?? 'none';
    const service = tree.services[tree.service[node]];
    const name = nameOf(comparison, columnsB, node);
    const above = tree.parent[node];
    const isSame = above !== NO_PARENT && tree.service[above] === tree.service[node];
    const more = b.total[node] - a.total[node];
    const time = (count: number, nanos: number): string => (count === 0 ? '–' : formatDuration(nanos));
    const difference = formatDifference(more);
    return {
      colour: colours[tree.service[node]],
      service: isSame ? '' : service,
      name,
      change,
      count: countText(a.count[node], b.count[node]),
      errors: errorsText(a, b, node),
      before: [time(a.count[node], a.total[node]), time(b.count[node], b.total[node])],
      difference,
      after: [
        time(a.count[node], a.self[node]),
        time(b.count[node], b.self[node]),
        formatDifference(b.self[node] - a.self[node]),
      ],
      share: largest === 0 ? 0 : more / largest,
      label: text.compare.tree.node({
        ...{ service, name, change, difference },
        ...{ countA: a.count[node], countB: b.count[node] },
        ...{ totalA: formatDuration(a.total[node]), totalB: formatDuration(b.total[node]) },
      }),
    };
  };
}

/** "×3", "×3 › ×5"; nothing for one span on each side. */
function countText(a: number, b: number): string {
  const times = (count: number): string => `×${formatCount(count)}`;
  if (a === b || a === 0 || b === 0) return Math.max(a, b) > 1 ? times(Math.max(a, b)) : '';
  return `${times(a)} › ${times(b)}`;
}

function errorsText(a: ComparedSide, b: ComparedSide, node: number): string {
  if (a.errors[node] === 0 && b.errors[node] === 0) return '';
  if (a.count[node] === 0) return text.trace.errors(b.errors[node]);
  if (b.count[node] === 0 || a.errors[node] === b.errors[node]) return text.trace.errors(a.errors[node]);
  return `${formatCount(a.errors[node])} › ${text.trace.errors(b.errors[node])}`;
}

/** Roots are compared whatever they are called: then both names are said. */
function nameOf({ tree }: Comparison, columnsB: TraceColumns, node: number): string {
  const shown = (name: string): string => (name === '' ? text.compare.namelessSpan : name);
  const name = tree.names[tree.name[node]];
  const rowB = tree.b.firstRow[node];
  const nameB = rowB === NO_PARENT ? name : columnsB.names[columnsB.name[rowB]];
  return name === nameB ? shown(name) : `${shown(name)} › ${shown(nameB)}`;
}

function coloursOf({ tree }: Comparison) {
  const weight = new Float64Array(tree.services.length);
  for (let node = 0; node < tree.nodeCount; node++) weight[tree.service[node]] += tree.a.self[node] + tree.b.self[node];
  const order = tree.services.map((_, index) => index).sort((x, y) => weight[y] - weight[x] || x - y);
  const assigned = assignServiceColours(order.map((index) => tree.services[index]));
  return tree.services.map((name) => assigned.get(name) ?? { colour: 0, monogram: '' });
}

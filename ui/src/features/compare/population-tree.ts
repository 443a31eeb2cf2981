import { heaviestSiblingsFirst, subtreeEnds } from '@clew/analysis';
import type { CompareAnswer, ComparedPath } from '@clew/contract';
import { NO_PARENT } from '@clew/model';
import { text } from '../../text/catalogue.ts';
import { formatCount } from '../../text/format-count.ts';
import { formatDuration } from '../../text/format-duration.ts';
import { formatDecimal } from '../../text/format-number.ts';
import { assignServiceColours } from '../../timeline/service-colours.ts';
import type { DiffFacts } from './diff-row.ts';
import type { DiffTree } from './diff-rows.ts';
import { formatDifference, formatPercent } from './format-difference.ts';

/** The merged tree of two samples of traces as the tree view takes it. */
export interface PopulationTree {
  readonly tree: DiffTree;
  readonly factsOf: (node: number) => DiffFacts;
  /** Paths that differ by more than chance. */
  readonly changed: number;
}

export function buildPopulationTree({ paths, a, b }: Pick<CompareAnswer, 'paths' | 'a' | 'b'>): PopulationTree {
  const nodeCount = paths.length;
  const parent = Int32Array.from(paths, (path) => path.parent);
  const depth = new Int32Array(nodeCount);
  const changedWithin = Uint8Array.from(paths, ({ change }) => (change === 'none' ? 0 : 1));
  for (let node = 0; node < nodeCount; node++) depth[node] = parent[node] === NO_PARENT ? 0 : depth[parent[node]] + 1;
  for (let node = nodeCount - 1; node > 0; node--) {
    if (changedWithin[node] === 1 && parent[node] !== NO_PARENT) changedWithin[parent[node]] = 1;
  }
  const more = Float64Array.from(paths, differenceNano);
  const largest = more.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  const largestFirst = heaviestSiblingsFirst(parent, more.map(Math.abs));
  const end = subtreeEnds({ parent, spanCount: nodeCount });
  const colours = assignServiceColours(servicesBySpans(paths));
  return {
    tree: { nodeCount, parent, depth, end, changedWithin, largestFirst },
    changed: paths.reduce((sum, { change }) => sum + (change === 'none' ? 0 : 1), 0),
    factsOf: (node) => ({
      ...factsOfPath(paths[node], a.traces.count, b.traces.count),
      colour: colours.get(paths[node].service) ?? { colour: 0, monogram: '' },
      service:
        parent[node] !== NO_PARENT && paths[parent[node]].service === paths[node].service ? '' : paths[node].service,
      share: largest === 0 ? 0 : more[node] / largest,
    }),
  };
}

/** Of the mean duration; none where a side has no span. */
function differenceNano({ a, b }: ComparedPath): number {
  return a.spans === 0 || b.spans === 0 ? 0 : b.meanNano - a.meanNano;
}

function factsOfPath(
  path: ComparedPath,
  tracesA: number,
  tracesB: number,
): Omit<DiffFacts, 'colour' | 'service' | 'share'> {
  const { a, b, change } = path;
  const name = path.name === '' ? text.compare.namelessSpan : path.name;
  const mean = (side: ComparedPath['a']): string => (side.spans === 0 ? '–' : formatDuration(side.meanNano));
  const often = (side: ComparedPath['a'], traces: number): string =>
    traces === 0 ? '–' : formatPercent(side.traces / traces);
  const errors = (side: ComparedPath['a']): number => (side.spans === 0 ? 0 : side.errors / side.spans);
  const both = a.spans > 0 && b.spans > 0;
  const difference = both ? formatDifference(differenceNano(path)) : '';
  return {
    name,
    change,
    count: countsText(a, b),
    errors: errors(a) === 0 && errors(b) === 0 ? '' : errorsText(errors(a), errors(b), both),
    before: [mean(a), mean(b)],
    difference,
    after: [often(a, tracesA), often(b, tracesB), both ? formatDifference(b.p95Nano - a.p95Nano) : ''],
    label: text.compare.populations.pathLabel({
      ...{ service: path.service, name, change, difference },
      ...{ meanA: mean(a), meanB: mean(b), oftenA: often(a, tracesA), oftenB: often(b, tracesB) },
    }),
  };
}

function errorsText(a: number, b: number, both: boolean): string {
  const { errorShare } = text.compare.populations;
  if (!both) return errorShare(formatPercent(Math.max(a, b)));
  return formatPercent(a) === formatPercent(b)
    ? errorShare(formatPercent(a))
    : `${formatPercent(a)} › ${errorShare(formatPercent(b))}`;
}

/** Spans in a trace that has the path: "×5", "×1 › ×5". */
function countsText(a: ComparedPath['a'], b: ComparedPath['a']): string {
  const each = ({ spans, traces }: ComparedPath['a']): string =>
    `×${traces === 0 ? 0 : spans / traces >= 100 ? formatCount(Math.round(spans / traces)) : formatDecimal(spans / traces, 1)}`;
  if (a.traces === 0 || b.traces === 0) {
    const only = each(a.traces === 0 ? b : a);
    return only === '×1' ? '' : only;
  }
  if (each(a) !== each(b)) return `${each(a)} › ${each(b)}`;
  return each(a) === '×1' ? '' : each(a);
}

function servicesBySpans(paths: readonly ComparedPath[]): string[] {
  const spans = new Map<string, number>();
  for (const { service, a, b } of paths) {
    const time = a.selfNano * a.spans + b.selfNano * b.spans;
    spans.set(service, (spans.get(service) ?? 0) + time);
  }
  return [...spans].sort(([x, timeX], [y, timeY]) => timeY - timeX || (x < y ? -1 : 1)).map(([service]) => service);
}

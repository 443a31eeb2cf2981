import type { GraphLayout, RoutedEdge } from '../../graph/graph-layout.ts';
import { labelPoints, pointOnLine } from './label-point.ts';

/** Of a character of a label; half a pixel more than letters and digits need on average. */
const CHARACTER_PX = 6.2;
/** From the point a label is placed by to its upper border; a second line, for errors, goes below the point. */
const ABOVE_PX = 16;
const BELOW_PX = { 1: -1, 2: 18 } as const;
/** Where else on its line a label may stand, as parts of the way. */
const OTHER_PLACES = [0.5, 0.38, 0.62, 0.28, 0.72] as const;

export interface LineLabel {
  readonly text: string;
  readonly lines: 1 | 2;
  /** Of two that want the same place the one with more gets it. */
  readonly importance: number;
}

export interface LabelPlace {
  readonly x: number;
  readonly y: number;
  /** It would cover another label or a node wherever it stood. */
  readonly isCovered: boolean;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A place for the label of each line of the layout, in the lines' order, so that none that is shown covers another. */
export function placeLabels(
  { nodes, edges }: Pick<GraphLayout, 'nodes' | 'edges'>,
  labels: readonly LineLabel[],
): readonly LabelPlace[] {
  const wanted = labelPoints(edges);
  const taken: Box[] = nodes.map(({ x, y, width, height }) => ({
    left: x,
    right: x + width,
    top: y,
    bottom: y + height,
  }));
  const places = wanted.map((point): LabelPlace => ({ ...point, isCovered: true }));
  const order = labels.map((_, at) => at).sort((a, b) => labels[b].importance - labels[a].importance || a - b);
  for (const at of order) {
    for (const point of [wanted[at], ...otherPoints(edges[at])]) {
      const box = boxOf(point, labels[at]);
      if (taken.some((other) => overlaps(box, other))) continue;
      taken.push(box);
      places[at] = { ...point, isCovered: false };
      break;
    }
  }
  return places;
}

function otherPoints(edge: RoutedEdge): readonly { readonly x: number; readonly y: number }[] {
  return edge.isBack ? [] : OTHER_PLACES.map((part) => pointOnLine(edge, part));
}

function boxOf({ x, y }: { readonly x: number; readonly y: number }, { text, lines }: LineLabel): Box {
  const half = (text.length * CHARACTER_PX) / 2;
  return { left: x - half, right: x + half, top: y - ABOVE_PX, bottom: y + BELOW_PX[lines] };
}

function overlaps(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

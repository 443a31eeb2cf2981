import type { PlacedNode } from '../../../graph/graph-layout.ts';

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** How much more a step aside counts than a step ahead. */
const ASIDE = 3;

/** The node that an arrow key leads to: near, and in that direction rather than beside it; undefined at the border. */
export function nearestNode(
  nodes: readonly PlacedNode[],
  from: PlacedNode,
  direction: Direction,
): PlacedNode | undefined {
  const isAcross = direction === 'ArrowLeft' || direction === 'ArrowRight';
  const sign = direction === 'ArrowRight' || direction === 'ArrowDown' ? 1 : -1;
  let best: PlacedNode | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    const x = node.x + node.width / 2 - (from.x + from.width / 2);
    const y = node.y + node.height / 2 - (from.y + from.height / 2);
    const ahead = sign * (isAcross ? x : y);
    const cost = ahead + ASIDE * Math.abs(isAcross ? y : x);
    if (node.id === from.id || ahead <= 1 || cost >= least) continue;
    [best, least] = [node, cost];
  }
  return best;
}

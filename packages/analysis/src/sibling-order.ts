/** A tree's nodes depth first with siblings by weight instead of by place. */
import { NO_PARENT } from '@clew/model';

/**
 * Nodes depth first, siblings of most weight first, equal ones in the order of the tree. The nodes below one follow
 * it without a gap, as in the tree itself.
 * @param parent by node, each before its children.
 */
export function heaviestSiblingsFirst(parent: Int32Array, weight: Float64Array): Int32Array<ArrayBuffer> {
  const nodeCount = parent.length;
  // One sort of all nodes: by parent, then weight; siblings then stand together.
  const byParent = new Int32Array(nodeCount);
  for (let node = 0; node < nodeCount; node++) byParent[node] = node;
  byParent.sort((x, y) => parent[x] - parent[y] || weight[x] - weight[y] || y - x);

  // Pushed lightest first, taken heaviest first.
  const firstOf = new Int32Array(nodeCount + 1);
  const endOf = new Int32Array(nodeCount + 1);
  for (let at = 0; at < nodeCount; at++) {
    const slot = parent[byParent[at]] + 1;
    if (endOf[slot] === 0) firstOf[slot] = at;
    endOf[slot] = at + 1;
  }
  const order = new Int32Array(nodeCount);
  const open = new Int32Array(nodeCount);
  let top = 0;
  const push = (node: number): void => {
    for (let at = firstOf[node + 1]; at < endOf[node + 1]; at++) open[top++] = byParent[at];
  };
  push(NO_PARENT);
  for (let at = 0; top > 0; at++) {
    order[at] = open[--top];
    push(order[at]);
  }
  return order;
}

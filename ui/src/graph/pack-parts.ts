import { movedPath } from './edge-path.ts';
import type { GraphLayout, PlacedNode, RoutedEdge } from './graph-layout.ts';

/** Puts parts side by side in rows, large ones first, to about the wanted width by height. */
export function packParts(
  parts: readonly GraphLayout[],
  { gap, aspect }: { readonly gap: number; readonly aspect: number },
): GraphLayout {
  const [only] = parts;
  if (parts.length === 1) return only;
  const sorted = [...parts].sort((a, b) => b.nodes.length - a.nodes.length || b.height - a.height || b.width - a.width);
  const area = parts.reduce((sum, part) => sum + (part.width + gap) * (part.height + gap), 0);
  const widest = parts.reduce((most, part) => Math.max(most, part.width), 0);
  const limit = Math.max(widest, Math.sqrt(area * aspect));
  const nodes: PlacedNode[] = [];
  const edges: RoutedEdge[] = [];
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const part of sorted) {
    if (x > 0 && x + part.width > limit) {
      y += rowHeight + gap;
      [x, rowHeight] = [0, 0];
    }
    for (const node of part.nodes) nodes.push({ ...node, x: node.x + x, y: node.y + y });
    for (const edge of part.edges) {
      const path = movedPath(edge.path, { x, y });
      edges.push({ ...edge, path, labelX: edge.labelX + x, labelY: edge.labelY + y });
    }
    width = Math.max(width, x + part.width);
    rowHeight = Math.max(rowHeight, part.height);
    x += part.width + gap;
  }
  return { direction: parts[0]?.direction ?? 'right', nodes, edges, width, height: y + rowHeight };
}

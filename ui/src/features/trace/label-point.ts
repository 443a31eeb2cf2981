import type { RoutedEdge } from '../../graph/graph-layout.ts';

/** How far along its line a label stands, away from where lines of many calls meet. */
const NEAR_TARGET = 0.62;
const NEAR_SOURCE = 0.38;
const MIDDLE = 0.5;

/** Where the label of each line stands: by the called service where its caller calls many, by the caller the other way. */
export function labelPoints(edges: readonly RoutedEdge[]): readonly { readonly x: number; readonly y: number }[] {
  const leaving = new Map<string, number>();
  const arriving = new Map<string, number>();
  for (const { from, to } of edges) {
    leaving.set(from, (leaving.get(from) ?? 0) + 1);
    arriving.set(to, (arriving.get(to) ?? 0) + 1);
  }
  return edges.map((edge) => {
    if (edge.isBack) return { x: edge.labelX, y: edge.labelY };
    const fan = (leaving.get(edge.from) ?? 1) - (arriving.get(edge.to) ?? 1);
    return pointOnLine(edge, fan > 0 ? NEAR_TARGET : fan < 0 ? NEAR_SOURCE : MIDDLE);
  });
}

/** A point on the last curve of a path, or on the first when it is to be near the start. */
export function pointOnLine(edge: RoutedEdge, part: number): { x: number; y: number } {
  const segments = [...edge.path.matchAll(/([MLC])([^MLC]+)/g)].map(([, letter, rest]) => ({
    letter,
    numbers: rest
      .trim()
      .split(/[\s,]+/)
      .map(Number),
  }));
  const index = part < MIDDLE ? 1 : segments.length - 1;
  const before = segments[index - 1];
  const segment = segments[index];
  if (before === undefined || segment === undefined || (part === MIDDLE && segments.length > 2)) {
    return { x: edge.labelX, y: edge.labelY };
  }
  const [x0, y0] = before.numbers.slice(-2);
  const points = segment.numbers;
  const rest = 1 - part;
  if (segment.letter === 'L') return { x: rest * x0 + part * points[0], y: rest * y0 + part * points[1] };
  const at = (start: number, axis: 0 | 1): number => {
    const [first, second, end] = [points[axis], points[2 + axis], points[4 + axis]];
    return rest ** 3 * start + 3 * rest ** 2 * part * first + 3 * rest * part ** 2 * second + part ** 3 * end;
  };
  return { x: at(x0, 0), y: at(y0, 1) };
}

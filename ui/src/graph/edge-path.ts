export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface EdgePath {
  /** SVG path data. */
  readonly path: string;
  readonly labelX: number;
  readonly labelY: number;
}

const LOOP_SIZE = 14;
const MIN_BOW = 24;
const MAX_BOW = 64;

/** A curve through points that leaves and arrives along the direction of the ranks. */
export function routeEdge(points: readonly Point[], isDown: boolean): EdgePath {
  const parts = [`M${shown(points[0])}`];
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]];
    if (isDown ? from.x === to.x : from.y === to.y) {
      parts.push(`L${shown(to)}`);
      continue;
    }
    const [x, y] = [(from.x + to.x) / 2, (from.y + to.y) / 2];
    const first = isDown ? { x: from.x, y } : { x, y: from.y };
    const second = isDown ? { x: to.x, y } : { x, y: to.y };
    parts.push(`C${shown(first)} ${shown(second)} ${shown(to)}`);
  }
  const middle = Math.floor((points.length - 1) / 2);
  const [before, after] = [points[middle], points[middle + 1]];
  return { path: parts.join(''), labelX: (before.x + after.x) / 2, labelY: (before.y + after.y) / 2 };
}

/** A bow between two nodes of one rank, on the side to which the ranks go on. */
export function routeAside(from: Point, to: Point, isDown: boolean): EdgePath {
  const reach = Math.min(MAX_BOW, MIN_BOW + Math.abs(isDown ? to.x - from.x : to.y - from.y) / 6);
  const aside = ({ x, y }: Point): Point => (isDown ? { x, y: y + reach } : { x: x + reach, y });
  const path = `M${shown(from)}C${shown(aside(from))} ${shown(aside(to))} ${shown(to)}`;
  const middle = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
  const label = isDown ? { x: middle.x, y: middle.y + reach * 0.75 } : { x: middle.x + reach * 0.75, y: middle.y };
  return { path, labelX: label.x, labelY: label.y };
}

/** From the upper border of a node back to it. */
export function routeLoop(node: Point & { readonly width: number }): EdgePath {
  const middle = node.x + node.width / 2;
  const [left, right] = [middle - LOOP_SIZE / 2, middle + LOOP_SIZE / 2];
  const top = node.y - LOOP_SIZE;
  const start = { x: left, y: node.y };
  const path = `M${shown(start)}C${shown({ x: left, y: top })} ${shown({ x: right, y: top })} ${shown({ x: right, y: node.y })}`;
  return { path, labelX: middle, labelY: top };
}

function shown({ x, y }: Point): string {
  return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
}

/** The same path elsewhere. */
export function movedPath(path: string, by: Point): string {
  let isX = false;
  return path.replace(/-?\d+(?:\.\d+)?/g, (number) => {
    isX = !isX;
    return String(Math.round((Number(number) + (isX ? by.x : by.y)) * 10) / 10);
  });
}

import type { GraphLayout, LayoutGraph, PlacedNode } from '../../../graph/graph-layout.ts';
import { text } from '../../../text/catalogue.ts';
import { formatCount } from '../../../text/format-count.ts';
import { formatDuration } from '../../../text/format-duration.ts';
import { formatRate, formatShare } from '../../overview/format-rate.ts';
import { HEALTH_SHAPES } from '../health-mark.tsx';
import { healthOf } from '../service-health.ts';
import type { MapEdge, MapGraph, MapNode } from './map-graph.ts';

const SVG = 'http://www.w3.org/2000/svg';
const NODE_HEIGHT = 40;
/** Of a name as it is seen from afar, where it is drawn larger. */
const CHARACTER_PX = 8.2;
const MIN_WIDTH = 96;
const MAX_CHARACTERS = 26;

/** What of a node is drawn where; sizes as the layout needs them. */
export function layoutInput({ nodes, edges }: MapGraph): LayoutGraph {
  const most = edges.reduce((top, { rate }) => Math.max(top, rate), 0);
  return {
    nodes: nodes.map((node) => ({ id: node.id, width: widthOf(node), height: NODE_HEIGHT })),
    edges: edges.map(({ from, to, rate }) => ({ from, to, weight: most === 0 ? 0 : (3 * rate) / most })),
  };
}

function widthOf(node: MapNode): number {
  const characters = Math.max(Math.min(MAX_CHARACTERS, node.name.length), subtitleOf(node).length * 0.75);
  return Math.max(
    MIN_WIDTH,
    Math.round(characters * CHARACTER_PX) + (node.kind === 'group' ? 46 + countOf(node).length * 8 : 42),
  );
}

function subtitleOf(node: MapNode): string {
  const errors = node.errors > 0 ? ` · ${formatShare(node.errors, node.spans)}` : '';
  return `${formatRate(node.rate)}${errors}`;
}

export function svg<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Element | string)[]
): SVGElementTagNameMap[Name] {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/** A box with health, name and figures; its outline tells what it is. */
export function drawNode(node: MapNode, layout: GraphLayout['nodes'][number]): SVGGElement {
  const { width, height } = layout;
  const outline = outlineOf(node, width, height);
  const shape = svg('path', {
    d: HEALTH_SHAPES[node.health],
    class: `health is-${node.health}`,
    transform: `translate(17 ${height / 2})`,
  });
  const name = svg('text', { x: 30, y: 17, class: 'map-name' }, shortened(node.name));
  const figures = svg('text', { x: 30, y: 32, class: 'map-figures' }, subtitleOf(node));
  const group = svg('g', {
    class: `map-node is-${node.kind} is-${node.health}`,
    transform: `translate(${layout.x} ${layout.y})`,
    'data-id': node.id,
  });
  group.append(...outline, shape, name, figures);
  if (node.kind === 'group') {
    group.append(svg('text', { x: width - 10, y: 17, class: 'map-count' }, countOf(node)));
  }
  return group;
}

/** "12", or "1/12" where so many of its services do badly. */
function countOf({ members, services }: MapNode): string {
  const { all, unhealthy } = services ?? { all: 0, unhealthy: 0 };
  return unhealthy === 0 ? formatCount(members.length) : text.services.map.shareShort(unhealthy, all);
}

/** Services are rectangles, groups stacks of them, databases drums, messaging rounded, others with cut corners. */
function outlineOf(node: MapNode, width: number, height: number): readonly Element[] {
  const box = (x: number, y: number, radius: number): Element =>
    svg('rect', { x, y, width, height, rx: radius, class: 'map-box' });
  switch (node.kind) {
    case 'group':
      return [box(6, -6, 4), box(3, -3, 4), box(0, 0, 4)];
    case 'messaging':
      return [box(0, 0, height / 2)];
    case 'database': {
      const lid = `M0 5C0-2 ${width}-2 ${width} 5`;
      const d = `${lid}V${height - 5}C${width} ${height + 2} 0 ${height + 2} 0 ${height - 5}Z`;
      return [svg('path', { d, class: 'map-box' })];
    }
    case 'external': {
      const cut = 9;
      const d = `M${cut} 0H${width - cut}L${width} ${cut}V${height - cut}L${width - cut} ${height}H${cut}L0 ${height - cut}V${cut}Z`;
      return [svg('path', { d, class: 'map-box' })];
    }
    case 'service':
      return [box(0, 0, 4)];
  }
}

/** The line, and a wider one that takes the pointer. */
export function drawEdge(edge: MapEdge, path: string, mostRate: number): SVGGElement {
  const health = edge.errors > 0 ? healthOf({ spans: edge.calls, errors: edge.errors }) : 'ok';
  const width = 1 + (mostRate === 0 ? 0 : 3 * Math.sqrt(edge.rate / mostRate));
  const line = svg('path', {
    d: path,
    class: 'map-line',
    'stroke-width': width.toFixed(2),
    'marker-end': `url(#map-arrow-${health === 'idle' ? 'ok' : health})`,
  });
  return svg(
    'g',
    { class: `map-edge is-${health}`, 'data-edge': edge.id },
    svg('path', { d: path, class: 'map-hit' }),
    line,
  );
}

/** Figures of a call, where its line meets the node at the other end: there lines are apart. */
export function drawLabel(edge: MapEdge, far: PlacedNode, { isEnd, isDown, row }: LabelSide): SVGTextElement {
  const words = `${formatRate(edge.rate)} · ${formatDuration(edge.p95Nano)}`;
  const [x, y] = isDown
    ? [far.x + far.width / 2, isEnd ? far.y - LABEL_GAP : far.y + far.height + LABEL_GAP + 8]
    : [isEnd ? far.x - LABEL_GAP : far.x + far.width + LABEL_GAP, far.y + far.height / 2 - 5];
  const anchor = isDown ? 'middle' : isEnd ? 'end' : 'start';
  return svg('text', { class: 'map-label', x, y: y + row * LABEL_ROW, 'text-anchor': anchor }, words);
}

const LABEL_GAP = 8;
const LABEL_ROW = 15;

interface LabelSide {
  /** The line comes to the side of the node that lies before it, in the direction of the ranks. */
  readonly isEnd: boolean;
  readonly isDown: boolean;
  readonly row: number;
}

/** Arrow heads, one for each colour of line. */
export function arrowHeads(): SVGDefsElement {
  return svg(
    'defs',
    {},
    ...(['ok', 'warn', 'bad'] as const).map((health) =>
      svg(
        'marker',
        {
          id: `map-arrow-${health}`,
          ...{ viewBox: '0 0 8 8', refX: 7.5, refY: 4, markerWidth: 8, markerHeight: 8 },
          ...{ orient: 'auto', markerUnits: 'userSpaceOnUse', class: `map-head is-${health}` },
        },
        svg('path', { d: 'M0 .500L8 4L0 7.500Z' }),
      ),
    ),
  );
}

function shortened(name: string): string {
  return name.length <= MAX_CHARACTERS ? name : `${name.slice(0, MAX_CHARACTERS - 1)}…`;
}

import type { GraphLayout, PlacedNode } from '../../../graph/graph-layout.ts';
import { arrowHeads, drawEdge, drawLabel, drawNode, svg } from './map-drawing.ts';
import { MapGestures } from './map-gestures.ts';
import type { MapEdge, MapGraph } from './map-graph.ts';
import { type Direction, nearestNode } from './nearest-node.ts';
import { fitViewport, panViewport, readableViewport, revealBox, type Viewport, zoomViewport } from './viewport.ts';

export interface MapEvents {
  /** A node or an edge was chosen, by its id; undefined: nothing any more. */
  readonly onChoose: (chosen: { readonly node?: string; readonly edge?: string } | undefined) => void;
  /** A node was opened with Enter or a double click. */
  readonly onOpen: (node: string) => void;
  /** What is said of a node or edge. */
  readonly describe: (id: string) => string;
}

const ZOOM_STEP = 1.3;
const PAN_STEP_PX = 80;
/** Figures at lines: more would hide each other. */
const MAX_LABELS = 24;

/**
 * A laid out graph as SVG that is moved and zoomed by mouse, touch and keys without drawing it anew. Arrows go from
 * node to node and say each aloud; the calls of the node under the pointer or the cursor stand out, with figures.
 */
export class MapView {
  readonly element: HTMLElement;
  readonly #svg = svg('svg', { class: 'map-svg', 'aria-hidden': 'true' });
  readonly #stage = svg('g', {});
  readonly #tip = document.createElement('div');
  readonly #spoken = document.createElement('p');
  readonly #events: MapEvents;
  readonly #gestures: MapGestures;
  readonly #resizing: ResizeObserver;
  #layout: GraphLayout = { direction: 'right', nodes: [], edges: [], width: 0, height: 0 };
  #edges: readonly MapEdge[] = [];
  #nodes = new Map<string, SVGGElement>();
  #lines = new Map<string, SVGGElement>();
  #places = new Map<string, GraphLayout['edges'][number]>();
  #view: Viewport = { left: 0, top: 0, scale: 1 };
  #isMoved = false;
  #active: string | undefined;
  readonly #labels = svg('g', { class: 'map-labels' });

  constructor(label: string, role: string, events: MapEvents, wheelZooms: boolean) {
    this.#events = events;
    this.element = document.createElement('div');
    this.element.className = 'map-canvas';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-roledescription', role);
    this.element.setAttribute('aria-label', label);
    this.#tip.className = 'map-tip';
    this.#tip.hidden = true;
    this.#spoken.className = 'visually-hidden';
    this.#spoken.setAttribute('role', 'status');
    this.#svg.append(arrowHeads(), this.#stage);
    this.element.append(this.#svg, this.#tip, this.#spoken);
    this.#gestures = new MapGestures(this.element, wheelZooms, {
      pan: (dx, dy) => this.#pan(dx, dy),
      zoom: (factor, x, y) => this.#setView(zoomViewport(this.#view, factor, x, y)),
      tap: (target) => this.#tap(target),
      hover: (target, x, y) => this.#hover(target, x, y),
    });
    this.element.addEventListener('keydown', (event) => this.#keyDown(event));
    this.element.addEventListener('dblclick', (event) => {
      const id = idOf(event.target, 'data-id');
      if (id !== undefined) this.#events.onOpen(id);
    });
    this.#resizing = new ResizeObserver(() => {
      if (!this.#isMoved) this.#setView(readableViewport(this.#layout, this.#area));
    });
    this.#resizing.observe(this.element);
  }

  destroy(): void {
    this.#resizing.disconnect();
    this.#gestures.destroy();
    this.element.remove();
  }

  show(graph: MapGraph, layout: GraphLayout): void {
    this.#layout = layout;
    this.#edges = graph.edges;
    const places = new Map(layout.nodes.map((node) => [node.id, node]));
    this.#places = new Map(layout.edges.map((edge) => [`${edge.from}\n${edge.to}`, edge]));
    const most = graph.edges.reduce((top, { rate }) => Math.max(top, rate), 0);
    this.#lines = new Map(
      graph.edges.map((edge) => [edge.id, drawEdge(edge, this.#places.get(edge.id)?.path ?? '', most)]),
    );
    this.#nodes = new Map(
      graph.nodes.flatMap((node): [string, SVGGElement][] => {
        const place = places.get(node.id);
        return place === undefined ? [] : [[node.id, drawNode(node, place)]];
      }),
    );
    this.#stage.replaceChildren(...this.#lines.values(), ...this.#nodes.values(), this.#labels);
    this.#isMoved = false;
    this.#setView(readableViewport(layout, this.#area));
    if (this.#active !== undefined && !this.#nodes.has(this.#active)) this.#active = undefined;
    this.#mark(this.#active);
  }

  fit(): void {
    this.#isMoved = true;
    this.#setView(fitViewport(this.#layout, this.#area));
  }

  zoom(factor: number): void {
    const { width, height } = this.#area;
    this.#isMoved = true;
    this.#setView(zoomViewport(this.#view, factor, width / 2, height / 2));
  }

  /** Marks a node or edge as chosen; undefined: none. */
  choose(id: string | undefined): void {
    for (const [key, element] of [...this.#nodes, ...this.#lines]) element.classList.toggle('is-chosen', key === id);
    if (id !== undefined && this.#nodes.has(id)) this.#active = id;
    this.#mark(id);
  }

  get #area(): { readonly width: number; readonly height: number } {
    return { width: this.element.clientWidth, height: this.element.clientHeight };
  }

  #setView(view: Viewport): void {
    this.#view = view;
    this.#stage.setAttribute('transform', `translate(${view.left} ${view.top}) scale(${view.scale})`);
    this.element.classList.toggle('is-far', view.scale < 0.5);
  }

  #pan(dx: number, dy: number): void {
    this.#isMoved = true;
    this.#setView(panViewport(this.#view, dx, dy, this.#layout, this.#area));
  }

  #tap(target: EventTarget | null): void {
    const [node, edge] = [idOf(target, 'data-id'), idOf(target, 'data-edge')];
    if (node !== undefined) this.#events.onChoose({ node });
    else this.#events.onChoose(edge === undefined ? undefined : { edge });
  }

  #hover(target: EventTarget | null, x: number, y: number): void {
    const id = idOf(target, 'data-id') ?? idOf(target, 'data-edge');
    this.#mark(id ?? this.#active);
    this.#tip.hidden = id === undefined;
    if (id === undefined) return;
    this.#tip.textContent = this.#events.describe(id);
    const left = Math.max(4, Math.min(x + 14, this.element.clientWidth - this.#tip.offsetWidth - 8));
    const below = y + 20 + this.#tip.offsetHeight < this.element.clientHeight;
    this.#tip.style.transform = `translate(${left}px, ${below ? y + 18 : y - this.#tip.offsetHeight - 10}px)`;
  }

  /** Lets a node with its calls, or one call, stand out. */
  #mark(id: string | undefined): void {
    const near = new Set<string>();
    const labels: Element[] = [];
    const beside = new Map<string, number>();
    for (const edge of this.#edges) {
      const isMarked = id !== undefined && (edge.id === id || edge.from === id || edge.to === id);
      this.#lines.get(edge.id)?.classList.toggle('is-marked', isMarked);
      if (!isMarked) continue;
      near.add(edge.from).add(edge.to);
      const far = edge.to === id ? edge.from : edge.to;
      const label = labels.length < MAX_LABELS ? this.#labelOf(edge, far, beside.get(far) ?? 0) : undefined;
      if (label !== undefined) labels.push(label);
      beside.set(far, (beside.get(far) ?? 0) + 1);
    }
    if (id !== undefined && this.#nodes.has(id)) near.add(id);
    for (const [key, element] of this.#nodes) {
      element.classList.toggle('is-near', near.has(key));
      element.classList.toggle('is-active', key === this.#active);
    }
    this.#labels.replaceChildren(...labels);
    this.#stage.classList.toggle('has-mark', near.size > 0);
  }

  /** @param row how many figures stand there already: calls may lead both ways */
  #labelOf(edge: MapEdge, farId: string, row: number): Element | undefined {
    const line = this.#places.get(edge.id);
    const far = this.#layout.nodes.find(({ id }) => id === farId);
    if (line === undefined || far === undefined) return undefined;
    const isEnd = (farId === edge.to) !== line.isBack;
    return drawLabel(edge, far, { isEnd, isDown: this.#layout.direction === 'down', row });
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#act(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** Whether the key means something here. */
  #act(key: string, isShifted: boolean): boolean {
    const step = ARROWS[key];
    if (step !== undefined) {
      if (isShifted) this.#pan(-step[0] * PAN_STEP_PX, -step[1] * PAN_STEP_PX);
      else this.#walk(key as Direction);
      return true;
    }
    switch (key) {
      case '+':
      case '=':
        this.zoom(ZOOM_STEP);
        return true;
      case '-':
        this.zoom(1 / ZOOM_STEP);
        return true;
      case '0':
        this.fit();
        return true;
      case 'Enter':
        if (this.#active !== undefined) this.#events.onOpen(this.#active);
        return this.#active !== undefined;
      case 'Escape':
        if (this.#active === undefined) return false;
        this.#active = undefined;
        this.#events.onChoose(undefined);
        return true;
      default:
        return false;
    }
  }

  #walk(direction: Direction): void {
    const { nodes } = this.#layout;
    const from = nodes.find(({ id }) => id === this.#active);
    const next = from === undefined ? firstOf(nodes) : nearestNode(nodes, from, direction);
    if (next === undefined) return;
    this.#active = next.id;
    this.#isMoved = true;
    this.#setView(revealBox(this.#view, next, this.#area));
    this.#spoken.textContent = this.#events.describe(next.id);
    this.#events.onChoose({ node: next.id });
  }
}

const ARROWS: Readonly<Record<string, readonly [number, number] | undefined>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Where walking begins: the first rank, in its middle. */
function firstOf(nodes: readonly PlacedNode[]): PlacedNode | undefined {
  const first = nodes.filter(({ rank }) => rank === 0).sort((a, b) => a.y - b.y || a.x - b.x);
  return first[Math.floor(first.length / 2)];
}

function idOf(target: EventTarget | null, attribute: 'data-id' | 'data-edge'): string | undefined {
  if (!(target instanceof Element)) return undefined;
  return target.closest(`[${attribute}]`)?.getAttribute(attribute) ?? undefined;
}

import { text } from '../text/catalogue.ts';
import { formatDuration } from '../text/format-duration.ts';
import { type ColourScheme, ERROR_COLOUR } from './colour-scheme.ts';
import { afterNextFrame } from './later.ts';
import { type MinimapDensity, widenDensity } from './minimap-density.ts';
import { readThemeColours, type ThemeColours, watchTheme } from './theme-colours.ts';
import { clampWindow, isWhole, panWindow, type TimeWindow, zoomWindow } from './time-scale.ts';
import type { TraceModel } from './trace-model.ts';
import './minimap.css';

/** Up to this many spans each gets a line of its own; above, only how many are in flight can be shown. */
const LINES_MAX = 200;
const EDGE_GRAB_PX = 6;
const DRAG_STARTS_PX = 3;
const ERROR_LANE_PX = 5;

type Drag =
  | { readonly kind: 'brush'; readonly fromX: number; toX: number }
  | { readonly kind: 'edge'; readonly fixed: number }
  | undefined;

/** The whole trace in 48 px: drag to zoom, drag an edge to adjust, wheel to zoom at the pointer, double-click to reset. */
export class MinimapView {
  readonly element: HTMLElement;
  private readonly canvas: HTMLCanvasElement;
  private readonly trace: TraceModel;
  private scheme: ColourScheme;
  private readonly onWindow: (window: TimeWindow) => void;
  private readonly stop: () => void;
  private readonly resizing: ResizeObserver;
  private themeRead: ThemeColours | undefined;
  private stopWaiting = (): void => undefined;
  private window: TimeWindow;
  private density: MinimapDensity | undefined;
  private drag: Drag;

  constructor(trace: TraceModel, scheme: ColourScheme, window: TimeWindow, onWindow: (window: TimeWindow) => void) {
    this.trace = trace;
    this.scheme = scheme;
    this.window = window;
    this.onWindow = onWindow;
    this.element = document.createElement('div');
    this.element.className = 'minimap';
    this.element.setAttribute('role', 'img');
    this.canvas = document.createElement('canvas');
    this.element.append(this.canvas);
    this.element.addEventListener('pointerdown', (event) => this.pointerDown(event));
    this.element.addEventListener('pointermove', (event) => this.pointerMove(event));
    this.element.addEventListener('pointerup', (event) => this.pointerUp(event));
    this.element.addEventListener('pointercancel', () => this.endDrag());
    this.element.addEventListener('dblclick', () => this.onWindow({ from: 0, to: this.total }));
    this.element.addEventListener('wheel', (event) => this.wheel(event), { passive: false });
    this.stop = watchTheme(() => {
      this.themeRead = undefined;
      this.draw();
    });
    let isDrawn = false;
    this.resizing = new ResizeObserver(() => {
      this.density = undefined;
      if (isDrawn) return this.draw();
      isDrawn = true;
      // Rows first: the frame that shows them has enough to do.
      this.stopWaiting = afterNextFrame(() => this.draw());
    });
    this.resizing.observe(this.element);
  }

  destroy(): void {
    this.stop();
    this.stopWaiting();
    this.resizing.disconnect();
    this.element.remove();
  }

  setScheme(scheme: ColourScheme): void {
    if (scheme === this.scheme) return;
    this.scheme = scheme;
    this.draw();
  }

  setWindow(window: TimeWindow): void {
    this.window = window;
    this.draw();
  }

  /** Read when it is first drawn with: before that the page may have no styles yet. */
  private get theme(): ThemeColours {
    this.themeRead ??= readThemeColours();
    return this.themeRead;
  }

  private get total(): number {
    return this.trace.columns.durationNano;
  }

  private draw(): void {
    const width = this.element.clientWidth;
    const height = this.element.clientHeight;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const paint = this.canvas.getContext('2d');
    if (paint === null) return;
    paint.scale(ratio, ratio);
    this.density ??= widenDensity(this.trace.density, Math.max(1, Math.floor(width)));
    paint.fillStyle = this.theme.surface;
    paint.fillRect(0, 0, width, height);
    if (this.trace.columns.spanCount <= LINES_MAX) this.drawLines(paint, width, height - ERROR_LANE_PX);
    else this.drawDensity(paint, this.density, height - ERROR_LANE_PX);
    this.drawErrors(paint, this.density, height);
    this.drawWindow(paint, width, height);
    this.element.setAttribute(
      'aria-label',
      text.trace.minimapLabel(formatDuration(this.window.from), formatDuration(this.window.to)),
    );
  }

  private drawLines(paint: CanvasRenderingContext2D, width: number, height: number): void {
    const { columns } = this.trace;
    const step = Math.min(4, (height - 4) / columns.spanCount);
    const scale = width / Math.max(1, this.total);
    for (let row = 0; row < columns.spanCount; row++) {
      paint.fillStyle = this.fillOf(row);
      const length = Math.max(1, columns.duration[row] * scale);
      paint.fillRect(columns.start[row] * scale, 2 + row * step, length, Math.max(0.75, step * 0.7));
    }
  }

  private fillOf(row: number): string {
    const { colour } = this.scheme.categories[this.scheme.categoryOf[row]];
    return colour === ERROR_COLOUR ? this.theme.error : (this.theme.services[colour] ?? this.theme.muted);
  }

  private drawDensity(paint: CanvasRenderingContext2D, density: MinimapDensity, height: number): void {
    paint.fillStyle = this.theme.muted;
    const peak = Math.log2(density.peak + 1);
    for (let x = 0; x < density.concurrent.length; x++) {
      const tall = (Math.log2(density.concurrent[x] + 1) / peak) * (height - 4);
      paint.fillRect(x, height - tall, 1, tall);
    }
  }

  private drawErrors(paint: CanvasRenderingContext2D, density: MinimapDensity, height: number): void {
    paint.fillStyle = this.theme.error;
    for (let x = 0; x < density.errors.length; x++) {
      if (density.errors[x] === 1) paint.fillRect(x, height - ERROR_LANE_PX + 1, 1.5, ERROR_LANE_PX - 1);
    }
  }

  private drawWindow(paint: CanvasRenderingContext2D, width: number, height: number): void {
    const brush = this.drag?.kind === 'brush' ? this.drag : undefined;
    if (brush === undefined && isWhole(this.window, this.total)) return;
    const left = brush === undefined ? this.xOf(this.window.from) : Math.min(brush.fromX, brush.toX);
    const right = brush === undefined ? this.xOf(this.window.to) : Math.max(brush.fromX, brush.toX);
    paint.globalAlpha = 0.7;
    paint.fillStyle = this.theme.background;
    paint.fillRect(0, 0, left, height);
    paint.fillRect(right, 0, width - right, height);
    paint.globalAlpha = 1;
    paint.fillStyle = this.theme.accent;
    paint.fillRect(Math.max(0, left - 1), 0, 2, height);
    paint.fillRect(Math.min(width - 2, right - 1), 0, 2, height);
  }

  private xOf(nano: number): number {
    return (nano / Math.max(1, this.total)) * this.element.clientWidth;
  }

  private nanoAt(x: number): number {
    return (x / Math.max(1, this.element.clientWidth)) * this.total;
  }

  private xOfEvent(event: MouseEvent): number {
    return event.clientX - this.element.getBoundingClientRect().left;
  }

  private pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const x = this.xOfEvent(event);
    this.element.setPointerCapture(event.pointerId);
    const whole = isWhole(this.window, this.total);
    if (!whole && Math.abs(x - this.xOf(this.window.from)) <= EDGE_GRAB_PX) {
      this.drag = { kind: 'edge', fixed: this.window.to };
    } else if (!whole && Math.abs(x - this.xOf(this.window.to)) <= EDGE_GRAB_PX) {
      this.drag = { kind: 'edge', fixed: this.window.from };
    } else {
      this.drag = { kind: 'brush', fromX: x, toX: x };
    }
  }

  private pointerMove(event: PointerEvent): void {
    const x = this.xOfEvent(event);
    if (this.drag === undefined) {
      const near =
        !isWhole(this.window, this.total) &&
        (Math.abs(x - this.xOf(this.window.from)) <= EDGE_GRAB_PX ||
          Math.abs(x - this.xOf(this.window.to)) <= EDGE_GRAB_PX);
      this.element.classList.toggle('is-on-edge', near);
    } else if (this.drag.kind === 'brush') {
      this.drag.toX = x;
      this.draw();
    } else {
      const nano = this.nanoAt(x);
      const from = Math.min(nano, this.drag.fixed);
      this.onWindow(clampWindow({ from, to: Math.max(nano, this.drag.fixed) }, this.total));
    }
  }

  private pointerUp(event: PointerEvent): void {
    const { drag } = this;
    this.endDrag();
    if (drag?.kind !== 'brush') return;
    const x = this.xOfEvent(event);
    if (Math.abs(x - drag.fromX) < DRAG_STARTS_PX) return;
    const window = { from: this.nanoAt(Math.min(x, drag.fromX)), to: this.nanoAt(Math.max(x, drag.fromX)) };
    this.onWindow(clampWindow(window, this.total));
  }

  private endDrag(): void {
    this.drag = undefined;
    this.draw();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.onWindow(panWindow(this.window, Math.sign(event.deltaX) * 0.1, this.total));
    } else {
      const pivot = this.nanoAt(this.xOfEvent(event));
      this.onWindow(zoomWindow(this.window, event.deltaY < 0 ? 0.8 : 1.25, pivot, this.total));
    }
  }
}

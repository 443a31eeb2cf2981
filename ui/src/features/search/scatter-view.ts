import { formatDuration } from '../../text/format-duration.ts';
import { formatClock, formatShortInstant } from '../../text/format-time.ts';
import { readThemeColours, type ThemeColours, watchTheme } from '../../timeline/theme-colours.ts';
import { logTicks } from '../../timeline/time-scale.ts';
import {
  clockTicks,
  pointAt,
  SCATTER_MARGIN,
  type ScatterLayout,
  type ScatterPoint,
  timeOfX,
  xOfTime,
  yOfDuration,
} from './scatter-layout.ts';

const REACH_PX = 8;
const BRUSH_STARTS_PX = 6;

export interface ScatterEvents {
  readonly onPoint: (point: ScatterPoint) => void;
  /** Unix milliseconds. */
  readonly onBrush: (fromMs: number, toMs: number) => void;
  readonly onHover: (point: ScatterPoint | undefined) => void;
}

/** Draws the scatter and turns pointer movements into points and time ranges. */
export class ScatterView {
  readonly canvas = document.createElement('canvas');
  private readonly events: ScatterEvents;
  private readonly stop: () => void;
  private layout: ScatterLayout | undefined;
  private theme: ThemeColours = readThemeColours();
  private hovered: ScatterPoint | undefined;
  private brush: { fromX: number; toX: number } | undefined;

  constructor(events: ScatterEvents) {
    this.events = events;
    this.canvas.className = 'scatter-canvas';
    this.canvas.addEventListener('pointerdown', (event) => this.pointerDown(event));
    this.canvas.addEventListener('pointermove', (event) => this.pointerMove(event));
    this.canvas.addEventListener('pointerup', (event) => this.pointerUp(event));
    this.canvas.addEventListener('pointercancel', () => this.endBrush());
    this.canvas.addEventListener('pointerleave', () => this.hover(undefined));
    this.stop = watchTheme(() => {
      this.theme = readThemeColours();
      this.draw();
    });
  }

  destroy(): void {
    this.stop();
    this.canvas.remove();
  }

  setLayout(layout: ScatterLayout): void {
    this.layout = layout;
    this.hovered = undefined;
    this.draw();
  }

  private draw(): void {
    const { layout, canvas, theme } = this;
    if (layout === undefined) return;
    const ratio = devicePixelRatio;
    canvas.width = Math.round(layout.width * ratio);
    canvas.height = Math.round(layout.height * ratio);
    const paint = canvas.getContext('2d');
    if (paint === null) return;
    paint.scale(ratio, ratio);
    paint.clearRect(0, 0, layout.width, layout.height);
    paint.font = `11px ${getComputedStyle(canvas).fontFamily}`;
    this.drawAxes(paint, layout);
    for (const point of layout.points) drawPoint(paint, point, theme, point === this.hovered);
    if (this.brush !== undefined) {
      const left = Math.min(this.brush.fromX, this.brush.toX);
      paint.globalAlpha = 0.18;
      paint.fillStyle = theme.accent;
      paint.fillRect(left, SCATTER_MARGIN.top, Math.abs(this.brush.toX - this.brush.fromX), this.plotHeight(layout));
      paint.globalAlpha = 1;
    }
  }

  private plotHeight(layout: ScatterLayout): number {
    return layout.height - SCATTER_MARGIN.top - SCATTER_MARGIN.bottom;
  }

  private drawAxes(paint: CanvasRenderingContext2D, layout: ScatterLayout): void {
    const { theme } = this;
    paint.strokeStyle = theme.hairline;
    paint.fillStyle = theme.muted;
    paint.lineWidth = 1;
    paint.textBaseline = 'middle';
    paint.textAlign = 'right';
    for (const tick of logTicks(layout.low, layout.high, Math.floor(this.plotHeight(layout) / 26))) {
      const y = Math.round(yOfDuration(layout, tick)) + 0.5;
      line(paint, SCATTER_MARGIN.left, y, layout.width - SCATTER_MARGIN.right, y);
      paint.fillText(formatDuration(tick), SCATTER_MARGIN.left - 8, y);
    }
    paint.textBaseline = 'alphabetic';
    const { ticks, stepMs } = clockTicks(layout.range, Math.max(2, Math.floor(layout.width / 110)));
    for (const tick of ticks) {
      const x = Math.round(xOfTime(layout, tick)) + 0.5;
      line(paint, x, SCATTER_MARGIN.top, x, layout.height - SCATTER_MARGIN.bottom);
      const label = tickLabel(tick, stepMs, layout.range.toMs);
      const half = paint.measureText(label).width / 2;
      if (x + half > layout.width || x - half < SCATTER_MARGIN.left - 30) continue;
      paint.textAlign = 'center';
      paint.fillText(label, x, layout.height - 6);
    }
  }

  private place(event: MouseEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x } = this.place(event);
    this.canvas.setPointerCapture(event.pointerId);
    this.brush = { fromX: x, toX: x };
  }

  private pointerMove(event: PointerEvent): void {
    if (this.layout === undefined) return;
    const { x, y } = this.place(event);
    if (this.brush !== undefined && (event.buttons & 1) === 1) {
      this.brush.toX = x;
      if (Math.abs(x - this.brush.fromX) >= BRUSH_STARTS_PX) {
        this.hover(undefined);
        this.draw();
      }
      return;
    }
    this.hover(pointAt(this.layout, x, y, REACH_PX));
  }

  private hover(point: ScatterPoint | undefined): void {
    if (point === this.hovered) return;
    this.hovered = point;
    this.canvas.classList.toggle('is-on-point', point !== undefined);
    this.events.onHover(point);
    this.draw();
  }

  private pointerUp(event: PointerEvent): void {
    const { brush, layout } = this;
    this.endBrush();
    if (brush === undefined || layout === undefined) return;
    const { x, y } = this.place(event);
    if (Math.abs(x - brush.fromX) < BRUSH_STARTS_PX) {
      const point = pointAt(layout, x, y, REACH_PX);
      if (point !== undefined) this.events.onPoint(point);
      return;
    }
    this.events.onBrush(timeOfX(layout, Math.min(x, brush.fromX)), timeOfX(layout, Math.max(x, brush.fromX)));
  }

  private endBrush(): void {
    this.brush = undefined;
    this.draw();
  }
}

/** A circle, or for traces with errors a diamond: told apart without colour. */
function drawPoint(paint: CanvasRenderingContext2D, point: ScatterPoint, theme: ThemeColours, hovered: boolean): void {
  const radius = point.radius + (hovered ? 2 : 0);
  paint.beginPath();
  if (point.failed) {
    const reach = radius * 1.3;
    paint.moveTo(point.x, point.y - reach);
    paint.lineTo(point.x + reach, point.y);
    paint.lineTo(point.x, point.y + reach);
    paint.lineTo(point.x - reach, point.y);
    paint.closePath();
  } else {
    paint.arc(point.x, point.y, radius, 0, 2 * Math.PI);
  }
  paint.fillStyle = point.failed ? theme.error : theme.accent;
  paint.globalAlpha = hovered ? 1 : 0.55;
  paint.fill();
  paint.globalAlpha = 1;
  paint.strokeStyle = hovered ? theme.text : point.failed ? theme.error : theme.accent;
  paint.lineWidth = hovered ? 2 : 1;
  paint.stroke();
}

function line(paint: CanvasRenderingContext2D, x0: number, y0: number, x1: number, y1: number): void {
  paint.beginPath();
  paint.moveTo(x0, y0);
  paint.lineTo(x1, y1);
  paint.stroke();
}

function tickLabel(tick: number, stepMs: number, nowMs: number): string {
  if (stepMs < 1000) return formatClock(tick);
  if (stepMs < 60_000) return formatClock(tick).slice(0, 8);
  return formatShortInstant(tick, nowMs);
}

import { formatDuration } from '../text/format-duration.ts';
import { type TimeWindow, timeTicks } from './time-scale.ts';
import './ruler.css';

const TICK_EVERY_PX = 100;
const LABEL_ROOM_PX = 64;

/** The time axis above the rows, and the hairlines behind them. Instants are relative to the trace's start. */
export class RulerView {
  readonly axis: HTMLElement;
  readonly lines: HTMLElement;
  private window: TimeWindow;
  private readonly resizing: ResizeObserver;

  constructor(window: TimeWindow) {
    this.window = window;
    this.axis = document.createElement('div');
    this.axis.className = 'ruler-axis';
    this.lines = document.createElement('div');
    this.lines.className = 'ruler-lines';
    this.lines.setAttribute('aria-hidden', 'true');
    this.resizing = new ResizeObserver(() => this.draw());
    this.resizing.observe(this.axis);
  }

  destroy(): void {
    this.resizing.disconnect();
  }

  setWindow(window: TimeWindow): void {
    this.window = window;
    this.draw();
  }

  private draw(): void {
    const width = this.axis.clientWidth;
    if (width === 0) return;
    const scale = width / (this.window.to - this.window.from);
    const labels: HTMLElement[] = [];
    const lines: HTMLElement[] = [];
    for (const tick of timeTicks(this.window, Math.max(2, Math.floor(width / TICK_EVERY_PX)))) {
      const x = (tick - this.window.from) * scale;
      const line = document.createElement('div');
      line.style.transform = `translateX(${x}px)`;
      lines.push(line);
      if (x > width - LABEL_ROOM_PX) continue;
      const label = document.createElement('span');
      label.textContent = tick === 0 ? '0' : formatDuration(tick);
      label.style.transform = `translateX(${x}px)`;
      labels.push(label);
    }
    this.axis.replaceChildren(...labels);
    this.lines.replaceChildren(...lines);
  }
}

import { NO_PARENT } from '@clew/model';
import { text } from '../text/catalogue.ts';
import { formatDuration } from '../text/format-duration.ts';
import type { FlameBoxColour } from '../text/trace-text.ts';
import type { ColourScheme } from '../timeline/colour-scheme.ts';
import { readThemeColours, type ThemeColours, watchTheme } from '../timeline/theme-colours.ts';
import { clampWindow, panWindow, type TimeWindow, zoomWindow } from '../timeline/time-scale.ts';
import type { BoxCategories } from './box-categories.ts';
import { boxAt, type FlameModel, neighbourOf } from './flame-model.ts';
import { LANE_HEIGHT_PX, paintFlame } from './flame-painter.ts';

/** How far beside a narrow box the pointer still finds it. */
const SLACK_PX = 2;
const DRAG_STARTS_PX = 4;
const ZOOM_STEP = 0.6;
const PAN_STEP = 0.2;
/** Room left around a box that is zoomed to, as a part of its width. */
const FIT_MARGIN = 0.02;

export interface FlameEvents {
  /** A box was clicked or confirmed with Enter. */
  readonly onOpen: (row: number) => void;
  readonly onWindow: (window: TimeWindow) => void;
}

/**
 * A flame graph on one canvas: wheel with Ctrl zooms, drag pans, double-click or Enter twice fits a box; arrows walk
 * from box to box and say each aloud. The waterfall and the table hold the same as text.
 */
export class FlameView {
  readonly element: HTMLElement;
  readonly #canvas = document.createElement('canvas');
  readonly #spacer = document.createElement('div');
  readonly #tip = document.createElement('div');
  readonly #spoken = document.createElement('p');
  readonly #model: FlameModel;
  readonly #events: FlameEvents;
  readonly #stop: () => void;
  readonly #resizing: ResizeObserver;
  #theme: ThemeColours = readThemeColours();
  #scheme: ColourScheme;
  /** Of the scheme. */
  #boxes: BoxCategories;
  #window: TimeWindow;
  #active = -1;
  #selected = -1;
  #matches: ((box: number) => boolean) | undefined;
  #frame = 0;
  #drag: { readonly x: number; readonly window: TimeWindow; moved: boolean } | undefined;

  constructor(
    model: FlameModel,
    shown: { readonly window: TimeWindow; readonly scheme: ColourScheme },
    label: string,
    events: FlameEvents,
  ) {
    this.#model = model;
    this.#window = shown.window;
    this.#scheme = shown.scheme;
    this.#boxes = model.categoriesOf(shown.scheme);
    this.#events = events;
    this.element = document.createElement('div');
    this.element.className = 'flame';
    this.element.tabIndex = 0;
    this.element.setAttribute('role', 'application');
    this.element.setAttribute('aria-roledescription', text.trace.flame.role);
    this.element.setAttribute('aria-label', label);
    this.#canvas.setAttribute('aria-hidden', 'true');
    this.#spacer.className = 'flame-spacer';
    this.#spacer.style.height = `${model.laneCount * LANE_HEIGHT_PX}px`;
    this.#tip.className = 'flame-tip';
    this.#tip.hidden = true;
    this.#spoken.className = 'visually-hidden';
    this.#spoken.setAttribute('role', 'status');
    this.element.append(this.#canvas, this.#spacer, this.#tip, this.#spoken);
    this.#listen();
    this.#stop = watchTheme(() => {
      this.#theme = readThemeColours();
      // At once: no frame comes before a page is printed.
      this.#paint();
    });
    this.#resizing = new ResizeObserver(() => this.#schedule());
    this.#resizing.observe(this.element);
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.#stop();
    this.#resizing.disconnect();
    this.element.remove();
  }

  setWindow(window: TimeWindow): void {
    this.#window = window;
    this.#schedule();
  }

  /** What boxes are coloured by. */
  setScheme(scheme: ColourScheme): void {
    if (scheme === this.#scheme) return;
    this.#scheme = scheme;
    this.#boxes = this.#model.categoriesOf(scheme);
    this.#schedule();
  }

  /** @param row of the opened span, or -1 */
  setSelected(row: number): void {
    this.#selected = row === -1 ? -1 : this.#model.boxOf(row);
    if (this.#selected !== -1) this.#reveal(this.#selected);
    this.#schedule();
  }

  /** @param rows searched for, in order, or undefined when nothing is searched */
  setMatches(rows: Int32Array | undefined): void {
    const boxes = rows === undefined ? undefined : new Set(Array.from(rows, (row) => this.#model.boxOf(row)));
    this.#matches = boxes === undefined ? undefined : (box) => boxes.has(box);
    this.#schedule();
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener('scroll', () => this.#schedule(), { passive: true });
    element.addEventListener('pointerdown', (event) => this.#pointerDown(event));
    element.addEventListener('pointermove', (event) => this.#pointerMove(event));
    element.addEventListener('pointerup', (event) => this.#pointerUp(event));
    element.addEventListener('pointercancel', () => this.#endDrag());
    element.addEventListener('pointerleave', () => this.#hideTip());
    element.addEventListener('dblclick', (event) => this.#fit(this.#boxUnder(event)));
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    element.addEventListener('keydown', (event) => this.#keyDown(event));
    element.addEventListener('focus', () => this.#takeFocus());
  }

  #schedule(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    const ratio = window.devicePixelRatio;
    if (this.#canvas.width !== Math.round(width * ratio)) this.#canvas.width = Math.round(width * ratio);
    if (this.#canvas.height !== Math.round(height * ratio)) this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    const paint = this.#canvas.getContext('2d');
    if (paint === null) return;
    paint.setTransform(ratio, 0, 0, ratio, 0, 0);
    const { scrollTop } = this.element;
    paintFlame(paint, {
      ...{ model: this.#model, window: this.#window, theme: this.#theme, scrollTop, width, height },
      ...{ scheme: this.#scheme, boxes: this.#boxes },
      ...{ active: this.#active, selected: this.#selected, matches: this.#matches },
    });
  }

  #boxUnder(event: MouseEvent): number {
    const area = this.element.getBoundingClientRect();
    const scale = (this.#window.to - this.#window.from) / Math.max(1, this.element.clientWidth);
    const time = this.#window.from + (event.clientX - area.left) * scale;
    const lane = Math.floor((event.clientY - area.top + this.element.scrollTop) / LANE_HEIGHT_PX);
    return boxAt(this.#model, lane, time, SLACK_PX * scale);
  }

  #pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.#drag = { x: event.clientX, window: this.#window, moved: false };
  }

  #pointerMove(event: PointerEvent): void {
    const drag = this.#drag;
    if (drag === undefined) {
      this.#showTip(this.#boxUnder(event), event);
      return;
    }
    const moved = event.clientX - drag.x;
    if (!drag.moved && Math.abs(moved) < DRAG_STARTS_PX) return;
    if (!drag.moved) {
      drag.moved = true;
      this.element.setPointerCapture(event.pointerId);
      this.element.classList.add('is-dragged');
      this.#hideTip();
    }
    this.#move(panWindow(drag.window, -moved / Math.max(1, this.element.clientWidth), this.#model.total));
  }

  #pointerUp(event: PointerEvent): void {
    const wasDrag = this.#drag?.moved === true;
    const wasDown = this.#drag !== undefined;
    this.#endDrag();
    if (wasDrag || !wasDown) return;
    const box = this.#boxUnder(event);
    if (box === -1) return;
    this.#active = box;
    this.#events.onOpen(this.#model.rowOf(box));
    this.#schedule();
  }

  #endDrag(): void {
    this.#drag = undefined;
    this.element.classList.remove('is-dragged');
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.shiftKey) return;
    event.preventDefault();
    if (event.shiftKey) {
      this.#move(panWindow(this.#window, Math.sign(event.deltaY + event.deltaX) * 0.1, this.#model.total));
      return;
    }
    const area = this.element.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - area.left) / Math.max(1, area.width)));
    const pivot = this.#window.from + part * (this.#window.to - this.#window.from);
    this.#move(zoomWindow(this.#window, event.deltaY < 0 ? 0.85 : 1 / 0.85, pivot, this.#model.total));
  }

  #keyDown(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#act(event.key)) return;
    event.preventDefault();
  }

  /** Whether the key means something here. */
  #act(key: string): boolean {
    const { total } = this.#model;
    const middle = (this.#window.from + this.#window.to) / 2;
    switch (key) {
      case 'ArrowLeft':
      case 'ArrowRight':
      case 'ArrowUp':
      case 'ArrowDown':
        this.#walk(key);
        return true;
      case 'Enter':
        if (this.#active !== -1) this.#events.onOpen(this.#model.rowOf(this.#active));
        return true;
      case 'f':
        this.#fit(this.#active);
        return true;
      case 'w':
      case '+':
      case '=':
        this.#move(zoomWindow(this.#window, ZOOM_STEP, middle, total));
        return true;
      case 's':
      case '-':
        this.#move(zoomWindow(this.#window, 1 / ZOOM_STEP, middle, total));
        return true;
      case 'a':
      case 'd':
        this.#move(panWindow(this.#window, key === 'a' ? -PAN_STEP : PAN_STEP, total));
        return true;
      case '0':
        this.#move(clampWindow({ from: 0, to: total }, total));
        return true;
      default:
        return false;
    }
  }

  #takeFocus(): void {
    if (this.#active !== -1 || this.#model.boxes.length === 0) return;
    this.#active = this.#selected === -1 ? this.#model.boxes[0] : this.#selected;
    this.#schedule();
  }

  #walk(key: string): void {
    if (this.#active === -1) this.#takeFocus();
    else this.#active = neighbourOf(this.#model, this.#active, key);
    if (this.#active === -1) return;
    this.#reveal(this.#active);
    this.#spoken.textContent = this.#describe(this.#active);
    this.#schedule();
  }

  /** Scrolls to the lane and pans to the time of a box. */
  #reveal(box: number): void {
    const top = this.#model.laneOf[box] * LANE_HEIGHT_PX;
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + LANE_HEIGHT_PX > scrollTop + clientHeight)
      this.element.scrollTop = top + LANE_HEIGHT_PX - clientHeight;
    const left = this.#model.left[box];
    const right = left + this.#model.width[box];
    const { from, to } = this.#window;
    if (left <= to && right >= from) return;
    this.#move(clampWindow({ from: left - (to - from) / 2, to: left + (to - from) / 2 }, this.#model.total));
  }

  #fit(box: number): void {
    if (box === -1) return;
    const margin = this.#model.width[box] * FIT_MARGIN;
    const from = this.#model.left[box] - margin;
    this.#move(clampWindow({ from, to: this.#model.left[box] + this.#model.width[box] + margin }, this.#model.total));
  }

  #move(window: TimeWindow): void {
    this.#window = window;
    this.#events.onWindow(window);
    this.#schedule();
  }

  #describe(box: number): string {
    const model = this.#model;
    return text.trace.flame.box({
      service: model.service(box),
      name: model.name(box) === '' ? text.trace.namelessSpan : model.name(box),
      duration: formatDuration(model.width[box]),
      self: formatDuration(model.self(box)),
      share: (100 * model.width[box]) / Math.max(1, model.total),
      count: model.count(box),
      error: model.isError(box),
      isRoot: model.parent[box] === NO_PARENT,
      colour: this.#colourOf(box),
    });
  }

  /** What the colour of a box says that service, name and error do not. */
  #colourOf(box: number): FlameBoxColour | undefined {
    const { by, categories } = this.#scheme;
    if (by === 'service') return undefined;
    return { by, value: categories[this.#boxes.categoryOf[box]].label, isMixed: this.#boxes.isMixed(box) };
  }

  #showTip(box: number, event: PointerEvent): void {
    if (box === -1) {
      this.#hideTip();
      return;
    }
    this.element.classList.add('is-over');
    const area = this.element.getBoundingClientRect();
    this.#tip.hidden = false;
    this.#tip.textContent = this.#describe(box);
    const left = Math.min(event.clientX - area.left + 12, this.element.clientWidth - this.#tip.offsetWidth - 8);
    const above = event.clientY - area.top > this.element.clientHeight / 2;
    const top = event.clientY - area.top + this.element.scrollTop + (above ? -this.#tip.offsetHeight - 10 : 16);
    this.#tip.style.transform = `translate(${Math.max(0, left)}px, ${top}px)`;
  }

  #hideTip(): void {
    this.element.classList.remove('is-over');
    this.#tip.hidden = true;
  }
}

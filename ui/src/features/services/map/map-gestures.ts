export interface GestureEvents {
  /** Pixels. */
  readonly pan: (dx: number, dy: number) => void;
  readonly zoom: (factor: number, x: number, y: number) => void;
  /** A press that was no drag. */
  readonly tap: (target: EventTarget | null) => void;
  /** The pointer is over something, or over nothing (null). */
  readonly hover: (target: EventTarget | null, x: number, y: number) => void;
}

const DRAG_STARTS_PX = 4;
const WHEEL_BASE = 1.0015;

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Drag pans, wheel and two fingers zoom, a press without a drag is a tap. */
export class MapGestures {
  readonly #element: HTMLElement;
  readonly #events: GestureEvents;
  readonly #wheelZooms: boolean;
  readonly #pointers = new Map<number, Point>();
  readonly #leaving = new AbortController();
  #start: Point | undefined;
  #target: EventTarget | null = null;
  #isDrag = false;

  /** @param wheelZooms without Ctrl; else the wheel scrolls the page as everywhere. */
  constructor(element: HTMLElement, wheelZooms: boolean, events: GestureEvents) {
    this.#element = element;
    this.#wheelZooms = wheelZooms;
    this.#events = events;
    const { signal } = this.#leaving;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    element.addEventListener('pointerup', (event) => this.#up(event, true), { signal });
    element.addEventListener('pointercancel', (event) => this.#up(event, false), { signal });
    element.addEventListener('pointerleave', () => events.hover(null, 0, 0), { signal });
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
  }

  destroy(): void {
    this.#leaving.abort();
  }

  #place(event: MouseEvent): Point {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const at = this.#place(event);
    this.#pointers.set(event.pointerId, at);
    if (this.#pointers.size > 1) {
      this.#isDrag = true;
      return;
    }
    [this.#start, this.#target, this.#isDrag] = [at, event.target, false];
  }

  #move(event: PointerEvent): void {
    const at = this.#place(event);
    const before = this.#pointers.get(event.pointerId);
    if (before === undefined) {
      if (event.pointerType === 'mouse') this.#events.hover(event.target, at.x, at.y);
      return;
    }
    if (!this.#isDrag) {
      const start = this.#start ?? at;
      if (Math.hypot(at.x - start.x, at.y - start.y) < DRAG_STARTS_PX) return;
      this.#isDrag = true;
      this.#element.setPointerCapture(event.pointerId);
      this.#element.classList.add('is-dragged');
      this.#events.hover(null, 0, 0);
    }
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, at);
    if (other === undefined) {
      this.#events.pan(at.x - before.x, at.y - before.y);
      return;
    }
    const distance = (from: Point): number => Math.max(1, Math.hypot(from.x - other.x, from.y - other.y));
    this.#events.zoom(distance(at) / distance(before), (at.x + other.x) / 2, (at.y + other.y) / 2);
    this.#events.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
  }

  #up(event: PointerEvent, isTap: boolean): void {
    if (!this.#pointers.delete(event.pointerId) || this.#pointers.size > 0) return;
    this.#element.classList.remove('is-dragged');
    if (isTap && !this.#isDrag) this.#events.tap(this.#target);
  }

  #wheel(event: WheelEvent): void {
    if (!this.#wheelZooms && !event.ctrlKey) return;
    event.preventDefault();
    const { x, y } = this.#place(event);
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.#events.zoom(WHEEL_BASE ** -(event.deltaY * lines * (event.ctrlKey ? 4 : 1)), x, y);
  }
}

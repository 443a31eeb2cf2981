/** A part of the trace's time, nanoseconds from its start; `from < to`. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** Never zoom in below this: there is nothing between two nanoseconds. */
const SMALLEST_WINDOW_NANO = 10;

/** A nice step (1, 2 or 5 times a power of ten) so that about `count` of them fill `span`. */
export function niceStep(span: number, count: number): number {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = raw / power;
  return (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10) * power;
}

/** Round instants inside the window, about `count` of them. */
export function timeTicks(window: TimeWindow, count: number): number[] {
  const step = niceStep(window.to - window.from, count);
  const ticks: number[] = [];
  for (let index = Math.ceil(window.from / step - 1e-9); index * step <= window.to + step * 1e-9; index++) {
    ticks.push(index * step + 0); // Never −0.
  }
  return ticks;
}

/** Powers of ten, with their doubles and fives where there is room, between two positive values. */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Math.log10(high / low);
  const factors = decades * 3 <= count ? [1, 2, 5] : decades <= count ? [1] : [];
  const stride = factors.length > 0 ? 1 : Math.ceil(decades / count);
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += stride) {
    for (const factor of factors.length > 0 ? factors : [1]) {
      const value = factor * 10 ** power;
      if (value >= low * 0.999 && value <= high * 1.001) ticks.push(value);
    }
  }
  return ticks;
}

/** The window made valid: inside 0…total, at least a few nanoseconds wide. */
export function clampWindow(window: TimeWindow, total: number): TimeWindow {
  const end = Math.max(total, SMALLEST_WINDOW_NANO);
  const width = Math.min(Math.max(window.to - window.from, SMALLEST_WINDOW_NANO), end);
  const from = Math.min(Math.max(window.from, 0), end - width);
  return { from, to: from + width };
}

/** Scales the window's width by `factor` (below 1 zooms in), keeping `pivot` (nanoseconds) where it is. */
export function zoomWindow(window: TimeWindow, factor: number, pivot: number, total: number): TimeWindow {
  const from = pivot - (pivot - window.from) * factor;
  const to = pivot + (window.to - pivot) * factor;
  return clampWindow({ from, to }, total);
}

/** Moves the window by a part of its own width. */
export function panWindow(window: TimeWindow, part: number, total: number): TimeWindow {
  const shift = (window.to - window.from) * part;
  return clampWindow({ from: window.from + shift, to: window.to + shift }, total);
}

/** Whether the window shows the whole trace. */
export function isWhole(window: TimeWindow, total: number): boolean {
  return window.from <= 0 && window.to >= total;
}

/**
 * Runs inside of pages, as text: the benchmark is compiled without the types of a browser. Before anything else of the
 * page: notes long tasks and when the first rows have been painted.
 */
import type { Page } from '@playwright/test';

/** `rows`: CSS selector of a row; `atLeast`: so many make a list. */
export function probeSource(rows: string, atLeast: number): string {
  return `(() => {
    const probe = { longTasks: [], rowsAt: undefined, frames: [] };
    globalThis.__probe = probe;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.longTasks.push({ at: entry.startTime, ms: entry.duration });
    }).observe({ type: 'longtask', buffered: true });
    const look = () => {
      if (document.querySelectorAll(${JSON.stringify(rows)}).length < ${atLeast}) return void requestAnimationFrame(look);
      // The frame that shows them is the next one.
      requestAnimationFrame(() => requestAnimationFrame(() => { probe.rowsAt = performance.now(); }));
    };
    requestAnimationFrame(look);
  })()`;
}

export interface LongTask {
  /** Since the page began. */
  readonly at: number;
  readonly ms: number;
}

export interface Opened {
  /** From the navigation to rows on the screen. */
  readonly rowsMs: number;
  /** From the end of the trace's answer to rows on the screen. */
  readonly rowsAfterDataMs: number;
  /** Bytes of the trace's answer as sent, and decoded. */
  readonly sentBytes: number;
  readonly decodedBytes: number;
  readonly longestTaskMs: number;
}

const ROWS_TIMEOUT_MS = 120_000;

/** @param path part of the address of the request that brings the trace. */
export async function readOpened(page: Page, path: string): Promise<Opened> {
  // Not waitForFunction: it compiles text in the page, which the page's security policy forbids.
  return page.evaluate<Opened>(`(async () => {
    while (globalThis.__probe.rowsAt === undefined) {
      if (performance.now() > ${ROWS_TIMEOUT_MS}) throw new Error('no rows after ${ROWS_TIMEOUT_MS} ms');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const { rowsAt, longTasks } = globalThis.__probe;
    const trace = performance.getEntriesByType('resource').find(({ name }) => name.includes(${JSON.stringify(path)}));
    return {
      rowsMs: rowsAt,
      rowsAfterDataMs: rowsAt - (trace?.responseEnd ?? 0),
      sentBytes: trace?.encodedBodySize ?? 0,
      decodedBytes: trace?.decodedBodySize ?? 0,
      longestTaskMs: Math.max(0, ...longTasks.map(({ ms }) => ms)),
    };
  })()`);
}

export interface FrameFigures {
  readonly frames: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
  /** Frames that took more than 25 ms. */
  readonly late: number;
  /** Tasks longer than 50 ms. */
  readonly longTasks: number;
}

/** Runs `step` (source of a function of the frame's number) once in each of so many frames and times these. */
export async function timeFrames(page: Page, frames: number, step: string): Promise<FrameFigures> {
  const deltas = await page.evaluate<{ readonly deltas: number[]; readonly longTasks: number }>(`(async () => {
    const step = ${step};
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await nextFrame();
    const before = globalThis.__probe.longTasks.length;
    const deltas = [];
    let last = await nextFrame();
    for (let frame = 0; frame < ${frames}; frame++) {
      step(frame);
      const at = await nextFrame();
      deltas.push(at - last);
      last = at;
    }
    // Observers are told a moment later.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { deltas, longTasks: globalThis.__probe.longTasks.length - before };
  })()`);
  const sorted = deltas.deltas.toSorted((a, b) => a - b);
  const at = (part: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    frames: sorted.length,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    maxMs: at(1),
    late: sorted.filter((ms) => ms > 25).length,
    longTasks: deltas.longTasks,
  };
}

/** From `act` (source of a function) until `done` (source of a condition) holds and has been painted. */
export function timeUntil(page: Page, act: string, done: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await nextFrame();
    const start = performance.now();
    (${act})();
    while (!(${done})) {
      if (performance.now() - start > 60_000) throw new Error(${JSON.stringify(`never came: ${done}`)});
      await nextFrame();
    }
    await nextFrame();
    return performance.now() - start;
  })()`);
}

export interface MemoryFigures {
  readonly heapBytes: number;
  /** Memory of typed arrays and strings outside of the heap. */
  readonly backingBytes: number;
  readonly elements: number;
}

/** After a garbage collection. */
export async function readMemory(page: Page): Promise<MemoryFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  await session.detach();
  const elements = await page.evaluate<number>('document.querySelectorAll("*").length');
  return { heapBytes: usage.usedSize, backingBytes: usage.backingStorageSize ?? 0, elements };
}

import { buildCriticalSections, type CriticalColumns, type CriticalSections } from './critical-path.ts';

/** Up to this many spans the path takes less time than a frame or two; above, a worker computes it. */
const WORKER_FROM_SPANS = 10_000;

/** The critical path without a pause in the page. Returns the way to give up; `arrived` is then not called. */
export function loadCriticalSections(
  { parent, spanCount, start, duration }: CriticalColumns,
  arrived: (sections: CriticalSections) => void,
): () => void {
  const columns: CriticalColumns = { parent, spanCount, start, duration };
  if (spanCount < WORKER_FROM_SPANS) {
    arrived(buildCriticalSections(columns));
    return () => undefined;
  }
  const worker = new Worker(new URL('./critical-path-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<CriticalSections>) => {
    worker.terminate();
    arrived(event.data);
  });
  worker.addEventListener('error', () => {
    worker.terminate();
    // A worker that cannot be fetched or started must not cost the reader the path.
    arrived(buildCriticalSections(columns));
  });
  // Copies to give away: the columns are views of one buffer that stays here, and that would be cloned as a whole.
  const copies = { parent: parent.slice(), spanCount, start: start.slice(), duration: duration.slice() };
  worker.postMessage(copies, [copies.parent.buffer, copies.start.buffer, copies.duration.buffer]);
  return () => worker.terminate();
}

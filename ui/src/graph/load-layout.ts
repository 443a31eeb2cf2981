import type { GraphLayout, LayoutGraph, LayoutOptions } from './graph-layout.ts';
import { layoutLayered } from './layered-layout.ts';

/** Up to so many nodes and edges together a layout takes less than a frame; above, a worker makes it. */
const WORKER_FROM = 120;

/** A layout without a pause in the page. Returns the way to give up; `arrived` is then not called. */
export function loadLayout(
  graph: LayoutGraph,
  options: LayoutOptions,
  arrived: (layout: GraphLayout) => void,
): () => void {
  if (graph.nodes.length + graph.edges.length < WORKER_FROM) {
    arrived(layoutLayered(graph, options));
    return () => undefined;
  }
  const worker = new Worker(new URL('./layout-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', (event: MessageEvent<GraphLayout>) => {
    worker.terminate();
    arrived(event.data);
  });
  worker.addEventListener('error', () => {
    worker.terminate();
    // A worker that cannot be fetched or started must not cost the reader the map.
    arrived(layoutLayered(graph, options));
  });
  worker.postMessage({ graph, options });
  return () => worker.terminate();
}

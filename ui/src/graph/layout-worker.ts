import type { LayoutGraph, LayoutOptions } from './graph-layout.ts';
import { layoutLayered } from './layered-layout.ts';

addEventListener('message', (event: MessageEvent<{ readonly graph: LayoutGraph; readonly options: LayoutOptions }>) => {
  postMessage(layoutLayered(event.data.graph, event.data.options));
});

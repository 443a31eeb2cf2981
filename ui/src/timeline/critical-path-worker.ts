import { buildCriticalSections, type CriticalColumns } from './critical-path.ts';

/** Beside the main thread: the path of 1,000,000 spans takes about a second. */
addEventListener('message', (event: MessageEvent<CriticalColumns>) => {
  const sections = buildCriticalSections(event.data);
  postMessage(sections, { transfer: [sections.row.buffer, sections.from.buffer, sections.to.buffer] });
});

import { buildComparison, type ComparisonInput } from './build-comparison.ts';

/** Beside the main thread: two traces of 100,000 spans take some tenths of a second. */
addEventListener('message', (event: MessageEvent<{ readonly a: ComparisonInput; readonly b: ComparisonInput }>) => {
  postMessage(buildComparison(event.data.a, event.data.b));
});

import { buildComparison, type ComparisonInput } from './build-comparison.ts';

/** Beside the main thread: two traces of 100,000 spans take some tenths of a second. */
addEventListener('message', (event: MessageEvent<{ readonly a: ComparisonInput; readonly b: ComparisonInput }>) => {
  const comparison = buildComparison(event.data.a, event.data.b);
  const { tree, changes, largestFirst } = comparison;
  const arrays = [tree, tree.a, tree.b, changes, { largestFirst }].flatMap((part) => Object.values(part));
  const buffers = arrays.filter((one) => ArrayBuffer.isView(one)).map(({ buffer }) => buffer);
  postMessage(comparison, { transfer: [...new Set(buffers)] });
});

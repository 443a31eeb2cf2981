import { describe, expect, it } from 'vitest';
import { buildTestTrace } from '../timeline/build-test-trace.ts';
import type { ColourScheme } from '../timeline/colour-scheme.ts';
import { buildTraceModel } from '../timeline/trace-model.ts';
import { heavyFlame, timeFlame } from './flame-model.ts';

/** A root with four equal children and one of another name. */
const trace = buildTraceModel(
  buildTestTrace([
    { parent: -1, start: 0, duration: 100, name: 'root' },
    ...[0, 1, 2, 3].map((at) => ({ parent: 0, start: at * 10, duration: 8, name: 'load' })),
    { parent: 0, start: 60, duration: 5, name: 'save' },
  ]),
);

function schemeOf(...categoryOf: readonly number[]): ColourScheme {
  const category = { spanCount: 1, colour: 0, monogram: '' };
  const categories = Array.from({ length: Math.max(...categoryOf) + 1 }, (_, at) => ({ ...category, label: `${at}` }));
  return { by: 'span.region', categoryOf: Uint32Array.from(categoryOf), categories };
}

describe('a box of a flame graph', () => {
  it('has the category of its span in the order of time', () => {
    const { categoryOf, isMixed } = timeFlame(trace).categoriesOf(schemeOf(0, 1, 2, 3, 4, 5));
    expect(Array.from(categoryOf)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(isMixed(3)).toBe(false);
  });

  it('has the category that most of its spans have where paths are merged, and says if others are in it', () => {
    const model = heavyFlame(trace);
    const read = (...given: readonly number[]) => {
      const { categoryOf, isMixed } = model.categoriesOf(schemeOf(...given));
      const boxes = [0, 1, 5].map((row) => model.boxOf(row));
      return boxes.map((box) => `${categoryOf[box]}${isMixed(box) ? ' mixed' : ''}`);
    };
    expect(read(3, 1, 2, 2, 2, 7)).toEqual(['3', '2 mixed', '7']);
    expect(read(0, 4, 4, 4, 4, 0)).toEqual(['0', '4', '0']);
    // Equally many: the smaller one, whatever the order of the spans.
    expect(read(0, 6, 5, 5, 6, 1)).toEqual(['0', '5 mixed', '1']);
    expect(read(0, 5, 6, 6, 5, 1)).toEqual(['0', '5 mixed', '1']);
  });
});

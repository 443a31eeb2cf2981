import { evaluateFilter } from '@clew/traceql/evaluate';
import { describe, expect, it } from 'vitest';
import { generateTraceData } from './generate-trace-data.ts';
import { Random } from './random.ts';
import { buildVocabulary, randomFilter } from './random-filter.ts';

const SEED = 20_260_821;

describe(`randomFilter (seed ${SEED})`, () => {
  const data = generateTraceData({ seed: SEED, maxResources: 8 });
  const spanCount = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)).length;
  const vocabulary = buildVocabulary(data);

  it('often tells some spans from others, so that a wrong answer shows', () => {
    const random = new Random(SEED);
    let telling = 0;
    for (let i = 0; i < 300; i++) {
      const found = evaluateFilter(randomFilter(random, vocabulary), data).length;
      if (found > 0 && found < spanCount) telling++;
    }
    expect(telling).toBeGreaterThan(60);
  });

  it('gives the same filters for the same seed', () => {
    const filters = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => randomFilter(random, vocabulary));
    };
    expect(filters(1)).toEqual(filters(1));
    expect(filters(1)).not.toEqual(filters(2));
  });

  it('has something to say about no data at all', () => {
    const random = new Random(SEED);
    const nothing = { resourceSpans: [] };
    for (let i = 0; i < 50; i++)
      expect(evaluateFilter(randomFilter(random, buildVocabulary(nothing)), nothing)).toEqual([]);
  });
});

import { parseQuery, printQuery, type Query } from '@clew/traceql';
import { evaluateMetrics, evaluateQuery } from '@clew/traceql/evaluate';
import { describe, expect, it } from 'vitest';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from './build-small-world.ts';
import { buildVocabulary } from './filter-vocabulary.ts';
import { Random } from './random.ts';
import { randomMetricsQuery, randomSpansetQuery } from './random-query.ts';

const SEED = 20_261_121;
const TRACES = 60;
const RANGE = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };

/** Without the places in a text, which a tree that was built has not. */
function withoutPlaces(query: Query): unknown {
  return JSON.parse(
    JSON.stringify(query, (key, value: unknown) => {
      if (key === 'at') return undefined;
      return typeof value === 'bigint' ? `${value}n` : value;
    }),
  );
}

describe(`random queries (seed ${SEED})`, () => {
  const world = buildSmallWorld(new Random(SEED), TRACES);
  const vocabulary = buildVocabulary(world);

  it('are queries: what is printed reads back as the same tree', () => {
    const random = new Random(SEED);
    for (let i = 0; i < 600; i++) {
      const query = i % 2 === 0 ? randomSpansetQuery(random, vocabulary) : randomMetricsQuery(random, vocabulary);
      const text = printQuery(query);
      expect(withoutPlaces(parseQuery(text)), `query ${i}: ${text}`).toEqual(withoutPlaces(query));
    }
  });

  it('often find some traces and not all', () => {
    const random = new Random(SEED);
    let telling = 0;
    for (let i = 0; i < 100; i++) {
      const found = evaluateQuery(randomSpansetQuery(random, vocabulary), world).length;
      if (found > 0 && found < TRACES) telling++;
    }
    expect(telling).toBeGreaterThan(35);
  });

  it('often measure something', () => {
    const random = new Random(SEED);
    let telling = 0;
    for (let i = 0; i < 80; i++) {
      const query = randomMetricsQuery(random, vocabulary);
      const { series } = evaluateMetrics(query, world, { range: RANGE, stepNano: 3_600_000_000_000n });
      if (series.length > 0) telling++;
    }
    expect(telling).toBeGreaterThan(35);
  });

  it('are the same for the same seed', () => {
    const texts = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => printQuery(randomSpansetQuery(random, vocabulary)));
    };
    expect(texts(1)).toEqual(texts(1));
    expect(texts(1)).not.toEqual(texts(2));
  });
});

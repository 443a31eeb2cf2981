import { describe, expect, it } from 'vitest';
import { type ComparedAttribute, RANKED_VALUES_MAX, rankAttributes, type ValueCounts } from './rank-attributes.ts';

const counts = (values: Readonly<Record<string, number>>, more = 0): ValueCounts => ({
  total: Object.values(values).reduce((sum, count) => sum + count, 0) + more,
  distinct: Object.keys(values).length + more,
  values: new Map(Object.entries(values)),
});

const attribute = (
  name: string,
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): ComparedAttribute => ({ name, a: counts(a), b: counts(b) });

const many = (count: number, name: (at: number) => string, each = 1): Record<string, number> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [name(at), each]));

describe('rankAttributes', () => {
  it('puts first what has no value in common, then what differs less, and leaves out what is alike', () => {
    const { ranked, alike } = rankAttributes(
      [
        attribute('same', { x: 500, y: 500 }, { x: 250, y: 250 }),
        attribute('region', { eu: 900, us: 100 }, { eu: 250, us: 250 }),
        attribute('version', { '1': 1000 }, { '2': 500 }),
      ],
      1000,
      500,
    );
    expect(ranked.map(({ name }) => name)).toEqual(['version', 'region']);
    expect(ranked[0].score).toBeCloseTo(1, 2);
    expect(ranked[1].values).toEqual([
      { value: 'eu', a: 900, b: 250 },
      { value: 'us', a: 100, b: 250 },
    ]);
    expect(alike).toEqual(['same']);
  });

  it('counts having none as a value', () => {
    const { ranked } = rankAttributes([attribute('error.type', { timeout: 1 }, { timeout: 400 })], 1000, 1000);
    expect(ranked).toMatchObject([{ name: 'error.type', a: 1, b: 400 }]);
    // As plain definition: p = (0.001, 0.999), q = (0.4, 0.6).
    const half = (p: number, m: number): number => (p === 0 ? 0 : 0.5 * p * Math.log2(p / m));
    const plain = [
      [0.001, 0.4],
      [0.999, 0.6],
    ].reduce((sum, [p, q]) => sum + half(p, (p + q) / 2) + half(q, (p + q) / 2), 0);
    expect(ranked[0].score).toBeCloseTo(plain, 2);
    expect(ranked[0].score).toBeLessThan(plain);
  });

  it('leaves out what is different for nearly each span, ids and times, and says why', () => {
    const { ranked, leftOut } = rankAttributes(
      [
        attribute(
          'order',
          many(60, (at) => `o${at}`),
          many(60, (at) => `p${at}`),
        ),
        attribute(
          'session',
          many(12, (at) => `6f1e4c1a-0000-4000-8000-${String(at).padStart(12, '0')}`, 9),
          many(12, (at) => `6f1e4c1a-0000-4000-9000-${String(at).padStart(12, '0')}`, 9),
        ),
        attribute(
          'hash',
          many(12, (at) => `${at}`.padStart(16, 'a0'), 9),
          {},
        ),
        attribute(
          'sent.at',
          many(12, (at) => String(1_763_700_000_000 + at), 9),
          many(12, (at) => `2026-11-21T08:00:${10 + at}Z`, 9),
        ),
        attribute('http.response.status_code', { '200': 90, '404': 10 }, { '200': 10, '500': 90 }),
        attribute(
          'word',
          many(12, (at) => `feedbeefdeafbead${'abcdefghijkl'[at]}`, 9),
          {},
        ),
      ],
      120,
      120,
    );
    expect(leftOut).toEqual([
      { name: 'hash', reason: 'identifier' },
      { name: 'order', reason: 'unique' },
      { name: 'sent.at', reason: 'time' },
      { name: 'session', reason: 'identifier' },
    ]);
    expect(ranked.map(({ name }) => name).sort()).toEqual(['http.response.status_code', 'word']);
  });

  it('shows the values that differ most, and says how many there are besides', () => {
    const values = many(40, (at) => `v${at}`, 100);
    const { ranked } = rankAttributes([attribute('k', values, { v3: 4000 })], 4000, 4000);
    expect(ranked[0].values).toHaveLength(RANKED_VALUES_MAX);
    expect(ranked[0].values[0]).toEqual({ value: 'v3', a: 100, b: 4000 });
    expect(ranked[0].otherValues).toBe(40 - RANKED_VALUES_MAX);
  });

  for (const seed of [11, 12, 13]) {
    it(`takes off what chance makes: of two samples of one set half score nothing, seed ${seed}`, () => {
      const random = randomOf(seed);
      const draw = (spans: number): Record<string, number> => {
        const found: Record<string, number> = {};
        for (let at = 0; at < spans; at++) {
          const value = `v${Math.floor(random() ** 2 * 20)}`;
          found[value] = (found[value] ?? 0) + 1;
        }
        return found;
      };
      const rounds = 60;
      let sum = 0;
      let nothing = 0;
      for (let round = 0; round < rounds; round++) {
        const { ranked } = rankAttributes([attribute('k', draw(150), draw(400))], 150, 400);
        sum += ranked[0]?.score ?? 0;
        if (ranked.length === 0) nothing++;
      }
      expect(sum / rounds).toBeLessThan(0.01);
      expect(nothing).toBeGreaterThan(rounds / 4);
    });
  }
});

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

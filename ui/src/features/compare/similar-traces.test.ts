import type { FoundTrace } from '@clew/contract';
import { parseQuery } from '@clew/traceql';
import { describe, expect, it } from 'vitest';
import { pickSimilar, similarQuery } from './similar-traces.ts';

const trace = (traceId: string, durationNano: number): FoundTrace => ({
  traceId,
  durationNano: String(durationNano),
  ...{ rootService: 'web', rootName: 'GET', startTimeUnixNano: '0', spanCount: 1, errorCount: 0 },
  ...{ services: [], matchedCount: 1, matched: [], spansets: [] },
});

describe('similar traces', () => {
  it('are found by their root, whatever its name holds', () => {
    expect(() => parseQuery(similarQuery('we"b\\', 'GET `/x` }'))).not.toThrow();
  });

  it('offer the fastest, the median and the slowest of the others, by number and not by text', () => {
    const picked = pickSimilar([trace('a', 90), trace('b', 1000), trace('c', 200), trace('d', 5), trace('e', 95)], 'e');
    expect(picked?.count).toBe(4);
    expect([picked?.fastest, picked?.median, picked?.slowest].map((one) => one?.traceId)).toEqual(['d', 'a', 'b']);
  });

  it('are none where there is no other trace', () => {
    expect(pickSimilar([trace('a', 1)], 'a')).toBeUndefined();
  });
});

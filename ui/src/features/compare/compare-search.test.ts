import { describe, expect, it } from 'vitest';
import { parseCompareSearch, rangesOf, spanOfAt } from './compare-search.ts';

describe('the URL of the Compare page', () => {
  it('takes trace ids and queries, and leaves out what it does not understand', () => {
    expect(
      parseCompareSearch({ a: ' ABC ', b: '{ status = error }', from: 'now-1h', to: 'soon', only: 'yes' }),
    ).toEqual({
      a: `${'0'.repeat(29)}abc`,
      b: '{ status = error }',
    });
    const whole = {
      ...{ a: '{ }', b: '{ }', from: 'now-3h', to: 'now-2h', bfrom: 'now-1h', bto: 'now' },
      ...{ only: '1', sort: 'difference', view: 'attributes', at: 'n:12' },
    };
    expect(parseCompareSearch(whole)).toEqual(whole);
    expect(parseCompareSearch({ at: 'a:12' })).toEqual({});
  });

  it('gives B the range of A where it has none of its own', () => {
    expect(rangesOf({ from: 'now-3h' })).toEqual({
      a: { from: 'now-3h', to: 'now' },
      b: { from: 'now-3h', to: 'now' },
    });
    expect(rangesOf({ bfrom: 'now-15m', bto: 'now' }).b).toEqual({ from: 'now-15m', to: 'now' });
  });

  it('names a span of either side', () => {
    expect(spanOfAt('b:00000000000000ff')).toEqual({ side: 'b', spanId: '00000000000000ff' });
    expect(spanOfAt('n:12')).toBeUndefined();
    expect(spanOfAt(undefined)).toBeUndefined();
  });
});

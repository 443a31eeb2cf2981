import { describe, expect, it } from 'vitest';
import { formatSelection, parseOverviewSearch, tryParseSelection } from './overview-search.ts';

describe('the part of the URL that belongs to the charts', () => {
  it('keeps what is well formed and leaves out defaults', () => {
    expect(parseOverviewSearch({ viz: 'table', sel: '1000-2000-5-70', errors: 'message' })).toEqual({
      viz: 'table',
      sel: '1000-2000-5-70',
      errors: 'message',
    });
    expect(parseOverviewSearch({ viz: 'pie', sel: 'all', errors: 'service' })).toEqual({});
    expect(parseOverviewSearch({})).toEqual({});
  });

  it.each(['', '1', '5-5', '9-3', '1-2-3', '1-2-9-9', '1-2-9-3', '1-2-x-9', '-1-2', '1-99999999999999999', '1-9e15'])(
    'takes %j for no selection',
    (text) => {
      expect(tryParseSelection(text)).toBeUndefined();
    },
  );

  it('says the same selection again', () => {
    for (const selection of [
      { fromMs: 1_795_248_510_000, toMs: 1_795_248_720_000, durations: { lowNano: 0, highNano: 1_073_741_824 } },
      { fromMs: 0, toMs: 1 },
    ]) {
      expect(tryParseSelection(formatSelection(selection))).toEqual(selection);
    }
  });
});

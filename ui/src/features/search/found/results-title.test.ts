import { describe, expect, it } from 'vitest';
import { resultsTitle } from './results-title.ts';

const totals = { spanCount: 5_000, errorCount: 0, traceCount: 1_200, isTraceCountExact: true };

describe('the title of the results', () => {
  it('counts exactly what is all there', () => {
    expect(resultsTitle({ isSpans: false, shown: 1, hasMore: false, totals })).toBe('1 trace');
    expect(resultsTitle({ isSpans: true, shown: 12, hasMore: false, totals: undefined })).toBe('12 spans');
  });

  it('says of how many, and whether that is exact', () => {
    expect(resultsTitle({ isSpans: false, shown: 100, hasMore: true, totals })).toBe('100 of 1,200 traces');
    const about = { ...totals, traceCount: 48_123, isTraceCountExact: false };
    expect(resultsTitle({ isSpans: false, shown: 100, hasMore: true, totals: about })).toBe(
      '100 of about 48.1K traces',
    );
    expect(resultsTitle({ isSpans: true, shown: 100, hasMore: true, totals: about })).toBe('100 of 5,000 spans');
  });

  it('says what is certain where the rest is not known', () => {
    expect(resultsTitle({ isSpans: false, shown: 100, hasMore: true, totals: undefined })).toBe(
      '100 of at least 101 traces',
    );
    expect(resultsTitle({ isSpans: false, shown: 1_300, hasMore: true, totals })).toBe(
      '1,300 of at least 1,301 traces',
    );
  });
});

import type { FoundSpan, TailTrace } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { LIVE_SPANS_PER_TRACE, liveSpans, MAX_LIVE_SPANS } from './live-spans.ts';

const span = (spanId: string, startTimeUnixNano: string): FoundSpan => ({
  ...{ spanId, startTimeUnixNano, name: spanId, service: 'cart', kind: 2, statusCode: 0, durationNano: '5' },
});
const trace = (traceId: string, matched: readonly FoundSpan[], matchedCount = matched.length): TailTrace => ({
  ...{ traceId, matched, matchedCount, again: false, rootService: '', rootName: '', spanCount: 9, errorCount: 0 },
  ...{ startTimeUnixNano: '0', durationNano: '0', services: [], spansets: [] },
});

describe('the spans of a live view', () => {
  it('come trace by trace, newest first, each with its trace', () => {
    const traces = [trace('b', [span('b1', '999'), span('b2', '1000')]), trace('a', [span('a1', '2000')])];
    const { rows, omittedCount } = liveSpans(traces);
    expect(rows.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).toEqual(['b b2', 'b b1', 'a a1']);
    expect(omittedCount).toBe(0);
  });

  it('count what was not told and what has no row', () => {
    expect(liveSpans([trace('a', [span('a1', '1')], 70)]).omittedCount).toBe(69);
    const full = Array.from({ length: LIVE_SPANS_PER_TRACE }, (_, at) => span(`s${at}`, String(1000 + at)));
    const many = Array.from({ length: MAX_LIVE_SPANS / LIVE_SPANS_PER_TRACE + 1 }, (_, at) => trace(`t${at}`, full));
    const { rows, omittedCount } = liveSpans(many);
    expect([rows.length, omittedCount]).toEqual([MAX_LIVE_SPANS, LIVE_SPANS_PER_TRACE]);
  });
});

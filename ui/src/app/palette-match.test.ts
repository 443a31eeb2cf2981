import { describe, expect, it } from 'vitest';
import { matchScore, tryReadTraceReference } from './palette-match.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('what is pasted into the palette', () => {
  it.each([
    [TRACE, TRACE, undefined],
    [`  ${TRACE.toUpperCase()}\n`, TRACE, undefined],
    ['4bf92f35-77b3-4da6-a3ce-929d0e0e4736', TRACE, undefined],
    [`traceparent: 00-${TRACE}-00f067aa0ba902b7-01`, TRACE, '00f067aa0ba902b7'],
    [`https://clew.example/trace/${TRACE}?view=flame`, TRACE, undefined],
    ['a3ce929d0e0e4736', '0000000000000000a3ce929d0e0e4736', undefined],
  ])('%j means a trace', (pasted, traceId, span) => {
    expect(tryReadTraceReference(pasted)).toEqual(span === undefined ? { traceId } : { traceId, span });
  });

  it.each(['cafe', 'fold all', '', '0'.repeat(32), `${TRACE}00`, '{ name = "abc" }'])('%j means none', (pasted) => {
    expect(tryReadTraceReference(pasted)).toBeUndefined();
  });
});

describe('the score of a label', () => {
  it('asks for every typed word, beginnings before middles', () => {
    expect(matchScore('Next error', 'err')).toBe(1);
    expect(matchScore('Next error', 'next err')).toBe(2.5);
    expect(matchScore('Next error', 'rror')).toBe(0.5);
    expect(matchScore('Next error', 'next match')).toBe(0);
    expect(matchScore('Anything', ' ')).toBe(1);
  });

  it('puts what begins with the text first', () => {
    expect(matchScore('Zoom in', 'zoom')).toBeGreaterThan(matchScore('Reset the zoom', 'zoom'));
  });
});

import type { TailTrace } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { MAX_TAIL_TRACES, TailBuffer } from './tail-buffer.ts';

const trace = (traceId: string, spanCount = 1, again = false): TailTrace => ({
  traceId,
  again,
  spanCount,
  rootService: '',
  rootName: '',
  startTimeUnixNano: '0',
  durationNano: '0',
  errorCount: 0,
  services: [],
  matchedCount: 1,
  matched: [],
  spansets: [],
});
const ids = (buffer: TailBuffer): readonly string[] => buffer.shown.map(({ traceId }) => traceId);

describe('a live view', () => {
  it('shows what waits, newest first, some at a time', () => {
    const buffer = new TailBuffer();
    for (const id of ['a', 'b', 'c']) buffer.add(trace(id));
    expect([buffer.waitingCount, ids(buffer)]).toEqual([3, []]);
    expect(buffer.show(2)).toBe(true);
    expect([buffer.waitingCount, ids(buffer)]).toEqual([1, ['b', 'a']]);
    buffer.show(10);
    expect(ids(buffer)).toEqual(['c', 'b', 'a']);
    expect(buffer.show(10)).toBe(false);
  });

  it('puts news of a trace in its place', () => {
    const buffer = new TailBuffer();
    buffer.add(trace('a'));
    buffer.add(trace('b'));
    buffer.show(1);
    buffer.add(trace('a', 5, true));
    buffer.add(trace('b', 7, true));
    expect([buffer.waitingCount, buffer.shown[0].spanCount]).toEqual([1, 5]);
    buffer.show(1);
    expect(buffer.shown.map(({ spanCount }) => spanCount)).toEqual([7, 5]);
  });

  it('keeps no more than its room, lets the oldest go, and counts them', () => {
    const buffer = new TailBuffer();
    for (let at = 0; at < MAX_TAIL_TRACES; at++) buffer.add(trace(`${at}`));
    buffer.show(10);
    buffer.add(trace('new'));
    expect([buffer.droppedCount, buffer.shown.length, ids(buffer).at(-1)]).toEqual([1, 9, '1']);
    for (let at = 0; at < 20; at++) buffer.add(trace(`more ${at}`));
    expect(buffer.droppedCount).toBe(21);
    expect(buffer.shown.length + buffer.waitingCount).toBe(MAX_TAIL_TRACES);
  });
});

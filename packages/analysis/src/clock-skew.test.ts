import { FLAG_CLOCK_SKEW, NO_PARENT, type TraceColumns, type TraceId } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { detectClockSkew, SKEW_AFTER_CALL, SKEW_BEFORE_PARENT, SKEW_NEGATIVE, SKEW_NONE } from './clock-skew.ts';
import { shiftTrace } from './shift-trace.ts';
import { depthsOf } from './tree-measures.ts';

const MS = 1_000_000;
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

interface Sketch {
  readonly parent?: number;
  readonly service: string;
  readonly kind?: keyof typeof KINDS;
  /** Milliseconds. */
  readonly start: number;
  readonly duration: number;
  readonly flags?: number;
}

function columnsOf(spans: readonly Sketch[]): TraceColumns {
  const services = [...new Set(spans.map(({ service }) => service))];
  const number = (of: (span: Sketch) => number): number[] => spans.map(of);
  return {
    traceId: 'ab'.repeat(16) as TraceId,
    spanCount: spans.length,
    omittedSpanCount: 0,
    startTimeUnixNano: 1_000_000_000n,
    durationNano: Math.max(...number(({ start, duration }) => (start + duration) * MS)),
    names: ['work'],
    services,
    start: Float64Array.from(number(({ start }) => start * MS)),
    duration: Float64Array.from(number(({ duration }) => duration * MS)),
    parent: Int32Array.from(number(({ parent }) => parent ?? NO_PARENT)),
    spanId: Int32Array.from(spans.flatMap((_, row) => [row, row])),
    name: new Uint32Array(spans.length),
    service: Uint16Array.from(number(({ service }) => services.indexOf(service))),
    eventCount: new Uint16Array(spans.length),
    kind: Uint8Array.from(number(({ kind = 'internal' }) => KINDS[kind])),
    statusCode: new Uint8Array(spans.length),
    flags: Uint8Array.from(number(({ flags = 0 }) => flags)),
  };
}

function skewOf(spans: readonly Sketch[]) {
  const { reason, shift, ...rest } = detectClockSkew(columnsOf(spans));
  return { ...rest, reason: [...reason], shiftMs: shift && [...shift].map((by) => by / MS) };
}

describe('clocks that differ', () => {
  it('are not suspected where every span fits, ends a little late, or is asynchronous', () => {
    const skew = skewOf([
      { service: 'web', kind: 'server', start: 0, duration: 100 },
      { service: 'web', kind: 'client', parent: 0, start: 10, duration: 40 },
      { service: 'pay', kind: 'server', parent: 1, start: 12, duration: 39 },
      { service: 'web', kind: 'producer', parent: 0, start: 60, duration: 5 },
      { service: 'mail', kind: 'consumer', parent: 3, start: 300, duration: 50 },
    ]);
    expect(skew).toEqual({ count: 0, largestShift: 0, reason: [0, 0, 0, 0, 0], shiftMs: undefined });
  });

  it('are not suspected where a server goes on after its client gave up', () => {
    const skew = skewOf([
      { service: 'web', kind: 'client', start: 0, duration: 100 },
      { service: 'pay', kind: 'server', parent: 0, start: 5, duration: 5_000 },
    ]);
    expect(skew.count).toBe(0);
  });

  it('shift a callee that seems to start early into the middle of its call, with all below it', () => {
    const skew = skewOf([
      { service: 'web', kind: 'client', start: 1_000, duration: 100 },
      { service: 'pay', kind: 'server', parent: 0, start: 400, duration: 80 },
      { service: 'pay', kind: 'internal', parent: 1, start: 410, duration: 10 },
      { service: 'pay', kind: 'client', parent: 1, start: 430, duration: 20 },
    ]);
    expect(skew.reason).toEqual([SKEW_NONE, SKEW_BEFORE_PARENT, SKEW_NONE, SKEW_NONE]);
    expect(skew.shiftMs).toEqual([0, 610, 610, 610]);
    expect(skew.largestShift).toBe(610 * MS);
  });

  it('shift a callee that ends long after its call', () => {
    const skew = skewOf([
      { service: 'web', kind: 'client', start: 0, duration: 100 },
      { service: 'pay', kind: 'server', parent: 0, start: 500, duration: 60 },
    ]);
    expect(skew.reason).toEqual([SKEW_NONE, SKEW_AFTER_CALL]);
    expect(skew.shiftMs).toEqual([0, -480]);
  });

  it('shift a consumer to its producer, and one that is longer than its caller to the start', () => {
    expect(
      skewOf([
        { service: 'web', kind: 'producer', start: 100, duration: 50 },
        { service: 'mail', kind: 'consumer', parent: 0, start: 20, duration: 10 },
      ]).shiftMs,
    ).toEqual([0, 80]);
    expect(
      skewOf([
        { service: 'web', kind: 'client', start: 100, duration: 50 },
        { service: 'pay', kind: 'server', parent: 0, start: 20, duration: 500 },
      ]).shiftMs,
    ).toEqual([0, 80]);
  });

  it('remember what a service was shifted by, and trust the clock of a third that agrees with the root', () => {
    const skew = skewOf([
      { service: 'web', kind: 'server', start: 1_000, duration: 500 },
      { service: 'web', kind: 'client', parent: 0, start: 1_000, duration: 100 },
      { service: 'pay', kind: 'server', parent: 1, start: 0, duration: 80 },
      { service: 'pay', kind: 'client', parent: 2, start: 10, duration: 60 },
      { service: 'bank', kind: 'server', parent: 3, start: 1_030, duration: 20 },
      { service: 'web', kind: 'client', parent: 0, start: 1_200, duration: 200 },
      // Would be put into the middle by itself; the shift known of the service fits as well.
      { service: 'pay', kind: 'server', parent: 5, start: 200, duration: 20 },
    ]);
    expect(skew.shiftMs).toEqual([0, 0, 1_010, 1_010, 0, 0, 1_010]);
  });

  it('are told of, but nothing is shifted, within one service or where a span ends before it starts', () => {
    const skew = skewOf([
      { service: 'web', start: 10, duration: 100 },
      { service: 'web', parent: 0, start: 5, duration: 10 },
      { service: 'web', parent: 0, start: 20, duration: 0, flags: FLAG_CLOCK_SKEW },
    ]);
    expect(skew.reason).toEqual([SKEW_NONE, SKEW_BEFORE_PARENT, SKEW_NEGATIVE]);
    expect(skew.shiftMs).toBeUndefined();
  });
});

describe('a trace with shifted starts', () => {
  const spans: readonly Sketch[] = [
    { service: 'web', kind: 'client', start: 1_000, duration: 100 },
    { service: 'pay', kind: 'server', parent: 0, start: 0, duration: 80 },
    { service: 'pay', parent: 1, start: 10, duration: 10 },
    { service: 'web', parent: 0, start: 1_001, duration: 2 },
  ];

  it('has siblings by their new starts and bounds that follow, and the received times stay', () => {
    const columns = columnsOf(spans);
    const received = columns.start.slice();
    const { shift = expect.fail('nothing shifted') } = detectClockSkew(columns);
    const shifted = shiftTrace(columns, shift);
    expect(columns.start).toEqual(received);
    expect([...shifted.columns.start].map((from) => from / MS)).toEqual([0, 1, 10, 20]);
    expect([...shifted.columns.parent]).toEqual([NO_PARENT, 0, 0, 2]);
    expect([...depthsOf(shifted.columns)]).toEqual([0, 1, 1, 2]);
    expect([...shifted.columns.spanId]).toEqual([0, 0, 3, 3, 1, 1, 2, 2]);
    expect(shifted.columns.startTimeUnixNano).toBe(2_000_000_000n);
    expect(shifted.columns.durationNano).toBe(100 * MS);
    expect([...shifted.shift].map((by) => by / MS)).toEqual([0, 0, 1_010, 1_010]);
    // What was received is what is shown less the shift, from where the trace starts now.
    const { startsLater } = shifted;
    const receivedMs = shifted.columns.start.map((from, row) => (from - shifted.shift[row] + startsLater) / MS);
    expect([...receivedMs]).toEqual([1_000, 1_001, 0, 10]);
  });

  it('is the same where nothing is shifted', () => {
    const columns = columnsOf(spans.slice(0, 1));
    const shifted = shiftTrace({ ...columns, start: Float64Array.of(0) }, Float64Array.of(0));
    expect([...shifted.columns.start]).toEqual([0]);
    expect(shifted.columns.startTimeUnixNano).toBe(columns.startTimeUnixNano);
  });
});

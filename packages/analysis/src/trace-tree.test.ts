import {
  bytesFromHex,
  FLAG_CLOCK_SKEW,
  FLAG_ERROR,
  FLAG_HAS_LINKS,
  FLAG_MISSING_PARENT,
  idAt,
  spanIdAt,
  type TraceColumns,
  type TraceId,
} from '@clew/model';
import { describe, expect, it } from 'vitest';
import { buildTraceColumns, type UnorderedSpans } from './trace-tree.ts';
import { depthsOf, selfTimes, subtreeEnds } from './tree-measures.ts';

interface SketchedSpan {
  readonly id: number;
  readonly parent?: number;
  readonly start: bigint | number;
  readonly duration?: bigint | number;
  readonly kind?: number;
  readonly service?: string;
  readonly status?: number;
  readonly links?: number;
}

const SERVER = 2;
const CLIENT = 3;

function idWords(ids: readonly number[]): Int32Array {
  const words = new Int32Array(ids.length * 2);
  const bytes = new Uint8Array(words.buffer);
  for (const [row, id] of ids.entries()) bytes.set(bytesFromHex(id.toString(16).padStart(16, '0')), row * 8);
  return words;
}

function unordered(spans: readonly SketchedSpan[]): UnorderedSpans {
  const services = [...new Set(spans.map((span) => span.service ?? 'shop'))];
  return {
    traceId: 'ab'.repeat(16) as TraceId,
    count: spans.length,
    omittedSpanCount: 0,
    spanIdWords: idWords(spans.map((span) => span.id)),
    parentIdWords: idWords(spans.map((span) => span.parent ?? 0)),
    startWords: new Int32Array(BigUint64Array.from(spans, (span) => BigInt(span.start)).buffer),
    durationWords: new Int32Array(BigInt64Array.from(spans, (span) => BigInt(span.duration ?? 10)).buffer),
    names: ['work'],
    name: new Uint32Array(spans.length),
    services,
    service: Uint16Array.from(spans, (span) => services.indexOf(span.service ?? 'shop')),
    eventCount: new Uint16Array(spans.length),
    linkCount: Uint16Array.from(spans, (span) => span.links ?? 0),
    kind: Uint8Array.from(spans, (span) => span.kind ?? 1),
    statusCode: Uint8Array.from(spans, (span) => span.status ?? 0),
  };
}

/** Ids in row order with their depth: "1 .2 ..3". */
function outline(columns: TraceColumns): string {
  const depths = depthsOf(columns);
  return Array.from(depths, (depth, row) => '.'.repeat(depth) + BigInt(`0x${spanIdAt(columns, row)}`)).join(' ');
}

const build = (spans: readonly SketchedSpan[]): TraceColumns => buildTraceColumns(unordered(spans));

describe('building the columns of a trace', () => {
  it('puts children under their parents, siblings by start, whatever the input order', () => {
    const columns = build([
      { id: 4, parent: 2, start: 130 },
      { id: 3, parent: 1, start: 120 },
      { id: 5, parent: 3, start: 121 },
      { id: 1, start: 100, duration: 50 },
      { id: 2, parent: 1, start: 110 },
    ]);
    expect(outline(columns)).toBe('1 .2 ..4 .3 ..5');
    expect([...columns.start]).toEqual([0, 10, 30, 20, 21]);
    expect([...columns.parent]).toEqual([-1, 0, 1, 0, 3]);
    expect(columns.startTimeUnixNano).toBe(100n);
    expect(columns.durationNano).toBe(50);
  });

  it('puts the spans of one missing parent after one another, where the first of them stands, and says whose they are', () => {
    const columns = build([
      { id: 1, start: 100, duration: 50 },
      { id: 2, parent: 0xaa, start: 110 },
      { id: 3, parent: 0xbb, start: 111 },
      { id: 4, parent: 0xaa, start: 112 },
      { id: 5, parent: 2, start: 113 },
      { id: 6, start: 114 },
      { id: 7, parent: 0xaa, start: 115 },
    ]);
    expect(outline(columns)).toBe('1 2 .5 4 7 3 6');
    const { spanId, first, end } = columns.missing ?? expect.fail('no missing parents');
    expect([...first]).toEqual([1, 5]);
    expect([...end]).toEqual([5, 6]);
    expect([idAt(spanId, 0), idAt(spanId, 1)]).toEqual(['00000000000000aa', '00000000000000bb']);
  });

  it('names no parent missing that is a ring, and ends the last group at the last row', () => {
    const columns = build([
      { id: 1, parent: 2, start: 1 },
      { id: 2, parent: 1, start: 2 },
      { id: 3, parent: 9, start: 3 },
    ]);
    expect([...(columns.missing?.first ?? [])]).toEqual([2]);
    expect([...(columns.missing?.end ?? [])]).toEqual([3]);
  });

  it('orders siblings that start together by span id as hex', () => {
    const columns = build([
      { id: 0x0200, parent: 1, start: 5 },
      { id: 0x0103, parent: 1, start: 5 },
      { id: 1, start: 5 },
      { id: 0x0102, parent: 1, start: 5 },
    ]);
    expect(outline(columns)).toBe(`1 .${0x0102} .${0x0103} .${0x0200}`);
  });

  it('gives nothing for no spans', () => {
    const columns = build([]);
    expect(columns.spanCount).toBe(0);
    expect(columns.durationNano).toBe(0);
  });

  it('keeps several roots, by start', () => {
    expect(
      outline(
        build([
          { id: 2, start: 20 },
          { id: 1, start: 10 },
          { id: 3, parent: 2, start: 5 },
        ]),
      ),
    ).toBe('1 2 .3');
  });

  it('makes a span without its parent a root and says so', () => {
    const columns = build([
      { id: 1, start: 1 },
      { id: 2, parent: 99, start: 0 },
      { id: 3, parent: 2, start: 2 },
    ]);
    expect(outline(columns)).toBe('2 .3 1');
    expect([...columns.flags].map((flags) => flags & FLAG_MISSING_PARENT)).toEqual([FLAG_MISSING_PARENT, 0, 0]);
  });

  it('cuts a ring of parents at its earliest span', () => {
    const columns = build([
      { id: 1, parent: 3, start: 5 },
      { id: 2, parent: 1, start: 4 },
      { id: 3, parent: 2, start: 6 },
      { id: 4, parent: 3, start: 9 },
    ]);
    expect(outline(columns)).toBe('2 .3 ..1 ..4');
    expect(columns.flags[0] & FLAG_MISSING_PARENT).toBe(FLAG_MISSING_PARENT);
  });

  it('makes a span that is its own parent a root', () => {
    const columns = build([
      { id: 1, parent: 1, start: 5 },
      { id: 2, parent: 1, start: 6 },
    ]);
    expect(outline(columns)).toBe('1 .2');
    expect(columns.flags[0] & FLAG_MISSING_PARENT).toBe(FLAG_MISSING_PARENT);
  });

  it('keeps every span of an id that was sent twice', () => {
    const columns = build([
      { id: 1, start: 1 },
      { id: 2, parent: 1, start: 2 },
      { id: 2, parent: 1, start: 2 },
      { id: 3, parent: 2, start: 3 },
    ]);
    expect(outline(columns)).toBe('1 .2 ..3 .2');
  });

  it('puts the server half of a shared span under its client half, children with their own service', () => {
    const columns = build([
      { id: 1, start: 0, service: 'web' },
      { id: 2, parent: 1, start: 11, kind: SERVER, service: 'cart' },
      { id: 2, parent: 1, start: 10, kind: CLIENT, service: 'web' },
      { id: 3, parent: 2, start: 12, service: 'cart' },
      { id: 4, parent: 2, start: 13, service: 'web' },
    ]);
    expect(outline(columns)).toBe('1 .2 ..2 ...3 ..4');
    expect(columns.kind[1]).toBe(CLIENT);
  });

  it('puts the server half under its client half when its clock runs behind', () => {
    const columns = build([
      { id: 2, start: 5, kind: SERVER },
      { id: 2, start: 10, kind: CLIENT },
    ]);
    expect(outline(columns)).toBe('2 .2');
    expect([...columns.kind]).toEqual([CLIENT, SERVER]);
    expect(columns.flags[1] & FLAG_CLOCK_SKEW).toBe(FLAG_CLOCK_SKEW);
    expect([...columns.start]).toEqual([5, 0]);
  });

  it('marks errors, links and skewed clocks', () => {
    const columns = build([
      { id: 1, start: 10, status: 2 },
      { id: 2, parent: 1, start: 9, links: 3 },
      { id: 3, parent: 1, start: 11, duration: -5n },
    ]);
    expect([...columns.flags]).toEqual([FLAG_ERROR, FLAG_CLOCK_SKEW | FLAG_HAS_LINKS, FLAG_CLOCK_SKEW]);
    expect([...columns.duration]).toEqual([10, 10, 0]);
  });

  it('keeps nanoseconds exact for times of any size', () => {
    const late = 18_446_744_000_000_000_000n;
    const columns = build([
      { id: 1, start: late, duration: 500_001n },
      { id: 2, parent: 1, start: late + 4_294_967_297n },
    ]);
    expect(columns.startTimeUnixNano).toBe(late);
    expect([...columns.start]).toEqual([0, 4_294_967_297]);
  });

  it('goes 100,000 levels deep', () => {
    const count = 100_000;
    const spans = Array.from({ length: count }, (_, index) => ({ id: index + 1, parent: index, start: count - index }));
    const columns = build(spans);
    expect(depthsOf(columns)[count - 1]).toBe(count - 1);
    expect(subtreeEnds(columns)[0]).toBe(count);
  });

  it('takes one ring of 100,000 spans and 100,000 spans of one id in linear time', () => {
    const count = 100_000;
    const ring = build(
      Array.from({ length: count }, (_, i) => ({ id: i + 1, parent: ((i + 1) % count) + 1, start: i })),
    );
    expect(depthsOf(ring)[count - 1]).toBe(count - 1);
    const alike = build(Array.from({ length: count }, (_, i) => ({ id: 7, parent: 7, start: i, kind: SERVER })));
    expect(alike.spanCount).toBe(count);
    expect(Math.max(...depthsOf(alike).subarray(0, 1000))).toBe(1);
  });
});

describe('a random forest', () => {
  const seed = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000);
  let state = seed;
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % below;
  };

  it(`keeps every span once, parents first, siblings by start (seed ${seed})`, () => {
    for (let round = 0; round < 200; round++) {
      const count = 1 + random(40);
      const spans = Array.from({ length: count }, () => ({
        id: 1 + random(50),
        parent: random(50),
        start: random(30),
        duration: random(20) - 3,
        kind: random(6),
        service: `s${random(2)}`,
      }));
      const columns = build(spans);
      const ids = Array.from({ length: count }, (_, row) => Number(BigInt(`0x${spanIdAt(columns, row)}`)));
      expect(ids.toSorted((a, b) => a - b)).toEqual(spans.map((span) => span.id).toSorted((a, b) => a - b));
      const ends = subtreeEnds(columns);
      const lastStart = new Map<number, number>();
      for (let row = 0; row < count; row++) {
        const up = columns.parent[row];
        expect(up).toBeLessThan(row);
        if (up >= 0) expect(ends[up]).toBeGreaterThanOrEqual(ends[row]);
        // Spans of one missing parent follow one another: roots are not by start alone.
        if (up >= 0) expect(columns.start[row]).toBeGreaterThanOrEqual(lastStart.get(up) ?? 0);
        lastStart.set(up, columns.start[row]);
      }
      for (const [row, self] of selfTimes(columns).entries()) {
        expect(self).toBeGreaterThanOrEqual(0);
        expect(self).toBeLessThanOrEqual(columns.duration[row]);
      }
    }
  });
});

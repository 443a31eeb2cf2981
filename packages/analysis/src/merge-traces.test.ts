import { FLAG_ERROR, NO_PARENT, type TraceColumns, type TraceId } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { type MergedTraces, type MergeSide, TraceMerger } from './merge-traces.ts';
import {
  CHANGE_COUNT,
  CHANGE_FASTER,
  CHANGE_NONE,
  CHANGE_ONLY_A,
  CHANGE_ONLY_B,
  CHANGE_SLOWER,
} from './node-changes.ts';
import { pathChange } from './path-change.ts';

interface Row {
  readonly what: string;
  /** Number of the parent's row. */
  readonly up?: number;
  readonly start?: number;
  readonly nano?: number;
  readonly error?: boolean;
}

let traces = 0;

/** Rows in depth-first order, as columns; `what` is "service name". */
function traceOf(rows: readonly Row[]): TraceColumns {
  const id = ++traces;
  const services = [...new Set(rows.map(({ what }) => what.split(' ')[0]))].sort();
  const names = [...new Set(rows.map(({ what }) => what.split(' ')[1]))].sort();
  return {
    traceId: id.toString(16).padStart(32, '0') as TraceId,
    spanCount: rows.length,
    omittedSpanCount: 0,
    startTimeUnixNano: 0n,
    durationNano: 0,
    names,
    services,
    start: Float64Array.from(rows, ({ start = 0 }) => start),
    duration: Float64Array.from(rows, ({ nano = 10 }) => nano),
    parent: Int32Array.from(rows, ({ up = NO_PARENT }) => up),
    spanId: Int32Array.from(rows.flatMap((_, row) => [row + 1, id])),
    name: Uint32Array.from(rows, ({ what }) => names.indexOf(what.split(' ')[1])),
    service: Uint16Array.from(rows, ({ what }) => services.indexOf(what.split(' ')[0])),
    eventCount: new Uint16Array(rows.length),
    kind: Uint8Array.from(rows, () => 1),
    statusCode: new Uint8Array(rows.length),
    flags: Uint8Array.from(rows, ({ error }) => (error === true ? FLAG_ERROR : 0)),
  };
}

function merge(a: readonly (readonly Row[])[], b: readonly (readonly Row[])[], maxPaths = 1000): MergedTraces {
  const merger = new TraceMerger();
  for (const rows of a) merger.add('a', traceOf(rows));
  for (const rows of b) merger.add('b', traceOf(rows));
  return merger.finish(maxPaths);
}

/** Each path whole, with traces and spans of both sides. */
function lines({ paths }: MergedTraces): string[] {
  const whole: string[] = [];
  for (const { parent, service, name, a, b } of paths) {
    const path = `${parent === NO_PARENT ? '' : `${whole[parent].split(' | ')[0]} / `}${service} ${name}`;
    whole.push(`${path} | ${a.traces}t ${a.spans}s : ${b.traces}t ${b.spans}s`);
  }
  return whole;
}

describe('TraceMerger', () => {
  it('makes one path of spans in the same place of many traces, siblings as they begin', () => {
    const get = [
      { what: 'web GET' },
      { what: 'db SELECT', up: 0, start: 6, nano: 4 },
      { what: 'db SELECT', up: 0, start: 12, nano: 8, error: true },
      { what: 'auth check', up: 0, start: 1 },
    ];
    const merged = merge([get, get], [get.slice(0, 2), [{ what: 'web GET' }, { what: 'cache get', up: 0, start: 3 }]]);
    expect(lines(merged)).toEqual([
      'web GET | 2t 2s : 2t 2s',
      'web GET / auth check | 2t 2s : 0t 0s',
      'web GET / cache get | 0t 0s : 1t 1s',
      'web GET / db SELECT | 2t 4s : 1t 1s',
    ]);
    expect(merged.paths[3].a).toMatchObject({ meanNano: 6, p50Nano: 4, p95Nano: 8, errors: 2 });
    expect(merged.paths[3].a.longest?.spanId).toBe('0300000001000000');
    expect([merged.tracesA, merged.tracesB]).toEqual([2, 2]);
  });

  it('keeps the paths that most traces have, with what is above them, and says how many it leaves out', () => {
    const rare = [{ what: 'web GET' }, { what: 'x rare', up: 0 }, { what: 'x deep', up: 1 }];
    const usual = [{ what: 'web GET' }, { what: 'db SELECT', up: 0 }];
    const merged = merge([usual, usual, rare], [usual], 2);
    expect(lines(merged)).toEqual(['web GET | 3t 3s : 1t 1s', 'web GET / db SELECT | 2t 2s : 1t 1s']);
    expect(merged.omittedPaths).toBe(2);
  });

  it('takes a chain of 20,000 spans', () => {
    const chain = Array.from({ length: 20_000 }, (_, row) => ({ what: 'a b', up: row - 1 }));
    expect(merge([chain], []).paths.at(-1)?.a.spans).toBe(1);
  });

  for (const seed of [21, 22, 23, 24]) {
    it(`agrees with counting paths by hand, seed ${seed}`, () => {
      const random = randomOf(seed);
      const sides: Record<MergeSide, Row[][]> = { a: [], b: [] };
      for (const side of ['a', 'b'] as const) {
        for (let at = 0; at < 12; at++) sides[side].push(randomTrace(random));
      }
      const merged = merge(sides.a, sides.b);
      const plain = new Map<string, { traces: Set<unknown>; nanos: number[]; errors: number }>();
      for (const side of ['a', 'b'] as const) {
        for (const rows of sides[side]) {
          const paths: string[] = [];
          for (const { what, up = NO_PARENT, nano = 10, error } of rows) {
            const path = `${up === NO_PARENT ? '' : `${paths[up]} / `}${what}`;
            paths.push(path);
            const key = `${side} ${path}`;
            const found = plain.get(key) ?? { traces: new Set(), nanos: [], errors: 0 };
            plain.set(key, found);
            found.traces.add(rows);
            found.nanos.push(nano);
            if (error === true) found.errors++;
          }
        }
      }
      const names = lines(merged).map((line) => line.split(' | ')[0]);
      expect(new Set(names).size).toBe(names.length);
      let compared = 0;
      for (const [at, path] of merged.paths.entries()) {
        for (const side of ['a', 'b'] as const) {
          const expected = plain.get(`${side} ${names[at]}`);
          if (expected === undefined) {
            expect(path[side]).toMatchObject({ traces: 0, spans: 0, errors: 0 });
            continue;
          }
          compared++;
          const nanos = expected.nanos.toSorted((x, y) => x - y);
          expect(path[side]).toMatchObject({
            traces: expected.traces.size,
            spans: nanos.length,
            errors: expected.errors,
            p95Nano: nanos[Math.ceil(nanos.length * 0.95) - 1],
          });
          expect(path[side].meanNano).toBeCloseTo(nanos.reduce((sum, one) => sum + one, 0) / nanos.length, 6);
        }
      }
      expect(compared).toBe(plain.size);
    });
  }
});

function randomTrace(random: () => number): Row[] {
  const rows: Row[] = [{ what: 'web GET' }];
  const open = [0];
  while (rows.length < 30) {
    // Depth first: a new span is below the last one or below one above it.
    while (open.length > 1 && random() < 0.5) open.pop();
    const up = open[open.length - 1];
    const what = `s${Math.floor(random() * 2)} n${Math.floor(random() * 3)}`;
    open.push(rows.push({ what, up, nano: Math.floor(random() * 100), error: random() < 0.2 }) - 1);
  }
  return rows;
}

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

describe('pathChange', () => {
  const figures = { traces: 100, spans: 100, errors: 0, meanNano: 1000, errorOfMean: 20 };
  const none = { traces: 0, spans: 0, errors: 0, meanNano: 0, errorOfMean: Number.NaN };

  it('tells differences from chance', () => {
    const change = (a: typeof figures, b: typeof figures): number => pathChange(a, 100, b, 100);
    expect(change(figures, { ...figures, meanNano: 1200 })).toBe(CHANGE_SLOWER);
    expect(change(figures, { ...figures, meanNano: 800 })).toBe(CHANGE_FASTER);
    expect(change(figures, { ...figures, meanNano: 1200, errorOfMean: 90 })).toBe(CHANGE_NONE);
    expect(change(figures, { ...figures, meanNano: 1090 })).toBe(CHANGE_NONE);
    expect(change(figures, { ...figures, meanNano: 9000, errorOfMean: Number.NaN })).toBe(CHANGE_NONE);
    expect(change(figures, { ...figures, errors: 20 })).toBe(CHANGE_COUNT);
    expect(change(figures, { ...figures, errors: 3 })).toBe(CHANGE_NONE);
    expect(change(figures, { ...figures, traces: 60, spans: 60 })).toBe(CHANGE_COUNT);
    expect(change(figures, { ...figures, spans: 400 })).toBe(CHANGE_COUNT);
    expect(change(figures, { ...figures, spans: 120 })).toBe(CHANGE_NONE);
  });

  it('says that a side lacks a path only when it is no accident of the sample', () => {
    expect(pathChange({ ...figures, traces: 10 }, 100, none, 100)).toBe(CHANGE_ONLY_A);
    expect(pathChange({ ...figures, traces: 1 }, 100, none, 100)).toBe(CHANGE_NONE);
    expect(pathChange(none, 100, { ...figures, traces: 10 }, 100)).toBe(CHANGE_ONLY_B);
    expect(pathChange(none, 3, { ...figures, traces: 50 }, 100)).toBe(CHANGE_NONE);
  });
});

import { NO_PARENT } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { flameLanes } from './flame-lanes.ts';
import { mergedFlame } from './merged-flame.ts';
import { groupSpans } from './span-groups.ts';
import { selfTimes } from './tree-measures.ts';

/** parent, start, duration, service/name */
type Sketch = readonly [parent: number, start: number, duration: number, what: string];

function columnsOf(spans: readonly Sketch[], errorRows: readonly number[] = []) {
  const words = spans.map(([, , , what]) => what.split('/'));
  const services = [...new Set(words.map(([service]) => service))];
  const names = [...new Set(words.map(([, name]) => name))];
  return {
    spanCount: spans.length,
    parent: Int32Array.from(spans, ([parent]) => parent),
    start: Float64Array.from(spans, ([, start]) => start),
    duration: Float64Array.from(spans, ([, , duration]) => duration),
    ...{ names, services },
    name: Uint32Array.from(words, ([, name]) => names.indexOf(name)),
    service: Uint16Array.from(words, ([service]) => services.indexOf(service)),
    kind: Uint8Array.from(spans, (_, row) => row % 3),
    statusCode: Uint8Array.from(spans, (_, row) => (errorRows.includes(row) ? 2 : 0)),
    flags: Uint8Array.from(spans, (_, row) => (errorRows.includes(row) ? 1 : 0)),
  };
}

const SHOP: readonly Sketch[] = [
  [-1, 0, 100, 'web/checkout'],
  [0, 5, 30, 'pay/charge'],
  [1, 10, 10, 'db/SELECT'],
  [0, 20, 60, 'ship/label'],
  [3, 25, 20, 'db/SELECT'],
  [3, 50, 20, 'db/SELECT'],
  [0, 85, 10, 'pay/charge'],
];

describe('flameLanes', () => {
  it('puts spans that overlap into lanes of their own and others into the highest free one', () => {
    const { lane, laneCount, rows, laneStart } = flameLanes(columnsOf(SHOP));
    expect([...lane]).toEqual([0, 1, 2, 2, 3, 3, 1]);
    expect(laneCount).toBe(4);
    expect([...laneStart]).toEqual([0, 1, 3, 5, 7]);
    expect([...rows]).toEqual([0, 1, 6, 2, 3, 4, 5]);
  });

  it('keeps children below their parent and lanes free of overlaps, whatever the clocks say', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const spans: Sketch[] = [[-1, 50, 900, 'a/a']];
    for (let row = 1; row < 3_000; row++) spans.push([random(row), random(1_000), random(120), 'a/a']);
    const columns = columnsOf(spans);
    const { lane, rows, laneStart, laneCount } = flameLanes(columns);
    for (let row = 1; row < spans.length; row++) expect(lane[row]).toBeGreaterThan(lane[columns.parent[row]]);
    // A child that starts before its parent is placed as if it started with it: only later ones must not overlap.
    for (let i = 0; i < laneCount; i++) {
      for (let at = laneStart[i] + 1; at < laneStart[i + 1]; at++) {
        const [before, row] = [rows[at - 1], rows[at]];
        const skewed = columns.parent[row] !== NO_PARENT && columns.start[row] < columns.start[columns.parent[row]];
        if (!skewed)
          expect(columns.start[row]).toBeGreaterThanOrEqual(columns.start[before] + columns.duration[before]);
      }
    }
  });

  it('takes 100,000 siblings that all overlap', () => {
    const spans: Sketch[] = [[-1, 0, 1e9, 'a/a']];
    for (let row = 1; row <= 100_000; row++) spans.push([0, row, 1e8, 'a/b']);
    expect(flameLanes(columnsOf(spans)).laneCount).toBe(100_001);
  });
});

describe('mergedFlame', () => {
  it('merges spans of one service and name below one path, heaviest first, and loses no time', () => {
    const columns = columnsOf(SHOP, [5]);
    const self = selfTimes(columns);
    const merged = mergedFlame(columns, self);
    const nodes = Array.from({ length: merged.nodeCount }, (_, node) => ({
      what: `${columns.services[merged.service[node]]}/${columns.names[merged.name[node]]}`,
      parent: merged.parent[node],
      count: merged.count[node],
      errors: merged.errors[node],
      self: merged.self[node],
      total: merged.total[node],
      offset: merged.offset[node],
      longest: merged.longestRow[node],
    }));
    expect(nodes).toEqual([
      { what: 'web/checkout', parent: -1, count: 1, errors: 0, self: 15, total: 115, offset: 0, longest: 0 },
      { what: 'ship/label', parent: 0, count: 1, errors: 0, self: 20, total: 60, offset: 0, longest: 3 },
      { what: 'db/SELECT', parent: 1, count: 2, errors: 1, self: 40, total: 40, offset: 0, longest: 4 },
      { what: 'pay/charge', parent: 0, count: 2, errors: 0, self: 30, total: 40, offset: 60, longest: 1 },
      { what: 'db/SELECT', parent: 3, count: 1, errors: 0, self: 10, total: 10, offset: 60, longest: 2 },
    ]);
    expect(merged.width).toBe(self.reduce((sum, time) => sum + time, 0));
    expect([...merged.nodeOfRow]).toEqual([0, 3, 4, 1, 2, 2, 3]);
    expect(merged.maxDepth).toBe(2);
  });

  it('takes a chain of 100,000 spans', () => {
    const spans = Array.from({ length: 100_000 }, (_, row): Sketch => [row - 1, row, 200_000 - 2 * row, 'a/b']);
    const columns = columnsOf(spans);
    expect(mergedFlame(columns, selfTimes(columns)).maxDepth).toBe(99_999);
  });
});

describe('groupSpans', () => {
  const columns = columnsOf(SHOP, [5]);
  const self = selfTimes(columns);

  it('groups by operation, most self time first, with nearest-rank percentiles', () => {
    const groups = groupSpans(columns, self, 'name');
    expect(groups.map(({ service, key, count }) => [service, key, count])).toEqual([
      ['db', 'SELECT', 3],
      ['pay', 'charge', 2],
      ['ship', 'label', 1],
      ['web', 'checkout', 1],
    ]);
    expect(groups[0]).toMatchObject({ errors: 1, total: 50, self: 50, p50: 20, p95: 20, max: 20, longestRow: 4 });
    expect([...groups[0].rows]).toEqual([2, 4, 5]);
    expect(groups[1]).toMatchObject({ total: 40, self: 30, p50: 10, p95: 30 });
  });

  it('groups by service, kind and status', () => {
    expect(groupSpans(columns, self, 'service').map(({ key }) => key)).toEqual(['db', 'pay', 'ship', 'web']);
    expect(groupSpans(columns, self, 'status').map(({ key, count }) => [key, count])).toEqual([
      ['0', 6],
      ['2', 1],
    ]);
    expect(groupSpans(columns, self, 'kind').reduce((sum, { count }) => sum + count, 0)).toBe(7);
  });
});

import { spanIdAt } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { findRows, nextRow, rowOfSpan } from './find-rows.ts';

const columns = buildTestTrace(FAMILY);

describe('finding in a trace', () => {
  it('matches names and services without regard to case', () => {
    expect([...findRows(columns, 'select')]).toEqual([2, 6]);
    expect([...findRows(columns, 'SHIP')]).toEqual([4, 5, 6]);
  });

  it('finds nothing for blank text', () => {
    expect(findRows(columns, '  ')).toHaveLength(0);
  });

  it('finds a span by its id', () => {
    expect([...findRows(columns, spanIdAt(columns, 5))]).toEqual([5]);
    expect(rowOfSpan(columns, spanIdAt(columns, 3))).toBe(3);
    expect(rowOfSpan(columns, 'ffffffffffffffff')).toBe(-1);
    expect(rowOfSpan(columns, 'no id')).toBe(-1);
  });

  it('goes round at both ends', () => {
    const rows = Int32Array.of(2, 6);
    expect([nextRow(rows, -1, 1), nextRow(rows, 2, 1), nextRow(rows, 6, 1)]).toEqual([2, 6, 2]);
    expect([nextRow(rows, 7, -1), nextRow(rows, 6, -1), nextRow(rows, 2, -1)]).toEqual([6, 2, 6]);
    expect(nextRow(new Int32Array(0), 0, 1)).toBe(-1);
  });
});

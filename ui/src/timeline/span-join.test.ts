import type { SpanValues } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { attributeAt } from './attribute-column.ts';
import { buildTestTrace, FAMILY } from './build-test-trace.ts';
import { codeScheme, NO_COLOUR, valueScheme } from './colour-scheme.ts';
import { joinedRows, joinSpans } from './span-join.ts';

const columns = buildTestTrace(FAMILY);

/** Spans of the family by row, as the server would name them. */
function spansOf(
  rows: readonly number[],
  starts: readonly number[] = rows.map((row) => columns.start[row]),
): SpanValues {
  return {
    count: rows.length,
    start: BigInt64Array.from(starts, (start) => columns.startTimeUnixNano + BigInt(start)),
    spanId: Int32Array.from(rows.flatMap((row) => [columns.spanId[row * 2], columns.spanId[row * 2 + 1]])),
  };
}

describe('spans of the server and rows of the trace', () => {
  it('find one another by id; what is not in the trace is left out', async () => {
    const stranger = {
      ...spansOf([6, 2]),
      count: 3,
      start: new BigInt64Array(3),
      spanId: Int32Array.of(9, 9, 1, 1, 5, 5),
    };
    expect([...joinedRows(await joinSpans(columns, stranger))]).toEqual([]);
    const places = await joinSpans(columns, spansOf([6, 2]));
    expect([...places]).toEqual([-1, -1, 1, -1, -1, -1, 0, -1]);
    expect([...joinedRows(places)]).toEqual([2, 6]);
  });

  it('with one id are told apart by their starts', async () => {
    const shared = { ...columns, spanId: columns.spanId.slice() };
    shared.spanId.set(columns.spanId.subarray(4, 6), 2 * 7);
    const places = await joinSpans(shared, spansOf([2, 2], [92, 5]));
    expect([places[2], places[7]]).toEqual([1, 0]);
  });

  it('are found in 250,000 rows, slice by slice, until somebody gives up', async () => {
    const many = buildTestTrace(Array.from({ length: 250_000 }, () => ({ parent: -1, start: 0, duration: 1 })));
    const last = { count: 1, start: BigInt64Array.of(0n), spanId: many.spanId.slice(-2) };
    expect([...joinedRows(await joinSpans(many, last))]).toEqual([249_999]);
    await expect(joinSpans(many, last, AbortSignal.abort())).rejects.toThrow();
  });
});

describe('colours of rows', () => {
  it('follow from kind and status, numbers beyond them as unspecified', () => {
    const scheme = codeScheme({ ...columns, kind: Uint8Array.of(2, 3, 3, 3, 9, 0, 0, 0) }, 'kind', [
      'none',
      'in',
      'server',
    ]);
    expect([...scheme.categoryOf]).toEqual([2, 3, 3, 3, 0, 0, 0, 0]);
    expect(scheme.categories[2]).toMatchObject({ label: 'server', spanCount: 1 });
    expect(scheme.categories[0].colour).toBe(NO_COLOUR);
  });

  it('follow from the values of an attribute, those that read alike as one, and none without a value', () => {
    const places = Int32Array.of(-1, 0, 1, 2, 3, -1, -1, -1);
    const scheme = valueScheme('.route', ['/a', '/b', '/a'], Uint32Array.of(0, 1, 2, 2), places, 'nothing');
    expect([...scheme.categoryOf]).toEqual([0, 1, 2, 1, 1, 0, 0, 0]);
    expect(scheme.categories.map(({ label, spanCount }) => `${label} ${spanCount}`)).toEqual([
      'nothing 4',
      '/a 3',
      '/b 1',
    ]);
    expect(scheme.categories[1].colour).not.toBe(scheme.categories[2].colour);
  });
});

describe('a column of an attribute', () => {
  it('shows the value of a row, or nothing', () => {
    const column = { name: '.a', values: ['x', 'y'], valueIds: Uint32Array.of(1, 0), places: Int32Array.of(0, 1, -1) };
    expect([0, 1, 2].map((row) => attributeAt(column, row))).toEqual(['y', 'x', '']);
    expect(attributeAt({ ...column, values: undefined }, 0)).toBe('');
  });
});

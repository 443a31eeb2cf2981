import { describe, expect, it } from 'vitest';
import { START_BUCKET_NANO, START_BUCKET_SQL } from '../schema/start-bucket.ts';
import { SqlParameters } from './sql-parameters.ts';
import { bucketWithin, startBetween, startExactlyInRange, startInRange } from './start-range.ts';

const BUCKET = 5_700_000n;
const BEGIN = BUCKET * START_BUCKET_NANO;

describe('a range of starts', () => {
  it('is one bucket of the sort key where it is within one, else from the first to the last', () => {
    const one = new SqlParameters();
    expect(bucketWithin(BEGIN, BEGIN + START_BUCKET_NANO - 1n, one)).toBe(`${START_BUCKET_SQL} = {p0:Int64}`);
    expect(one.values).toEqual({ p0: String(BUCKET) });
    const two = new SqlParameters();
    expect(bucketWithin(BEGIN, BEGIN + START_BUCKET_NANO, two)).toBe(
      `${START_BUCKET_SQL} >= {p0:Int64} AND ${START_BUCKET_SQL} <= {p1:Int64}`,
    );
    expect(two.values).toEqual({ p0: String(BUCKET), p1: String(BUCKET + 1n) });
  });

  it('is said exactly and in buckets', () => {
    const buckets = bucketWithin(BEGIN, BEGIN + 9n, new SqlParameters());
    const exactly = startBetween(BEGIN, BEGIN + 9n, new SqlParameters());
    expect(exactly).toMatch(/^start >= \S+\{p0:Int64\}\) AND start <= \S+\{p1:Int64\}\) AND /);
    expect(exactly.endsWith(buckets.replace('p0', 'p2'))).toBe(true);
    const range = { fromUnixNano: BEGIN, toUnixNano: BEGIN + 10n };
    expect(startInRange(range, new SqlParameters())).toBe(exactly);
  });

  it('is said exactly alone where nothing is pruned by it', () => {
    const range = { fromUnixNano: BEGIN, toUnixNano: BEGIN + 10n };
    const parameters = new SqlParameters();
    const exactly = startExactlyInRange(range, parameters);
    expect(startInRange(range, new SqlParameters()).startsWith(`${exactly} AND ${START_BUCKET_SQL}`)).toBe(true);
    expect(Object.keys(parameters.values)).toHaveLength(2);
  });

  it('holds nothing where it is empty or after the last start that can be stored in order', () => {
    expect(startInRange({ fromUnixNano: 5n, toUnixNano: 5n }, new SqlParameters())).toBe('false');
    const beyond = { fromUnixNano: 2n ** 63n, toUnixNano: 2n ** 64n };
    expect(startInRange(beyond, new SqlParameters())).toBe('false');
    expect(startExactlyInRange(beyond, new SqlParameters())).toBe('false');
  });
});

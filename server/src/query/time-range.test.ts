import { describe, expect, it } from 'vitest';
import { QueryError } from './query-error.ts';
import { parseTime, parseTimeRange } from './time-range.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const parse = (text: string): bigint => parseTime(text, NOW_MS, 'start');

describe('a time', () => {
  it.each([
    ['1760000000', 1_760_000_000_000_000_000n],
    ['1760000000.123456789', 1_760_000_000_123_456_789n],
    ['1760000000123', 1_760_000_000_123_000_000n],
    ['1760000000123456', 1_760_000_000_123_456_000n],
    ['1760000000123456789', 1_760_000_000_123_456_789n],
    ['1760000000123.5', 1_760_000_000_123_500_000n],
    ['0', 0n],
    ['18446744073709551615', 18_446_744_073_709_551_615n],
    ['now', NOW],
    ['now-1h', NOW - 3_600_000_000_000n],
    ['now-1h30m', NOW - 5_400_000_000_000n],
    ['now+5m', NOW + 300_000_000_000n],
    ['now-2d', NOW - 172_800_000_000_000n],
    ['2026-11-20T12:00:00Z', NOW],
    ['2026-11-20T12:00:00.000000001Z', NOW + 1n],
    ['2026-11-20T14:30:00+02:30', NOW],
    ['2026-11-20T07:00:00-05:00', NOW],
    ['2026-11-20 12:00', NOW],
    ['2026-11-20', NOW - 43_200_000_000_000n],
  ])('%s is %s ns', (text, unixNano) => {
    expect(parse(text)).toBe(unixNano);
  });

  it.each([
    '',
    'yesterday',
    '-5',
    '1e9',
    'now-',
    'now-1',
    'now-1y',
    'now - 1h',
    '2026-02-30T00:00:00Z',
    '2026-13-01',
    '2026-11-20T25:00:00Z',
    '2026-11-20T12:00:00+25:00',
    '1960-01-01',
    '18446744073709551616',
    'now-99999999w',
  ])("'%s' is refused with a code", (text) => {
    expect(() => parse(text)).toThrow(QueryError);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'QUERY_TIME_INVALID' }));
    expect(() => parse(text)).toThrow(/start/);
  });
});

describe('a time range', () => {
  it('is the last hour when nothing is given', () => {
    expect(parseTimeRange(undefined, undefined, NOW_MS)).toEqual({
      fromUnixNano: NOW - 3_600_000_000_000n,
      toUnixNano: NOW,
    });
  });

  it('begins an hour before its end', () => {
    expect(parseTimeRange(undefined, 'now-1d', NOW_MS).fromUnixNano).toBe(NOW - 90_000_000_000_000n);
  });

  it('is refused when it is empty or backwards', () => {
    for (const [start, end] of [
      ['now', 'now'],
      ['now', 'now-1h'],
    ]) {
      expect(() => parseTimeRange(start, end, NOW_MS)).toThrow(expect.objectContaining({ code: 'QUERY_RANGE_EMPTY' }));
    }
  });
});

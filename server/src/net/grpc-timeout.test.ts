import { describe, expect, test } from 'vitest';
import { parseGrpcTimeout } from './grpc-timeout.ts';

describe('grpc-timeout', () => {
  test.each([
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['10S', 10_000],
    ['250m', 250],
    ['1500u', 2],
    ['1n', 1],
    ['99999999m', 99_999_999],
  ])('%s is %d ms', (value, ms) => {
    expect(parseGrpcTimeout(value)).toBe(ms);
  });

  test('may be absent', () => {
    expect(parseGrpcTimeout(undefined)).toBeUndefined();
  });

  test.each(['', '10', 'S', '-1S', '1.5S', '123456789S', '1s', '10 S'])('%j is refused by name', (value) => {
    expect(() => parseGrpcTimeout(value)).toThrow(`'${value}' is not a timeout`);
  });
});

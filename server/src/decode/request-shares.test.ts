import { describe, expect, test } from 'vitest';
import { RequestShares } from './request-shares.ts';

function fill(shares: RequestShares, tenant: string): number {
  let count = 0;
  for (; shares.hasRoom(tenant); count++) shares.add(tenant);
  return count;
}

describe('the places for requests', () => {
  test('are taken by one tenant up to four fifths; another then finds some', () => {
    const shares = new RequestShares(100);
    expect(fill(shares, 'flood')).toBe(80);
    expect(fill(shares, 'late')).toBeGreaterThanOrEqual(15);
    expect(shares.hasRoom('flood')).toBe(false);
    for (let i = 0; i < 80; i++) shares.remove('flood');
    expect(shares.hasRoom('flood')).toBe(true);
  });

  test('are never more than there are, but the last one is for anybody who has none', () => {
    const shares = new RequestShares(3);
    shares.add('a');
    shares.add('a');
    expect(shares.hasRoom('b')).toBe(true);
    shares.add('b');
    for (const tenant of ['a', 'b', 'c']) expect(shares.hasRoom(tenant)).toBe(false);
  });
});

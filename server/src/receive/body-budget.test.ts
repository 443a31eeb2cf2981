import { describe, expect, test } from 'vitest';
import { type BodyAccount, BodyBudget } from './body-budget.ts';

function budgetOf(maxBytes: number): BodyBudget {
  return new BodyBudget(maxBytes, () => {});
}

/** Requests of 10 bytes of a tenant until one is refused. */
function fill(budget: BodyBudget, tenant: string, client = `${tenant}'s`): BodyAccount[] {
  const accounts: BodyAccount[] = [];
  for (;;) {
    const account = budget.open(tenant, client);
    if (!account.tryReserve(10)) return accounts;
    accounts.push(account);
  }
}

describe('the room for bodies', () => {
  test('is never passed and comes back', () => {
    const seen: number[] = [];
    const budget = new BodyBudget(100, (bytes) => seen.push(bytes));
    const account = budget.open('shop', 'a');
    expect(account.tryReserve(60)).toBe(true);
    expect(account.tryReserve(41)).toBe(false);
    expect(account.refusal).toBe('in_flight_bytes');
    expect(account.tryReserve(40)).toBe(true);
    account.release(100);
    expect(budget.heldBytes).toBe(0);
    expect(seen).toEqual([60, 100, 0]);
  });

  test('is one request’s alone if that is all there is', () => {
    const budget = budgetOf(100);
    expect(budget.open('shop', 'a').tryReserve(100)).toBe(true);
    expect(budget.open('shop', 'a').tryReserve(1)).toBe(false);
  });

  test('is taken by one tenant up to four fifths, so that another finds some', () => {
    const budget = budgetOf(1_000);
    expect(fill(budget, 'flood')).toHaveLength(80);
    expect(budget.open('late', 'b').tryReserve(100)).toBe(true);
    const flooder = budget.open('flood', 'c');
    expect(flooder.tryReserve(10)).toBe(false);
    expect(flooder.refusal).toBe('tenant_share');
  });

  test('is shared in equal parts by tenants that all want more', () => {
    const budget = budgetOf(13_000);
    const held = new Map<string, BodyAccount[]>([
      ['a', fill(budget, 'a')],
      ['b', []],
      ['c', []],
    ]);
    // Everybody keeps asking while requests end one by one, those of the one who has most.
    for (let round = 0; round < 5_000; round++) {
      const [, most] = [...held].sort(([, x], [, y]) => y.length - x.length)[0];
      most.shift()?.release(10);
      for (const tenant of ['a', 'b', 'c']) held.get(tenant)?.push(...fill(budget, tenant));
    }
    // 4 times what is free each: 13,000 = 3 × 4 × 1,000 + 1,000.
    for (const accounts of held.values()) expect(Math.abs(accounts.length - 400)).toBeLessThanOrEqual(3);
  });

  test('is shared by the clients of a tenant as well', () => {
    const budget = budgetOf(1_000);
    fill(budget, 'a', '10.0.0.1');
    const account = budget.open('b', '10.0.0.1');
    expect(account.tryReserve(50)).toBe(false);
    expect(account.refusal).toBe('client_share');
    expect(budget.open('b', '10.0.0.2').tryReserve(50)).toBe(true);
  });

  test('shrinks while memory is short, but not to nothing', () => {
    const budget = budgetOf(1_000);
    const early = budget.open('a', 'x');
    early.tryReserve(400);
    budget.squeeze(100);
    expect(budget.maxBytes).toBe(100);
    const late = budget.open('b', 'y');
    expect(late.tryReserve(40)).toBe(false);
    expect(late.refusal).toBe('memory');
    // An equal part of it is for whoever comes, whatever was taken before.
    const small = budget.open('b', 'y');
    expect(small.tryReserve(30)).toBe(true);
    expect(early.tryReserve(10)).toBe(false);
    small.release(30);
    early.release(400);
    expect(late.tryReserve(900)).toBe(true);
    budget.squeeze(undefined);
    expect(budget.open('c', 'z').tryReserve(50)).toBe(true);
  });
});

import { describe, expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';
import { BodyCollector } from './body-collector.ts';

const MIB = 2 ** 20;

function budgetOf(bytes: number): BodyBudget {
  return new BodyBudget(bytes, () => {});
}

function filled(length: number, value: number): Uint8Array {
  return new Uint8Array(length).fill(value);
}

describe('a body of announced length', () => {
  test('ends in a buffer of exactly that size, which can be transferred', () => {
    const budget = budgetOf(10 * MIB);
    const collector = new BodyCollector(budget.open('shop', '127.0.0.1'), MIB, 100_000);
    for (let i = 0; i < 10; i++) expect(collector.add(filled(10_000, i))).toBe('ok');
    const body = collector.take();
    expect(body.byteLength).toBe(100_000);
    expect(body.buffer.byteLength).toBe(100_000);
    expect([body[0], body[9_999], body[10_000], body[99_999]]).toEqual([0, 0, 1, 9]);
    structuredClone(body, { transfer: [body.buffer] });
    expect(body.byteLength).toBe(0);
  });

  test('takes memory for what has come, not for what was promised', () => {
    const budget = budgetOf(100 * MIB);
    const collector = new BodyCollector(budget.open('shop', '127.0.0.1'), 64 * MIB, 64 * MIB);
    collector.add(filled(1, 1));
    expect(budget.heldBytes).toBe(64 * 1024);
  });

  test('believes a promise in proportion to what has come', () => {
    const budget = budgetOf(100 * MIB);
    const collector = new BodyCollector(budget.open('shop', '127.0.0.1'), 64 * MIB, 64 * MIB);
    for (let sent = 0; sent < 64 * MIB; sent += 65_536) {
      expect(collector.add(filled(65_536, 1))).toBe('ok');
      expect(budget.heldBytes).toBeLessThanOrEqual(16 * (sent + 65_536));
    }
    expect(collector.take().buffer.byteLength).toBe(64 * MIB);
  });

  test('grows to the exact size however the bytes arrive', () => {
    const budget = budgetOf(100 * MIB);
    const announced = 5 * MIB + 123;
    const collector = new BodyCollector(budget.open('shop', '127.0.0.1'), 64 * MIB, announced);
    let sent = 0;
    while (sent < announced) {
      const chunk = filled(Math.min(65_536, announced - sent), sent & 255);
      expect(collector.add(chunk)).toBe('ok');
      sent += chunk.length;
    }
    expect(budget.heldBytes).toBe(announced);
    expect(collector.take().buffer.byteLength).toBe(announced);
  });
});

describe('a body of unknown length', () => {
  test('is collected whole', () => {
    const collector = new BodyCollector(budgetOf(10 * MIB).open('shop', '127.0.0.1'), MIB, undefined);
    const expected: number[] = [];
    for (let i = 1; i <= 200; i++) {
      collector.add(filled(i, i));
      for (let j = 0; j < i; j++) expected.push(i);
    }
    expect([...collector.take()]).toEqual(expected);
  });

  test('is refused one byte past the limit and not before', () => {
    const collector = new BodyCollector(budgetOf(10 * MIB).open('shop', '127.0.0.1'), 1000, undefined);
    expect(collector.add(filled(1000, 1))).toBe('ok');
    expect(collector.add(filled(1, 1))).toBe('too-large');
    expect(collector.length).toBe(1000);
  });
});

describe('the budget', () => {
  test('refuses a body when all bodies together would pass it', () => {
    const budget = budgetOf(300 * 1024);
    const first = new BodyCollector(budget.open('shop', '127.0.0.1'), MIB, 200 * 1024);
    const second = new BodyCollector(budget.open('shop', '127.0.0.1'), MIB, 200 * 1024);
    expect(first.add(filled(200 * 1024, 1))).toBe('ok');
    expect(second.add(filled(50 * 1024, 1))).toBe('over-budget');
    first.release();
    expect(second.add(filled(200 * 1024, 1))).toBe('ok');
  });

  test('is whole again after release, also when release is repeated', () => {
    const budget = budgetOf(MIB);
    const collector = new BodyCollector(budget.open('shop', '127.0.0.1'), MIB, undefined);
    collector.add(filled(5000, 1));
    expect(budget.heldBytes).toBeGreaterThan(0);
    collector.take();
    expect(budget.heldBytes).toBeGreaterThan(0);
    collector.release();
    collector.release();
    expect(budget.heldBytes).toBe(0);
  });
});

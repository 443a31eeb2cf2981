import { describe, expect, test } from 'vitest';
import { tenantFromHeader } from './tenant.ts';

describe('the tenant of a request', () => {
  test("is 'default' when nobody says", () => {
    expect(tenantFromHeader({})).toEqual({ ok: true, tenant: 'default' });
  });

  test.each(['a', 'team-7', "A!_.*'()-9", 'x'.repeat(150)])('%s is a name', (tenant) => {
    expect(tenantFromHeader({ 'x-scope-orgid': tenant })).toEqual({ ok: true, tenant });
  });

  test.each(['', 'x'.repeat(151), 'a b', 'a/b', '../x', '.', '..', 'ä', 'a|b', 'a, b'])('%j is not', (tenant) => {
    const result = tenantFromHeader({ 'x-scope-orgid': tenant });
    expect(result.ok).toBe(false);
    expect(result).toMatchObject({ message: expect.stringContaining('1 to 150') });
  });

  test('two headers are not one tenant', () => {
    expect(tenantFromHeader({ 'x-scope-orgid': ['a', 'b'] }).ok).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { MAX_READ_TENANTS, namesOfReadTenant, readTenantFromHeader } from './read-tenant.ts';

describe('readTenantFromHeader', () => {
  it.each([
    [undefined, 'default'],
    ['shop', 'shop'],
    ['shop|bank', 'bank|shop'],
    [' shop | bank ', 'bank|shop'],
    ['shop|shop', 'shop'],
    ["it's(me)!", "it's(me)!"],
  ])('reads %j as %s', (header, tenant) => {
    expect(readTenantFromHeader(header)).toEqual({ ok: true, tenant });
  });

  it.each(['', '|', 'shop|', '|shop', 'a||b', 'a|..', 'a|b c', 'a,b', 'a|b/c', 'x'.repeat(151)])(
    'refuses %j',
    (header) => {
      expect(readTenantFromHeader(header)).toMatchObject({
        ok: false,
        message: expect.stringMatching(/^X-Scope-OrgID: .*is not a tenant name/) as string,
      });
    },
  );

  it('takes as many tenants as the limit and not one more', () => {
    const names = Array.from({ length: MAX_READ_TENANTS }, (_, i) => `t${i}`);
    const taken = readTenantFromHeader(names.join('|'));
    expect(taken.ok && namesOfReadTenant(taken.tenant).length).toBe(MAX_READ_TENANTS);
    expect(readTenantFromHeader([...names, 'other'].join('|'))).toMatchObject({
      ok: false,
      message: expect.stringContaining(`more than ${MAX_READ_TENANTS} tenants`) as string,
    });
  });
});

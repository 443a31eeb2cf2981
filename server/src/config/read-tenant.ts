/** Whose spans a reader may see: one tenant, or several at once, as `X-Scope-OrgID: a|b` names them. */
import { DEFAULT_TENANT, isTenantName, TENANT_RULE } from './tenant-name.ts';

/** Not part of any tenant's name. */
const SEPARATOR = '|';
/** Tenants read at once. */
export const MAX_READ_TENANTS = 64;

/** `tenant` is one name or several, each once and in order, joined by `|`: the same readers have the same text. */
export type ReadTenantResult =
  | { readonly ok: true; readonly tenant: string }
  | { readonly ok: false; readonly message: string };

/** What `X-Scope-OrgID` allows to read: 1 to MAX_READ_TENANTS names with `|` between; `default` without the header. */
export function readTenantFromHeader(value: string | undefined): ReadTenantResult {
  if (value === undefined) return { ok: true, tenant: DEFAULT_TENANT };
  const names = value.split(SEPARATOR, MAX_READ_TENANTS + 1).map((name) => name.trim());
  if (names.length > MAX_READ_TENANTS) {
    return refused(`it names more than ${MAX_READ_TENANTS} tenants (limit of one request). Ask in several requests.`);
  }
  const bad = names.find((name) => !isTenantName(name));
  if (bad !== undefined) {
    const shown = bad.length > 40 ? `${bad.slice(0, 40)}… (${bad.length} characters)` : bad;
    return refused(
      `'${shown}' is not a tenant name (${TENANT_RULE}). ` +
        `Send valid names with | between, or leave the header out for '${DEFAULT_TENANT}'.`,
    );
  }
  return { ok: true, tenant: [...new Set(names)].sort().join(SEPARATOR) };
}

/** The names in what `readTenantFromHeader` made. Never empty. */
export function namesOfReadTenant(tenant: string): readonly string[] {
  return tenant.split(SEPARATOR);
}

function refused(why: string): ReadTenantResult {
  return { ok: false, message: `X-Scope-OrgID: ${why}` };
}

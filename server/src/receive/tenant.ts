import type { IncomingHttpHeaders } from 'node:http';
import { DEFAULT_TENANT, isTenantName, TENANT_RULE } from '../config/tenant-name.ts';

export const TENANT_HEADER = 'x-scope-orgid';

export type TenantResult =
  | { readonly ok: true; readonly tenant: string }
  | { readonly ok: false; readonly message: string };

/** Whose spans a request brings, from its headers. HTTP/1 headers and gRPC metadata look alike here. */
export type TenantOf = (headers: IncomingHttpHeaders) => TenantResult;

const DEFAULT_RESULT: TenantResult = { ok: true, tenant: DEFAULT_TENANT };

/** The tenant named by `X-Scope-OrgID`: 1 to 150 of `a-zA-Z0-9!_.*'()-`; `default` without the header. */
export const tenantFromHeader: TenantOf = (headers) => {
  const value = headers[TENANT_HEADER];
  if (value === undefined) return DEFAULT_RESULT;
  const tenant = Array.isArray(value) ? value.join(', ') : value;
  if (isTenantName(tenant)) return { ok: true, tenant };
  const shown = tenant.length > 40 ? `${tenant.slice(0, 40)}… (${tenant.length} characters)` : tenant;
  return {
    ok: false,
    message:
      `X-Scope-OrgID: '${shown}' is not a tenant name (${TENANT_RULE}). ` +
      `Send a valid name, or leave the header out for '${DEFAULT_TENANT}'.`,
  };
};

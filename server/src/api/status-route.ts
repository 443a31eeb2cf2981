import type { StatusAnswer } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';
import { pathPattern } from './parse-request.ts';

/** How long a status waits for the store. */
const STORE_TIMEOUT_MS = 2_000;

export function addStatusRoute(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, status } = dependencies;
  /** Tenants known to have spans: that never changes back while we run, so the store is asked only until then. */
  const tenantsWithSpans = new Set<string>();
  const MAX_REMEMBERED_TENANTS = 10_000;

  /** A store that does not answer may hold spans, and the rest of the status matters most just then. */
  async function mayHaveSpans(tenant: string, signal: AbortSignal): Promise<boolean> {
    if (tenantsWithSpans.has(tenant)) return true;
    const has = await store.hasSpans(tenant, { signal, timeoutMs: STORE_TIMEOUT_MS }).catch(() => undefined);
    if (has === true && tenantsWithSpans.size < MAX_REMEMBERED_TENANTS) tenantsWithSpans.add(tenant);
    return has ?? true;
  }

  api.get(pathPattern(ROUTES.status), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const answer: StatusAnswer = { ...status(tenant), hasSpans: await mayHaveSpans(tenant, context.req.raw.signal) };
    return context.json(answer, 200, { 'cache-control': 'no-store' });
  });
}

import type { StatusAnswer } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';
import { pathPattern } from './parse-request.ts';

export function addStatusRoute(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, status } = dependencies;
  /** Tenants known to have spans: that never changes back while we run, so the store is asked only until then. */
  const tenantsWithSpans = new Set<string>();
  const MAX_REMEMBERED_TENANTS = 10_000;

  async function hasSpans(tenant: string, signal: AbortSignal): Promise<boolean> {
    if (tenantsWithSpans.has(tenant)) return true;
    const has = await store.hasSpans(tenant, { signal });
    if (has && tenantsWithSpans.size < MAX_REMEMBERED_TENANTS) tenantsWithSpans.add(tenant);
    return has;
  }

  api.get(pathPattern(ROUTES.status), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const answer: StatusAnswer = { ...status(tenant), hasSpans: await hasSpans(tenant, context.req.raw.signal) };
    return context.json(answer, 200, { 'cache-control': 'no-store' });
  });
}

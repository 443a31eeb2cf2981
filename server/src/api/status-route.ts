import type { StatusAnswer } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';
import { pathPattern } from './parse-request.ts';

/** How long a status waits for the store. */
const STORE_TIMEOUT_MS = 2_000;
/**
 * A tenant without spans is asked about no sooner again, unless this Clew has stored some meanwhile: the statement costs
 * eight times as much as the rest of a status, and pages that wait for a first trace ask all the time.
 */
const EMPTY_FOR_MS = 1_000;
const MAX_REMEMBERED_TENANTS = 10_000;

/** When the store has said that there are none. */
interface Emptiness {
  readonly storedSpans: number;
  readonly untilMs: number;
}

export function addStatusRoute(api: Hono, dependencies: Pick<ApiDependencies, 'store' | 'tenantOf' | 'status'>): void {
  const { store, tenantOf, status } = dependencies;
  /** Tenants known to have spans: that never changes back while we run, so the store is asked only until then. */
  const tenantsWithSpans = new Set<string>();
  const emptyTenants = new Map<string, Emptiness>();

  /** A store that does not answer may hold spans, and the rest of the status matters most just then. */
  async function mayHaveSpans(tenant: string, storedSpans: number, signal: AbortSignal): Promise<boolean> {
    if (tenantsWithSpans.has(tenant)) return true;
    const empty = emptyTenants.get(tenant);
    if (empty?.storedSpans === storedSpans && performance.now() < empty.untilMs) return false;
    const has = await store.hasSpans(tenant, { signal, timeoutMs: STORE_TIMEOUT_MS }).catch(() => undefined);
    emptyTenants.delete(tenant);
    if (has === true && tenantsWithSpans.size < MAX_REMEMBERED_TENANTS) tenantsWithSpans.add(tenant);
    if (has === false) {
      if (emptyTenants.size >= MAX_REMEMBERED_TENANTS) emptyTenants.clear();
      emptyTenants.set(tenant, { storedSpans, untilMs: performance.now() + EMPTY_FOR_MS });
    }
    return has ?? true;
  }

  api.get(pathPattern(ROUTES.status), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const known = status(tenant);
    const hasSpans = await mayHaveSpans(tenant, known.spans.stored, context.req.raw.signal);
    const answer: StatusAnswer = { ...known, hasSpans };
    return context.json(answer, 200, { 'cache-control': 'no-store' });
  });
}

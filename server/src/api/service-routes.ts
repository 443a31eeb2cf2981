import { ROUTES } from '@clew/contract/routes';
import type { Context, Hono } from 'hono';
import { parseTimeRange } from '../query/time-range.ts';
import type { ServicesRequest } from '../store/span-store.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

/** How services do, what they consist of, who calls whom. */
export function addServiceRoutes(api: Hono, { store, tenantOf, queryTimeoutMs, metrics }: ApiDependencies): void {
  api.get(pathPattern(ROUTES.servicesOverview), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.servicesOverview, {}, context.req.query());
    const answer = await store.servicesOverview(tenant, { ...timeOf(asked), points: asked.points }, optionsOf(context));
    metrics.queryRead('servicesOverview', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.service), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.service, context.req.param(), context.req.query());
    const request = { ...timeOf(asked), points: asked.points, service: asked.service };
    const answer = await store.service(tenant, request, optionsOf(context));
    metrics.queryRead('service', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });

  api.get(pathPattern(ROUTES.dependencies), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.dependencies, {}, context.req.query());
    const answer = await store.dependencies(tenant, timeOf(asked), optionsOf(context));
    metrics.queryRead('dependencies', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });

  function optionsOf(context: Context): { readonly signal: AbortSignal; readonly timeoutMs: number } {
    return { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs };
  }
}

const NANO_PER_MS = 1_000_000n;

function timeOf(asked: {
  readonly start?: string | undefined;
  readonly end?: string | undefined;
}): Omit<ServicesRequest, 'points'> {
  const nowMs = Date.now();
  return { range: parseTimeRange(asked.start, asked.end, nowMs), nowUnixNano: BigInt(nowMs) * NANO_PER_MS };
}

import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { countMatches, findFacets } from '../query/find-facets.ts';
import { searchSpans } from '../query/search-spans.ts';
import { parseTimeRange } from '../query/time-range.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

/** What a query finds beside traces: spans one by one, how many, and what they have. */
export function addSpanSearchRoutes(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs, metrics } = dependencies;

  api.get(pathPattern(ROUTES.searchSpans), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.searchSpans, {}, context.req.query());
    const { q, limit, cursor, order } = asked;
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const options = { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs };
    const answer = await searchSpans(store, { tenant, text: q, range, limit, cursor, order, options });
    metrics.queryRead('searchSpans', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });

  for (const [name, read] of [
    ['searchTotals', countMatches],
    ['searchFacets', findFacets],
  ] as const) {
    api.get(pathPattern(ROUTES[name]), async (context) => {
      const tenant = tenantOf(context.req.raw.headers);
      const asked = parseRequest(ROUTES[name], {}, context.req.query());
      const range = parseTimeRange(asked.start, asked.end, Date.now());
      const options = { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs };
      const answer = await read(store, { tenant, text: asked.q, range, options });
      metrics.queryRead(name, answer.statistics.rowsRead, answer.statistics.bytesRead);
      return context.json(answer);
    });
  }
}

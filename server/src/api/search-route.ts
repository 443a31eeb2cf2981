import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { searchTraces } from '../query/search.ts';
import { parseTimeRange } from '../query/time-range.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

export function addSearchRoute(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs, metrics } = dependencies;
  api.get(pathPattern(ROUTES.search), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.search, {}, context.req.query());
    const range = parseTimeRange(asked.start, asked.end, Date.now());
    const answer = await searchTraces(store, {
      tenant,
      text: asked.q,
      range,
      limit: asked.limit,
      spansPerTrace: asked.spss,
      cursor: asked.cursor,
      order: asked.order,
      explain: asked.explain === 'true',
      options: { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs },
    });
    metrics.queryRead('search', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });
}

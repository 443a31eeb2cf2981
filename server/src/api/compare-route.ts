import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { comparePopulations } from '../query/compare/compare-populations.ts';
import { parseTimeRange } from '../query/time-range.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

export function addCompareRoute(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs, metrics } = dependencies;
  api.get(pathPattern(ROUTES.compare), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.compare, {}, context.req.query());
    const now = Date.now();
    const answer = await comparePopulations(store, {
      tenant,
      a: { text: asked.a, range: parseTimeRange(asked.start, asked.end, now) },
      b: { text: asked.b, range: parseTimeRange(asked.bstart ?? asked.start, asked.bend ?? asked.end, now) },
      maxTraces: asked.traces,
      // Two questions, each with the time of one.
      options: { signal: context.req.raw.signal, timeoutMs: 2 * queryTimeoutMs },
    });
    metrics.queryRead('compare', answer.statistics.rowsRead, answer.statistics.bytesRead);
    return context.json(answer);
  });
}

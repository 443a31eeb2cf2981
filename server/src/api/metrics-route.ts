import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import type { Hono } from 'hono';
import { parseStep } from '../query/metrics/parse-step.ts';
import { type MetricsResult, queryMetrics } from '../query/metrics/query-metrics.ts';
import type { MetricsSeries } from '../query/metrics/series.ts';
import { foundAttribute } from '../query/search/found-span.ts';
import { parseTimeRange } from '../query/time-range.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';

export function addMetricsRoute(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs, metrics } = dependencies;
  api.get(pathPattern(ROUTES.metrics), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.metrics, {}, context.req.query());
    const result = await queryMetrics(store, {
      tenant,
      text: asked.q,
      range: parseTimeRange(asked.start, asked.end, Date.now()),
      stepNano: asked.step === undefined ? undefined : parseStep(asked.step),
      instant: asked.instant === 'true',
      maxExemplars: asked.exemplars,
      perDoubling: asked.resolution,
      explain: asked.explain === 'true',
      options: { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs },
    });
    metrics.queryRead('metrics', result.statistics.rowsRead, result.statistics.bytesRead);
    return context.json(metricsAnswer(result));
  });
}

function metricsAnswer(result: MetricsResult): MetricsAnswer {
  const { grid, series, statistics, sampledShare, storedUntilUnixMs, notes, plan } = result;
  return {
    startUnixNano: grid.originUnixNano.toString(),
    stepNano: grid.stepNano.toString(),
    pointCount: grid.count,
    series: series.map(foundSeries),
    statistics: {
      ...statistics,
      ...(sampledShare !== undefined && { sampledShare }),
      ...(storedUntilUnixMs !== undefined && { storedUntilUnixMs }),
    },
    ...(notes.length > 0 && { notes }),
    ...(plan && { plan }),
  };
}

function foundSeries({ labels, values, exemplars }: MetricsSeries): FoundSeries {
  return {
    labels: labels.map(foundAttribute),
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : null)),
    ...(exemplars.length > 0 && {
      exemplars: exemplars.map(({ traceId, spanId, startUnixNano, value }) => ({
        traceId,
        spanId,
        startTimeUnixNano: startUnixNano.toString(),
        value: Number.isFinite(value) ? value : null,
      })),
    }),
  };
}

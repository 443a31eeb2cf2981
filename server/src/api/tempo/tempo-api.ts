/** The HTTP API of Grafana Tempo, as Grafana's data source and Traces Drilldown speak it. */

import type { MessageShape } from '@clew/wire/tempo/message-shape';
import { messageToJson } from '@clew/wire/tempo/message-to-json';
import {
  QUERY_INSTANT_RESPONSE,
  QUERY_RANGE_RESPONSE,
  SEARCH_RESPONSE,
  TAG_VALUES_RESPONSE,
  TAG_VALUES_V2_RESPONSE,
  TAGS_RESPONSE,
  TAGS_V2_RESPONSE,
  type TempoSearchResponse,
} from '@clew/wire/tempo/tempo-messages';
import { type Context, Hono } from 'hono';
import { compressResponse } from '../compress-response.ts';
import { toApiError } from '../error-mapping.ts';
import { ApiError } from '../problem.ts';
import { addCors } from './cors.ts';
import { metricsFromQuery } from './metrics-request.ts';
import { type RunMetrics, runQueryInstant, runQueryRange } from './run-metrics.ts';
import { runSearch } from './run-search.ts';
import { searchFromQuery } from './search-request.ts';
import { addStatusRoutes } from './status-routes.ts';
import { loadTagNames, loadTagNamesV2 } from './tag-names.ts';
import { loadTagValues, loadTagValuesV2 } from './tag-values.ts';
import { tagNamesFromQuery, tagValuesFromQuery } from './tags-request.ts';
import type { TempoDependencies } from './tempo-dependencies.ts';
import { tempoErrorResponse } from './tempo-error.ts';
import { addTraceByIdRoutes } from './trace-by-id.ts';

export function createTempoApi(dependencies: TempoDependencies): Hono {
  const api = new Hono();
  const { metrics, logger } = dependencies;
  api.use('*', async (context, next) => {
    const startedMs = performance.now();
    await next();
    const route = context.req.routePath.replace(/^\/tempo/, '');
    metrics.requestAnswered(`tempo ${route}`, context.res.status, (performance.now() - startedMs) / 1000);
    context.res = compressResponse(context.req.raw, context.res);
  });
  addCors(api, dependencies.corsAllowedOrigins);
  addStatusRoutes(api, dependencies);
  addTraceByIdRoutes(api, dependencies);
  addSearchRoutes(api, dependencies);
  addTagRoutes(api, dependencies);
  addMetricsRoutes(api, dependencies);
  api.all('/api/*', (context) => {
    const isRead = context.req.method === 'GET' || context.req.method === 'HEAD';
    const message = `${context.req.method} ${new URL(context.req.url).pathname}: no such route of the Tempo API.`;
    throw isRead
      ? new ApiError(404, 'ROUTE_UNKNOWN', message)
      : new ApiError(405, 'METHOD_NOT_ALLOWED', message, { allow: 'GET, HEAD' });
  });
  api.onError((error, context) => {
    const apiError = toApiError(error, context.req.raw.signal);
    if (apiError.status >= 500) {
      logger.error(
        { path: context.req.path, code: apiError.code, error: error.stack ?? error.message },
        'tempo api: request failed',
      );
    }
    return tempoErrorResponse(apiError);
  });
  return api;
}

function addSearchRoutes(api: Hono, { store, tenantOf, queryTimeoutMs, metrics }: TempoDependencies): void {
  api.get('/api/search', async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const found = runSearch({
      ...{ store, tenant, search: searchFromQuery(context.req.query(), Date.now()) },
      isStreamed: false,
      timeoutMs: queryTimeoutMs,
      signal: context.req.raw.signal,
      onRead: (rows, bytes) => metrics.queryRead('tempo search', rows, bytes),
    });
    let whole: TempoSearchResponse = { traces: [], metrics: {} };
    for await (const part of found) {
      whole = { traces: [...whole.traces, ...part.traces], metrics: part.metrics };
    }
    return answer(context, SEARCH_RESPONSE, whole);
  });
}

function addTagRoutes(api: Hono, dependencies: TempoDependencies): void {
  const { store } = dependencies;
  api.get('/api/search/tags', async (context) =>
    answer(context, TAGS_RESPONSE, await loadTagNames(store, tagNamesFromQuery(context, dependencies))),
  );
  api.get('/api/v2/search/tags', async (context) =>
    answer(context, TAGS_V2_RESPONSE, await loadTagNamesV2(store, tagNamesFromQuery(context, dependencies))),
  );
  // A tag may have slashes, and Grafana does not always escape them.
  api.get('/api/search/tag/:tag{.+}/values', async (context) =>
    answer(context, TAG_VALUES_RESPONSE, await loadTagValues(store, tagValuesFromQuery(context, dependencies))),
  );
  api.get('/api/v2/search/tag/:tag{.+}/values', async (context) =>
    answer(context, TAG_VALUES_V2_RESPONSE, await loadTagValuesV2(store, tagValuesFromQuery(context, dependencies))),
  );
}

function addMetricsRoutes(api: Hono, { store, tenantOf, queryTimeoutMs, metrics }: TempoDependencies): void {
  const question = (context: Context, instant: boolean): RunMetrics => ({
    store,
    tenant: tenantOf(context.req.raw.headers),
    asked: metricsFromQuery(context.req.query(), instant, Date.now()),
    timeoutMs: queryTimeoutMs,
    signal: context.req.raw.signal,
    onRead: (rows, bytes) => metrics.queryRead('tempo metrics', rows, bytes),
  });
  api.get('/api/metrics/query_range', async (context) =>
    answer(context, QUERY_RANGE_RESPONSE, await runQueryRange(question(context, false))),
  );
  api.get('/api/metrics/query', async (context) =>
    answer(context, QUERY_INSTANT_RESPONSE, await runQueryInstant(question(context, true))),
  );
}

/** With its list, if empty: clients iterate over it. */
function answer(context: Context, shape: MessageShape, message: object): Response {
  const [list = ''] = Object.keys(shape.fields);
  return context.json({ [list]: [], ...messageToJson(shape, message) });
}

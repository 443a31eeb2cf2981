/** The HTTP application of the main port: native API, health, metrics, UI. */
import { ROUTES } from '@clew/contract/routes';
import { Hono } from 'hono';
import { addCatalogueRoutes } from './catalogue-routes.ts';
import { addCompareRoute } from './compare-route.ts';
import { compressResponse } from './compress-response.ts';
import type { ApiDependencies } from './dependencies.ts';
import { toApiError } from './error-mapping.ts';
import { addHealthRoutes, HEALTH_PATHS } from './health-routes.ts';
import { addMetricsRoute } from './metrics-route.ts';
import { buildOpenApi } from './openapi.ts';
import { pathPattern } from './parse-request.ts';
import { ApiError, problemResponse } from './problem.ts';
import { addSearchRoute } from './search-route.ts';
import { addServiceRoutes } from './service-routes.ts';
import { addSpanSearchRoutes } from './span-search-routes.ts';
import { addStatusRoute } from './status-route.ts';
import { addTailRoute } from './tail-route.ts';
import { createTempoApi } from './tempo/tempo-api.ts';
import { addTraceRoutes } from './trace-routes.ts';
import { addTraceSpansRoutes } from './trace-spans-routes.ts';
import { addUiRoutes } from './ui-routes.ts';

export function createApi(dependencies: ApiDependencies): Hono {
  const api = new Hono();
  const { metrics, logger } = dependencies;
  api.use('/api/*', async (context, next) => {
    const startMs = performance.now();
    await next();
    metrics.requestAnswered(context.req.routePath, context.res.status, (performance.now() - startMs) / 1000);
    context.res = compressResponse(context.req.raw, context.res);
  });
  addSearchRoute(api, dependencies);
  addSpanSearchRoutes(api, dependencies);
  addMetricsRoute(api, dependencies);
  addCompareRoute(api, dependencies);
  addTailRoute(api, dependencies);
  addTraceRoutes(api, dependencies);
  addTraceSpansRoutes(api, dependencies);
  addCatalogueRoutes(api, dependencies);
  addServiceRoutes(api, dependencies);
  addStatusRoute(api, dependencies);
  api.get('/api/v1/openapi.json', (context) => context.json(buildOpenApi(dependencies.version)));
  addHealthRoutes(api, dependencies);
  for (const path of [...Object.values(ROUTES).map(pathPattern), '/api/v1/openapi.json', ...HEALTH_PATHS]) {
    api.all(path, (context) => {
      throw new ApiError(
        405,
        'METHOD_NOT_ALLOWED',
        `${context.req.method} ${context.req.path}: only GET and HEAD are answered here. Spans are sent to POST /v1/traces.`,
        { allow: 'GET, HEAD' },
      );
    });
  }
  api.all('/api/*', (context) => {
    throw new ApiError(
      404,
      'ROUTE_UNKNOWN',
      `no such route: ${context.req.method} ${new URL(context.req.url).pathname}. The routes are listed at /api/v1/openapi.json.`,
    );
  });
  api.route('/tempo', createTempoApi(dependencies));
  addUiRoutes(api, dependencies);
  api.onError((error, context) => {
    const apiError = toApiError(error, context.req.raw.signal);
    if (apiError.status >= 500) {
      logger.error(
        { path: context.req.path, code: apiError.code, error: error.stack ?? error.message },
        'api: request failed',
      );
    }
    return problemResponse(apiError);
  });
  return api;
}

import { SPAN_VALUES_MEDIA_TYPE } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import { encodeSpanValues } from '@clew/wire/columns/span-values';
import type { Hono } from 'hono';
import { matchTrace, traceValues } from '../query/trace-spans.ts';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';
import { bytes, requireTraceId } from './trace-routes.ts';

/** What the page of one trace asks beside its columns: spans that match, and an attribute of every span. */
export function addTraceSpansRoutes(api: Hono, { store, tenantOf, queryTimeoutMs }: ApiDependencies): void {
  api.get(pathPattern(ROUTES.traceMatch), async (context) => {
    const asked = parseRequest(ROUTES.traceMatch, context.req.param(), context.req.query());
    const spans = await matchTrace(store, {
      tenant: tenantOf(context.req.raw.headers),
      traceId: requireTraceId(asked.traceId),
      text: asked.q,
      options: { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs },
    });
    return bytes(encodeSpanValues(spans), SPAN_VALUES_MEDIA_TYPE);
  });

  api.get(pathPattern(ROUTES.traceValues), async (context) => {
    const asked = parseRequest(ROUTES.traceValues, context.req.param(), context.req.query());
    const spans = await traceValues(store, {
      tenant: tenantOf(context.req.raw.headers),
      traceId: requireTraceId(asked.traceId),
      name: asked.name,
      options: { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs },
    });
    return bytes(encodeSpanValues(spans), SPAN_VALUES_MEDIA_TYPE);
  });
}

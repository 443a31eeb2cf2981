import type { SpanAnswer } from '@clew/contract';
import { TRACE_COLUMNS_MEDIA_TYPE } from '@clew/contract';
import { ROUTES } from '@clew/contract/routes';
import { parseSpanId, parseTraceId, type SpanId, type TraceId } from '@clew/model';
import { encodeTraceColumns } from '@clew/wire/columns/encode-trace-columns';
import { traceDataToOtlpJson, writeOtlpJson } from '@clew/wire/otlp/encode-json';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import type { Hono } from 'hono';
import type { ApiDependencies } from './dependencies.ts';
import { parseRequest, pathPattern } from './parse-request.ts';
import { ApiError } from './problem.ts';

const PROTOBUF = 'application/x-protobuf';

export function addTraceRoutes(api: Hono, dependencies: ApiDependencies): void {
  const { store, tenantOf, queryTimeoutMs } = dependencies;

  api.get(pathPattern(ROUTES.trace), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.trace, context.req.param(), context.req.query());
    const traceId = requireTraceId(asked.traceId);
    const options = { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs };
    const accept = context.req.header('accept') ?? '';
    if (accept.includes(TRACE_COLUMNS_MEDIA_TYPE)) {
      const columns = await store.loadTraceColumns(tenant, traceId, options);
      if (columns === undefined) throw traceNotFound(traceId);
      return bytes(encodeTraceColumns(columns), TRACE_COLUMNS_MEDIA_TYPE);
    }
    const trace = await store.loadTrace(tenant, traceId, options);
    if (trace === undefined) throw traceNotFound(traceId);
    if (accept.includes(PROTOBUF)) return bytes(encodeOtlpProtobuf(trace), PROTOBUF);
    return bytes(writeOtlpJson(trace), 'application/json');
  });

  api.get(pathPattern(ROUTES.span), async (context) => {
    const tenant = tenantOf(context.req.raw.headers);
    const asked = parseRequest(ROUTES.span, context.req.param(), context.req.query());
    const traceId = requireTraceId(asked.traceId);
    const spanId = requireSpanId(asked.spanId);
    const trace = await store.loadSpans(tenant, traceId, [spanId], {
      signal: context.req.raw.signal,
      timeoutMs: queryTimeoutMs,
    });
    const found = trace === undefined ? undefined : traceDataToOtlpJson(trace).resourceSpans[0];
    const scopeSpans = found?.scopeSpans[0];
    const span = scopeSpans?.spans[0];
    if (found === undefined || scopeSpans === undefined || span === undefined) {
      throw new ApiError(404, 'SPAN_NOT_FOUND', `no span ${spanId} in trace ${traceId} is stored.`);
    }
    const answer: SpanAnswer = {
      resource: found.resource,
      resourceSchemaUrl: found.schemaUrl ?? '',
      scope: scopeSpans.scope,
      scopeSchemaUrl: scopeSpans.schemaUrl ?? '',
      span,
    };
    return context.json(answer);
  });
}

export function requireTraceId(text: string): TraceId {
  const traceId = parseTraceId(text);
  if (traceId === undefined) {
    throw new ApiError(
      400,
      'TRACE_ID_INVALID',
      `trace id: '${text}' is not 1 to 32 hex digits with at least one that is not 0.`,
    );
  }
  return traceId;
}

function requireSpanId(text: string): SpanId {
  const spanId = parseSpanId(text);
  if (spanId === undefined) {
    throw new ApiError(
      400,
      'SPAN_ID_INVALID',
      `span id: '${text}' is not 1 to 16 hex digits with at least one that is not 0.`,
    );
  }
  return spanId;
}

function traceNotFound(traceId: TraceId): ApiError {
  return new ApiError(
    404,
    'TRACE_NOT_FOUND',
    `no span of trace ${traceId} is stored. It may not have arrived yet (spans are visible about a second after they are acknowledged), or belong to another tenant.`,
  );
}

/** An answer of bytes. */
export function bytes(body: Uint8Array, contentType: string): Response {
  return new Response(body as Uint8Array<ArrayBuffer>, {
    headers: { 'content-type': contentType, 'content-length': String(body.length), 'cache-control': 'no-cache' },
  });
}

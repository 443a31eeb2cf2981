import { parseTraceId, type TraceData, type TraceId } from '@clew/model';
import { encodeOtlpProtobuf } from '@clew/wire/otlp/encode-protobuf';
import { writeTempoTraceJson, writeTempoTraceV2Json } from '@clew/wire/tempo/write-trace-json';
import type { Context, Hono } from 'hono';
import type { TempoDependencies } from './tempo-dependencies.ts';
import { badTempoRequest } from './tempo-error.ts';
import { parseSeconds } from './tempo-time.ts';

const PROTOBUF = 'application/protobuf';
/** Field 1, length-delimited. */
const TRACE_TAG = 0x0a;

/** `GET /api/traces/{id}` and `GET /api/v2/traces/{id}`. */
export function addTraceByIdRoutes(api: Hono, dependencies: TempoDependencies): void {
  api.get('/api/traces/:traceId', async (context) => {
    const trace = await load(context, dependencies);
    // Without a body, as Tempo: Grafana says itself that there is no such trace.
    if (trace === undefined) return context.body(null, 404);
    return wantsProtobuf(context) ? answer(encodeOtlpProtobuf(trace), PROTOBUF) : json(writeTempoTraceJson(trace));
  });

  // A trace that is not there is an answer with an empty trace: Grafana takes 404 for "an old Tempo".
  api.get('/api/v2/traces/:traceId', async (context) => {
    const trace = await load(context, dependencies);
    if (!wantsProtobuf(context)) return json(writeTempoTraceV2Json(trace));
    return answer(traceByIdResponse(trace === undefined ? new Uint8Array(0) : encodeOtlpProtobuf(trace)), PROTOBUF);
  });
}

async function load(
  context: Context,
  { store, tenantOf, queryTimeoutMs }: TempoDependencies,
): Promise<TraceData | undefined> {
  const tenant = tenantOf(context.req.raw.headers);
  const traceId = requireTraceId(context.req.param('traceId') ?? '');
  checkRange(context);
  return store.loadTrace(tenant, traceId, { signal: context.req.raw.signal, timeoutMs: queryTimeoutMs });
}

function requireTraceId(text: string): TraceId {
  const traceId = parseTraceId(text);
  if (traceId !== undefined) return traceId;
  throw badTempoRequest(`trace id '${text.slice(0, 64)}' is not 1 to 32 hex digits with at least one that is not 0.`);
}

/** The store knows when a trace was: the range need not help it, but must make sense. */
function checkRange({ req }: Context): void {
  const start = parseSeconds(req.query('start'), 'start');
  const end = parseSeconds(req.query('end'), 'end');
  if (start > 0 && end > 0 && start >= end) {
    throw badTempoRequest(`http parameter start must be before end. received start=${start} end=${end}`);
  }
}

function wantsProtobuf({ req }: Context): boolean {
  return (req.header('accept') ?? '').includes(PROTOBUF);
}

/** TraceByIDResponse with its trace present, if empty. */
function traceByIdResponse(trace: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  let rest = trace.length;
  for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
  length.push(rest);
  const bytes = new Uint8Array(1 + length.length + trace.length);
  bytes[0] = TRACE_TAG;
  bytes.set(length, 1);
  bytes.set(trace, 1 + length.length);
  return bytes;
}

function json(bytes: Uint8Array<ArrayBuffer>): Response {
  return answer(bytes, 'application/json');
}

function answer(bytes: Uint8Array<ArrayBuffer>, contentType: string): Response {
  return new Response(bytes, { headers: { 'content-type': contentType, 'content-length': String(bytes.length) } });
}

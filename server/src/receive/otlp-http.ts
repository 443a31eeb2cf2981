/**
 * OTLP/HTTP: `POST /v1/traces` as protobuf or JSON (OTLP specification 1.11, "OTLP/HTTP").
 * A bare request handler, so that it serves its own port and a path of the main one.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { GRPC_INTERNAL, GRPC_INVALID_ARGUMENT } from '../net/grpc-codes.ts';
import type { ReceiveMetrics, RefusalReason } from '../telemetry/ingest-metrics.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { BodyAccount, BodyBudget } from './body-budget.ts';
import { BodyCollector, type CollectResult } from './body-collector.ts';
import { type CorsOptions, CorsPolicy } from './cors.ts';
import type { Compression, Ingest, IngestOutcome, WireFormat } from './ingest.ts';
import { lingerAfterRefusal } from './linger-after-refusal.ts';
import { exportResponse, statusResponse } from './otlp-answers.ts';
import { announcedBytes, retryAfterSeconds, tryCompression, tryWireFormat } from './otlp-http-headers.ts';
import { overBudgetOutcome, type Refusal, refusalOf } from './outcome-status.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import type { TenantOf } from './tenant.ts';
import type { Tenant, TenantGate } from './tenant-gate.ts';

export interface OtlpHttpOptions {
  readonly ingest: Ingest;
  readonly limits: ReceiveLimits;
  /** Shared with the other receivers. */
  readonly budget: BodyBudget;
  readonly cors: CorsOptions;
  readonly tenantOf: TenantOf;
  /** Shared with the other receivers. */
  readonly gate: TenantGate;
  readonly metrics: ReceiveMetrics;
  readonly logger: StageLogger;
}

/** Answers OTLP requests and returns true; returns false, having touched nothing, for every other path. */
export type OtlpHttpHandler = (req: IncomingMessage, res: ServerResponse) => boolean;

const TRANSPORT = 'otlp_http';
const TRACES_PATH = '/v1/traces';
const OTHER_SIGNALS: ReadonlyMap<string, string> = new Map([
  ['/v1/logs', 'logs'],
  ['/v1/metrics', 'metrics'],
  ['/v1development/profiles', 'profiles'],
]);
const CONTENT_TYPES: Readonly<Record<WireFormat, string>> = {
  'otlp-protobuf': 'application/x-protobuf',
  'otlp-json': 'application/json',
};

export function createOtlpHttpHandler(options: OtlpHttpOptions): OtlpHttpHandler {
  const cors = new CorsPolicy(options.cors);
  return (req, res) => {
    const url = req.url ?? '';
    const query = url.indexOf('?');
    const path = query < 0 ? url : url.slice(0, query);
    if (path === TRACES_PATH) {
      receiveTraces(req, res, options, cors);
      return true;
    }
    const signal = OTHER_SIGNALS.get(path);
    if (signal === undefined) return false;
    if (isPreflight(req)) {
      cors.answerPreflight(req, res);
      return true;
    }
    cors.apply(req, res);
    const text =
      `404 ${path}: Clew stores traces only for now, no ${signal}. ` +
      `Set OTEL_${signal.toUpperCase()}_EXPORTER=none, or send ${signal} elsewhere; traces go to ${TRACES_PATH}.\n`;
    refuseAsText(req, res, options, 404, text);
    return true;
  };
}

function receiveTraces(req: IncomingMessage, res: ServerResponse, options: OtlpHttpOptions, cors: CorsPolicy): void {
  if (isPreflight(req)) {
    cors.answerPreflight(req, res);
    return;
  }
  cors.apply(req, res);
  if (req.method !== 'POST') {
    res.setHeader('Allow', 'POST');
    refuseAsText(req, res, options, 405, '405 method not allowed, supported: [POST]\n');
    return;
  }
  const contentType = req.headers['content-type'];
  const format = tryWireFormat(contentType);
  if (format === undefined) {
    const named = contentType === undefined ? 'no Content-Type' : `Content-Type '${contentType.slice(0, 100)}'`;
    const text = `415 ${named}: not supported, supported: [application/x-protobuf, application/json]\n`;
    refuseAsText(req, res, options, 415, text);
    return;
  }
  const compression = tryCompression(req.headers['content-encoding']);
  if (compression === undefined) {
    const named = String(req.headers['content-encoding']).slice(0, 100);
    refuse(req, res, options, format, badRequest(`Content-Encoding '${named}' is unknown. Use gzip, zstd or none.`));
    return;
  }
  const named = options.tenantOf(req.headers);
  if (!named.ok) {
    refuse(req, res, options, format, badRequest(named.message));
    return;
  }
  const { gate, limits } = options;
  const tenant = gate.enter(named.tenant);
  const length = announcedBytes(req.headers);
  const refused =
    length !== undefined && length > gate.maxBodyBytes(tenant) ? gate.tooLarge(tenant) : gate.refusal(tenant, length);
  if (refused !== undefined) {
    refuse(req, res, options, format, refusalOf(refused, limits));
    return;
  }
  // On a server that leaves "Expect: 100-continue" to us the client is waiting for this.
  if (req.headers.expect !== undefined && !res.headersSent) res.writeContinue();
  collectBody(req, res, options, { format, compression, tenant, length });
}

interface RequestHead {
  readonly format: WireFormat;
  readonly compression: Compression;
  readonly tenant: Tenant;
  readonly length: number | undefined;
}

function collectBody(req: IncomingMessage, res: ServerResponse, options: OtlpHttpOptions, head: RequestHead): void {
  const { gate, metrics } = options;
  const account = options.budget.open(head.tenant.name, req.socket.remoteAddress ?? '');
  const collector = new BodyCollector(account, gate.maxBodyBytes(head.tenant), head.length);
  let done = false;
  const onData = (chunk: Buffer): void => {
    const result = collector.add(chunk);
    if (result === 'ok') return;
    done = true;
    req.off('data', onData);
    collector.release();
    refuse(req, res, options, head.format, collectRefusal(result, options, head.tenant, account));
  };
  req.on('data', onData);
  req.on('end', () => {
    if (done) return;
    done = true;
    metrics.requestReceived(TRANSPORT, head.compression, collector.length);
    if (head.length === undefined) gate.bodyCame(head.tenant, collector.length);
    void ingestBody(req, res, options, head, collector, account.client);
  });
  // A client that goes away is its own business: no answer is possible and no log line is due.
  const onGone = (): void => {
    if (done) return;
    done = true;
    collector.release();
    metrics.requestRefused(TRANSPORT, 'aborted');
  };
  req.on('error', onGone);
  req.on('close', onGone);
}

async function ingestBody(
  req: IncomingMessage,
  res: ServerResponse,
  options: OtlpHttpOptions,
  head: RequestHead,
  collector: BodyCollector,
  client: string,
): Promise<void> {
  const startedMs = performance.now();
  try {
    const outcome = await outcomeOf(options, head, collector, client);
    if (outcome.kind === 'accepted') {
      const { acceptedSpans, rejectedSpans, message } = outcome;
      const seconds = (performance.now() - startedMs) / 1000;
      options.metrics.requestAccepted(TRANSPORT, acceptedSpans, rejectedSpans, seconds);
      answer(res, 200, CONTENT_TYPES[head.format], exportResponse(head.format, rejectedSpans, message));
    } else {
      refuse(req, res, options, head.format, refusalOf(outcome, options.limits));
    }
  } catch (error) {
    options.logger.error({ err: error }, 'otlp http: a request could not be answered');
    res.destroy();
  } finally {
    collector.release();
  }
}

function outcomeOf(
  options: OtlpHttpOptions,
  head: RequestHead,
  collector: BodyCollector,
  client: string,
): Promise<IngestOutcome> {
  if (collector.length === 0) {
    return Promise.resolve({ kind: 'accepted', acceptedSpans: 0, rejectedSpans: 0, message: '' });
  }
  const { tenant, format, compression } = head;
  const body = collector.take();
  return options.ingest({ tenant: tenant.name, format, compression, body, client, bucket: tenant.bucket });
}

function collectRefusal(
  result: Exclude<CollectResult, 'ok'>,
  { limits, gate, metrics, budget }: OtlpHttpOptions,
  tenant: Tenant,
  account: BodyAccount,
): Refusal {
  if (result === 'too-large') return refusalOf(gate.tooLarge(tenant), limits);
  metrics.limitHit(account.refusal, tenant.name, 1);
  return refusalOf(overBudgetOutcome(account, budget, limits.overloadedRetryAfterMs), limits);
}

function badRequest(message: string): Refusal {
  return {
    httpStatus: 400,
    grpcStatus: GRPC_INVALID_ARGUMENT,
    message,
    retryAfterMs: undefined,
    reason: 'bad_request',
  };
}

/** A google.rpc.Status in the request's own encoding. */
function refuse(
  req: IncomingMessage,
  res: ServerResponse,
  options: OtlpHttpOptions,
  format: WireFormat,
  refusal: Refusal,
): void {
  options.metrics.requestRefused(TRANSPORT, refusal.reason);
  if (refusal.retryAfterMs !== undefined) res.setHeader('Retry-After', retryAfterSeconds(refusal.retryAfterMs));
  const code = refusal.reason === 'failed' ? GRPC_INTERNAL : refusal.grpcStatus;
  answer(
    res,
    refusal.httpStatus,
    CONTENT_TYPES[format],
    statusResponse(format, code, refusal.message, refusal.retryAfterMs),
  );
  lingerAfterRefusal(req, options.limits);
}

function refuseAsText(
  req: IncomingMessage,
  res: ServerResponse,
  options: OtlpHttpOptions,
  status: number,
  text: string,
): void {
  const reason: RefusalReason = 'bad_request';
  options.metrics.requestRefused(TRANSPORT, reason);
  answer(res, status, 'text/plain; charset=utf-8', Buffer.from(text));
  lingerAfterRefusal(req, options.limits);
}

function answer(res: ServerResponse, status: number, contentType: string, body: Uint8Array): void {
  if (res.destroyed || res.headersSent) return;
  res.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': body.length,
    'X-Content-Type-Options': 'nosniff',
  });
  res.end(body);
}

function isPreflight(req: IncomingMessage): boolean {
  return req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined;
}

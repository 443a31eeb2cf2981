import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { performance } from 'node:perf_hooks';
import { GRPC_DEADLINE_EXCEEDED, GRPC_INTERNAL, GRPC_INVALID_ARGUMENT, GRPC_UNIMPLEMENTED } from '../net/grpc-codes.ts';
import { parseGrpcTimeout } from '../net/grpc-timeout.ts';
import type { ReceiveMetrics, RefusalReason } from '../telemetry/ingest-metrics.ts';
import type { StageLogger } from '../telemetry/stage-logger.ts';
import type { BodyAccount, BodyBudget } from './body-budget.ts';
import { GrpcMessageReader } from './grpc-message-reader.ts';
import { answerMessage, answerPlainHttp, answerStatus } from './grpc-stream-answer.ts';
import type { Compression, Ingest, IngestOutcome } from './ingest.ts';
import { exportResponse } from './otlp-answers.ts';
import { tryCompression } from './otlp-http-headers.ts';
import { overBudgetOutcome, type Refusal, refusalOf } from './outcome-status.ts';
import type { ReceiveLimits } from './receive-limits.ts';
import type { TenantOf } from './tenant.ts';
import type { Tenant, TenantGate } from './tenant-gate.ts';

const TRANSPORT = 'otlp_grpc';
const EXPORT_PATH = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const SHOWN_PATH_CHARACTERS = 200;

export interface GrpcCallOptions {
  readonly ingest: Ingest;
  readonly limits: ReceiveLimits;
  /** Shared with the other receivers. */
  readonly budget: BodyBudget;
  readonly tenantOf: TenantOf;
  /** Shared with the other receivers. */
  readonly gate: TenantGate;
  readonly metrics: ReceiveMetrics;
  readonly logger: StageLogger;
  /** What a client that does not speak gRPC is told. */
  readonly wrongProtocolMessage: string;
}

interface CallHead {
  readonly tenant: Tenant;
  readonly compression: Compression;
  readonly timeoutMs: number | undefined;
}

/** Answers one HTTP/2 stream. */
export function handleGrpcStream(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: GrpcCallOptions,
): void {
  // Resets and broken connections are the client's business; `close` follows and cleans up.
  stream.on('error', () => {});
  const head = checkedHead(stream, headers, options);
  if (head === undefined) return;
  new GrpcCall(stream, head, options).start();
}

/** What the headers say; undefined when they have been answered. */
function checkedHead(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  options: GrpcCallOptions,
): CallHead | undefined {
  const refuse = (grpcStatus: number, message: string): undefined => {
    options.metrics.requestRefused(TRANSPORT, 'bad_request');
    answerStatus(stream, grpcStatus, message, undefined);
  };
  const contentType = headers['content-type'];
  if (headers[':method'] !== 'POST' || !isGrpcContentType(contentType)) {
    options.metrics.requestRefused(TRANSPORT, 'bad_request');
    const named = contentType === undefined ? 'no Content-Type' : `Content-Type '${contentType.slice(0, 100)}'`;
    answerPlainHttp(stream, 415, `415 ${named}: ${options.wrongProtocolMessage}\n`);
    return undefined;
  }
  const path = String(headers[':path']);
  if (path !== EXPORT_PATH) {
    return refuse(
      GRPC_UNIMPLEMENTED,
      `${path.slice(0, SHOWN_PATH_CHARACTERS)}: no such method. Clew takes ${EXPORT_PATH}.`,
    );
  }
  const encoding = headers['grpc-encoding'];
  const compression = tryCompression(Array.isArray(encoding) ? encoding.join(',') : encoding);
  if (compression === undefined) {
    return refuse(
      GRPC_UNIMPLEMENTED,
      `grpc-encoding '${String(encoding).slice(0, 100)}' is unknown. Use gzip or zstd.`,
    );
  }
  const named = options.tenantOf(headers);
  if (!named.ok) return refuse(GRPC_INVALID_ARGUMENT, named.message);
  const tenant = options.gate.enter(named.tenant);
  // gRPC does not announce the length of a message before it comes.
  const refused = options.gate.refusal(tenant, undefined);
  if (refused !== undefined) {
    const { reason, grpcStatus, message, retryAfterMs } = refusalOf(refused, options.limits);
    options.metrics.requestRefused(TRANSPORT, reason);
    answerStatus(stream, grpcStatus, message, retryAfterMs);
    return undefined;
  }
  try {
    const timeout = headers['grpc-timeout'];
    const timeoutMs = parseGrpcTimeout(Array.isArray(timeout) ? timeout.join(',') : timeout);
    return { tenant, compression, timeoutMs };
  } catch (error) {
    return refuse(GRPC_INVALID_ARGUMENT, error instanceof Error ? error.message : String(error));
  }
}

function isGrpcContentType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(\+proto)?\s*(;|$)/i.test(contentType);
}

/** A call from its first DATA frame to its answer. Exactly one answer is given, whatever comes first. */
class GrpcCall {
  readonly #stream: ServerHttp2Stream;
  readonly #head: CallHead;
  readonly #options: GrpcCallOptions;
  readonly #account: BodyAccount;
  readonly #reader: GrpcMessageReader;
  #answered = false;
  #ingesting = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(stream: ServerHttp2Stream, head: CallHead, options: GrpcCallOptions) {
    this.#stream = stream;
    this.#head = head;
    this.#options = options;
    this.#account = options.budget.open(head.tenant.name, stream.session?.socket.remoteAddress ?? '');
    this.#reader = new GrpcMessageReader(this.#account, options.gate.maxBodyBytes(head.tenant));
  }

  start(): void {
    const { requestTimeoutMs } = this.#options.limits;
    // A client's deadline holds for the whole call, ours for the arrival of the message only.
    this.#startDeadline(Math.min(this.#head.timeoutMs ?? requestTimeoutMs, requestTimeoutMs));
    const stream = this.#stream;
    stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    stream.on('end', () => this.#onEnd());
    stream.on('close', () => this.#onClose());
  }

  #onData(chunk: Buffer): void {
    if (this.#answered) return;
    const { limits, budget, gate, metrics } = this.#options;
    const result = this.#reader.add(chunk);
    if (result === 'ok') return;
    if (result === 'malformed') this.#refuseMalformed();
    else {
      if (result === 'over-budget') metrics.limitHit(this.#account.refusal, this.#head.tenant.name, 1);
      const outcome =
        result === 'too-large'
          ? gate.tooLarge(this.#head.tenant)
          : overBudgetOutcome(this.#account, budget, limits.overloadedRetryAfterMs);
      this.#refuseAs(refusalOf(outcome, limits));
    }
    if (!this.#ingesting) this.#reader.release();
  }

  #onEnd(): void {
    if (this.#answered) return;
    const reader = this.#reader;
    if (reader.end() === 'malformed') {
      reader.release();
      this.#refuseMalformed();
      return;
    }
    if (reader.compressed && this.#head.compression === 'identity') {
      reader.release();
      this.#refuse(
        GRPC_INTERNAL,
        'the message is marked compressed, but there is no grpc-encoding header',
        'bad_request',
      );
      return;
    }
    this.#ingesting = true;
    this.#options.gate.bodyCame(this.#head.tenant, reader.length);
    const { timeoutMs } = this.#head;
    if (timeoutMs === undefined || timeoutMs > this.#options.limits.requestTimeoutMs) clearTimeout(this.#deadline);
    void this.#ingest();
  }

  async #ingest(): Promise<void> {
    const { metrics, logger, limits } = this.#options;
    const reader = this.#reader;
    const startedMs = performance.now();
    metrics.requestReceived(TRANSPORT, reader.compressed ? this.#head.compression : 'identity', reader.length);
    try {
      const outcome = await this.#outcome();
      if (outcome.kind !== 'accepted') {
        this.#refuseAs(refusalOf(outcome, limits));
        return;
      }
      const { acceptedSpans, rejectedSpans, message } = outcome;
      metrics.requestAccepted(TRANSPORT, acceptedSpans, rejectedSpans, (performance.now() - startedMs) / 1000);
      if (!this.#finish()) return;
      answerMessage(this.#stream, exportResponse('otlp-protobuf', rejectedSpans, message));
    } catch (error) {
      logger.error({ err: error }, 'otlp grpc: a call could not be answered');
      this.#stream.destroy();
    } finally {
      this.#ingesting = false;
      reader.release();
    }
  }

  #outcome(): Promise<IngestOutcome> {
    const reader = this.#reader;
    if (reader.length === 0) {
      return Promise.resolve({ kind: 'accepted', acceptedSpans: 0, rejectedSpans: 0, message: '' });
    }
    return this.#options.ingest({
      tenant: this.#head.tenant.name,
      client: this.#account.client,
      bucket: this.#head.tenant.bucket,
      format: 'otlp-protobuf',
      compression: reader.compressed ? this.#head.compression : 'identity',
      body: reader.take(),
    });
  }

  #onClose(): void {
    clearTimeout(this.#deadline);
    if (this.#answered) return;
    this.#answered = true;
    if (this.#ingesting) return;
    this.#reader.release();
    this.#options.metrics.requestRefused(TRANSPORT, 'aborted');
  }

  #startDeadline(timeoutMs: number): void {
    this.#deadline = setTimeout(() => {
      const waiting = this.#ingesting ? 'the spans were not acknowledged' : 'the message did not arrive';
      // The spans may still reach the store: a retry after this answer can make duplicates, as OTLP allows.
      this.#refuse(GRPC_DEADLINE_EXCEEDED, `${waiting} within ${timeoutMs} ms`, 'deadline');
      if (!this.#ingesting) this.#reader.release();
    }, timeoutMs);
    this.#deadline.unref();
  }

  #refuseMalformed(): void {
    this.#refuse(GRPC_INVALID_ARGUMENT, `gRPC framing: ${this.#reader.problem}.`, 'invalid');
  }

  #refuseAs(refusal: Refusal): void {
    this.#refuse(refusal.grpcStatus, refusal.message, refusal.reason, refusal.retryAfterMs);
  }

  #refuse(grpcStatus: number, message: string, reason: RefusalReason, retryAfterMs?: number): void {
    if (!this.#finish()) return;
    this.#options.metrics.requestRefused(TRANSPORT, reason);
    answerStatus(this.#stream, grpcStatus, message, retryAfterMs);
  }

  /** True for the one caller that may answer. */
  #finish(): boolean {
    if (this.#answered) return false;
    this.#answered = true;
    clearTimeout(this.#deadline);
    return true;
  }
}

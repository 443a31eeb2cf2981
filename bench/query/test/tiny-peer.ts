/**
 * A trace store in memory that takes real OTLP and answers as Jaeger's and Tempo's HTTP APIs do (jaegertracing.io,
 * "APIs"; grafana.com/docs/tempo, "Tempo HTTP API"): what the query adapters are tested against.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Span, SpanBatch, type TraceData } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { traceDataToOtlpJson } from '@clew/wire/otlp/encode-json';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';

interface StoredSpan {
  readonly span: Span;
  readonly service: string;
  readonly whole: TraceData['resourceSpans'][number];
}

interface Filter {
  readonly service: string;
  readonly startNano: bigint;
  readonly endNano: bigint;
  readonly minDurationNano: bigint;
  readonly tags: Readonly<Record<string, string>>;
  readonly limit: number;
}

export class TinyPeer {
  readonly #spans: StoredSpan[] = [];
  readonly #server: Server;
  /** Paths with queries, in the order they were asked. */
  readonly asked: string[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request).then(
        (answer) => {
          response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
          response.end(answer === undefined ? '{"errors":[{"code":404,"msg":"trace not found"}]}' : answer);
        },
        (error: unknown) => response.writeHead(400).end(String(error)),
      );
    });
  }

  /** Resolves to http://host:port. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(request: IncomingMessage): Promise<string | undefined> {
    const { pathname, searchParams, search } = new URL(request.url ?? '', 'http://peer');
    if (request.method === 'POST' && pathname === '/v1/traces') return this.#take(request);
    this.asked.push(pathname + search);
    const jaeger = /^\/jaeger\/api\/traces\/([0-9a-f]{32})$/.exec(pathname);
    if (jaeger !== null) return jaegerJson([...this.#traces((stored) => stored.span.traceId === jaeger[1]).values()]);
    const tempo = /^\/tempo\/api\/traces\/([0-9a-f]{32})$/.exec(pathname);
    if (tempo !== null) return this.#tempoTrace(tempo[1]);
    if (pathname === '/jaeger/api/traces') return jaegerJson(this.#search(jaegerFilter(searchParams)));
    if (pathname === '/tempo/api/search') {
      const found = this.#search(tempoFilter(searchParams));
      return JSON.stringify({ traces: found.map(([{ span }]) => ({ traceID: span.traceId })), metrics: {} });
    }
    throw new Error(`no such path: ${pathname}`);
  }

  async #take(request: IncomingMessage): Promise<string> {
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    const batch = new SpanBatch();
    decodeOtlpProtobuf(batch, new Uint8Array(Buffer.concat(parts)), DEFAULT_DECODE_LIMITS);
    for (const { resource, scopeSpans, schemaUrl } of traceDataFromBatch(batch).resourceSpans) {
      const service = textOf(resource.attributes.find(({ key }) => key === 'service.name')?.value);
      for (const scoped of scopeSpans) {
        for (const span of scoped.spans) {
          const whole = { resource, schemaUrl, scopeSpans: [{ ...scoped, spans: [span] }] };
          this.#spans.push({ span, service, whole });
        }
      }
    }
    return '{"partialSuccess":{}}';
  }

  #traces(isWanted: (stored: StoredSpan) => boolean): Map<string, StoredSpan[]> {
    const traces = new Map<string, StoredSpan[]>();
    for (const stored of this.#spans) {
      if (!isWanted(stored)) continue;
      const trace = traces.get(stored.span.traceId);
      if (trace === undefined) traces.set(stored.span.traceId, [stored]);
      else trace.push(stored);
    }
    return traces;
  }

  #tempoTrace(traceId: string): string | undefined {
    const trace = this.#traces(({ span }) => span.traceId === traceId).get(traceId);
    if (trace === undefined) return undefined;
    const { resourceSpans } = traceDataToOtlpJson({ resourceSpans: trace.map(({ whole }) => whole) });
    return JSON.stringify({ batches: resourceSpans });
  }

  /** Whole traces that have a matching span. */
  #search(filter: Filter): StoredSpan[][] {
    const matching = this.#traces(
      ({ span, service }) =>
        (filter.service === '' || service === filter.service) &&
        span.startTimeUnixNano >= filter.startNano &&
        span.startTimeUnixNano < filter.endNano &&
        span.endTimeUnixNano - span.startTimeUnixNano > filter.minDurationNano &&
        Object.entries(filter.tags).every(([key, value]) =>
          span.attributes.some((attribute) => attribute.key === key && textOf(attribute.value) === value),
        ),
    );
    const ids = new Set([...matching.keys()].slice(0, filter.limit));
    return [...this.#traces(({ span }) => ids.has(span.traceId)).values()];
  }
}

function textOf(value: { readonly type: string; readonly value?: unknown } | undefined): string {
  return value?.type === 'string' ? String(value.value) : '';
}

function jaegerJson(traces: readonly (readonly StoredSpan[])[]): string | undefined {
  if (traces.length === 0) return undefined;
  return JSON.stringify({
    data: traces.map((trace) => ({
      traceID: trace[0].span.traceId,
      spans: trace.map(({ span }) => ({ traceID: span.traceId, spanID: span.spanId, operationName: span.name })),
      processes: {},
    })),
    total: 0,
    errors: null,
  });
}

/** Times in microseconds, durations as Go writes them. */
function jaegerFilter(parameters: URLSearchParams): Filter {
  const service = parameters.get('service');
  if (service === null) throw new Error("parameter 'service' is required");
  const duration = /^([\d.]+)ms$/.exec(parameters.get('minDuration') ?? '0ms');
  if (duration === null) throw new Error('minDuration is not a duration');
  return {
    service,
    startNano: BigInt(parameters.get('start') ?? 0) * 1000n,
    endNano: BigInt(parameters.get('end') ?? 0) * 1000n,
    minDurationNano: BigInt(Number(duration[1]) * 1e6) - 1n,
    tags: JSON.parse(parameters.get('tags') ?? '{}') as Record<string, string>,
    limit: Number(parameters.get('limit')),
  };
}

/** Times in whole seconds; the TraceQL that the benchmarks ask, no more. */
function tempoFilter(parameters: URLSearchParams): Filter {
  const query = parameters.get('q') ?? '';
  const conditions = query.replace(/^\{ | \}$/g, '').split(' && ');
  const tags: Record<string, string> = {};
  let service = '';
  let minDurationNano = -1n;
  for (const condition of conditions) {
    const match = /^(?:span\.([\w.]+)|(resource\.service\.name)|(duration)) [=>] (?:"(.*)"|(\d+)ms)$/.exec(condition);
    if (match === null) throw new Error(`cannot read: ${condition}`);
    const [, key, isService, isDuration, text, ms] = match;
    if (isService !== undefined) service = text;
    else if (isDuration !== undefined) minDurationNano = BigInt(ms) * 1_000_000n;
    else tags[key] = text;
  }
  return {
    service,
    startNano: BigInt(parameters.get('start') ?? 0) * 1_000_000_000n,
    endNano: BigInt(parameters.get('end') ?? 0) * 1_000_000_000n,
    minDurationNano,
    tags,
    limit: Number(parameters.get('limit')),
  };
}

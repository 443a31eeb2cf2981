import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ResourceSpans, type Span, SpanBatch, serviceName } from '@clew/model';
import { DEFAULT_DECODE_LIMITS } from '@clew/wire/otlp/decode-limits';
import { decodeOtlpProtobuf } from '@clew/wire/otlp/decode-protobuf';
import { traceDataFromBatch } from '@clew/wire/otlp/trace-data-from-batch';
import grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { planJourney } from '../model/plan-journey.ts';
import { countSpans } from '../model/planned-span.ts';
import { seededRandom } from '../model/random.ts';
import type { Protocol } from './otlp-exporter.ts';
import { runShop, type ShopOptions } from './run-shop.ts';
import { waitForEndpoint } from './wait-for-endpoint.ts';

const SEED = 7;

/** An OTLP endpoint that keeps what it gets. */
interface Sink {
  readonly url: string;
  readonly bodies: Buffer[];
  /** Answers of the next requests; 200 when there is none. */
  readonly answers: number[];
  close(): Promise<void>;
}

let sinks: Sink[] = [];
afterEach(async () => {
  await Promise.all(sinks.map((sink) => sink.close()));
  sinks = [];
});

async function httpSink(answers: number[] = []): Promise<Sink> {
  const bodies: Buffer[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = answers.shift() ?? 200;
      if (status === 200) bodies.push(Buffer.concat(chunks));
      response.writeHead(status, { 'content-type': request.headers['content-type'] ?? '' });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  sinks.push(sink);
  return sink;
}

async function grpcSink(): Promise<Sink> {
  const bodies: Buffer[] = [];
  const server = new grpc.Server();
  const identity = (value: Buffer) => value;
  server.addService(
    {
      export: {
        path: '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
        requestStream: false,
        responseStream: false,
        requestSerialize: identity,
        requestDeserialize: identity,
        responseSerialize: identity,
        responseDeserialize: identity,
      },
    },
    {
      export: (call: grpc.ServerUnaryCall<Buffer, Buffer>, callback: grpc.sendUnaryData<Buffer>) => {
        bodies.push(call.request);
        callback(null, Buffer.alloc(0));
      },
    },
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  const sink: Sink = {
    url: `http://127.0.0.1:${port}`,
    bodies,
    answers: [],
    close: async () => server.forceShutdown(),
  };
  sinks.push(sink);
  return sink;
}

/** Ten minutes of the past, then the end: the number of journeys is the seed's. */
function backfill(sink: Sink, options: Partial<ShopOptions> = {}): ShopOptions {
  return {
    protocol: 'http/protobuf',
    endpoint: sink.url,
    rate: 1,
    durationMs: 0,
    backfillMs: 120_000,
    seed: SEED,
    faults: new Set(),
    ...options,
  };
}

function decode(bodies: readonly Buffer[]): ResourceSpans[] {
  const batch = new SpanBatch();
  return bodies.flatMap((body) => {
    decodeOtlpProtobuf(batch, body, DEFAULT_DECODE_LIMITS);
    return [...traceDataFromBatch(batch).resourceSpans];
  });
}

function spansOf(resources: readonly ResourceSpans[]): Span[] {
  return resources.flatMap((resource) => resource.scopeSpans.flatMap((scope) => [...scope.spans]));
}

describe(`runShop (seed ${SEED})`, () => {
  it.each(['grpc', 'http/protobuf'] satisfies Protocol[])('delivers every span it made over %s', async (protocol) => {
    const sink = protocol === 'grpc' ? await grpcSink() : await httpSink();
    const final = await runShop(backfill(sink, { protocol }));
    const resources = decode(sink.bodies);
    const spans = spansOf(resources);
    expect(final.journeys).toBeGreaterThan(50);
    expect(spans).toHaveLength(final.emittedSpans);
    expect(final).toMatchObject({ sentSpans: final.emittedSpans, refusedSpans: 0, trouble: undefined, phase: 'flush' });
    expect(new Set(resources.map((entry) => serviceName(entry.resource))).size).toBeGreaterThan(8);
    expect(new Set(spans.map((span) => span.spanId)).size).toBe(spans.length);
  });

  it('delivers JSON', async () => {
    const sink = await httpSink();
    const final = await runShop(backfill(sink, { protocol: 'http/json' }));
    const names = sink.bodies.flatMap((body) => [...body.toString('utf8').matchAll(/"startTimeUnixNano"/g)]);
    expect(names).toHaveLength(final.emittedSpans);
  });

  it('keeps the plan: names, parents, kinds, times to the microsecond, events, links and status', async () => {
    const sink = await httpSink();
    await runShop(backfill(sink, { backfillMs: 20_000 }));
    const spans = spansOf(decode(sink.bodies));
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const roots = spans.filter((span) => span.parentSpanId === '');
    for (const span of spans) {
      if (span.parentSpanId !== '') expect(byId.get(span.parentSpanId)?.traceId).toBe(span.traceId);
      expect(span.startTimeUnixNano % 1000n).toBe(0n);
    }
    // The first journey of the seed comes again here, from the same random numbers.
    const random = seededRandom(SEED);
    random.next();
    const first = planJourney(random, new Set());
    const [planned] = first.traces;
    const root = roots.find((span) => span.name === planned.name && lengthUs(span) === planned.endUs - planned.startUs);
    expect(root).toBeDefined();
    const ofTrace = spans.filter((span) => span.traceId === root?.traceId);
    if (first.traces.length === 1) expect(ofTrace).toHaveLength(countSpans(first));
    const starts = (traceSpans: readonly Span[]) =>
      traceSpans.map((span) => Number(span.startTimeUnixNano - (root?.startTimeUnixNano ?? 0n)));
    expect(Math.min(...starts(ofTrace))).toBe(0);
  });

  it('spreads the backfill over the past and puts faults into its last quarter', async () => {
    const sink = await httpSink();
    const beforeMs = Date.now();
    await runShop(backfill(sink, { backfillMs: 600_000, faults: new Set(['cache-down']) }));
    const spans = spansOf(decode(sink.bodies));
    const ages = spans.map((span) => beforeMs - Number(span.startTimeUnixNano / 1_000_000n));
    expect(Math.max(...ages)).toBeGreaterThan(500_000);
    expect(Math.max(...ages)).toBeLessThan(700_000);
    const refused = spans.filter((span) => span.status.message.includes('ECONNREFUSED'));
    expect(refused.length).toBeGreaterThan(0);
    for (const span of refused) {
      expect(beforeMs - Number(span.startTimeUnixNano / 1_000_000n)).toBeLessThan(160_000);
    }
  });

  it('ends live traffic with spans that are over', async () => {
    const sink = await httpSink();
    const final = await runShop(backfill(sink, { backfillMs: 0, durationMs: 600, rate: 50 }));
    const spans = spansOf(decode(sink.bodies));
    expect(final.journeys).toBe(30);
    expect(spans).toHaveLength(final.emittedSpans);
    const nowNano = BigInt(Date.now()) * 1_000_000n;
    expect(spans.every((span) => span.endTimeUnixNano <= nowNano)).toBe(true);
  });

  it('sends again what the endpoint was too busy for, and loses nothing', async () => {
    const sink = await httpSink([503, 503, 429]);
    const final = await runShop(backfill(sink, { backfillMs: 20_000 }));
    expect(final.refusedSpans).toBe(0);
    expect(spansOf(decode(sink.bodies))).toHaveLength(final.emittedSpans);
  });

  it('gives up at once what the endpoint refuses for good, and says how much', async () => {
    const sink = await httpSink(Array.from({ length: 1000 }, () => 400));
    const final = await runShop(backfill(sink, { backfillMs: 20_000 }));
    expect(final).toMatchObject({ sentSpans: 0, refusedSpans: final.emittedSpans });
    expect(final.trouble).toBeDefined();
  });

  it('waits for a slow endpoint instead of dropping when much more is made than a queue holds', async () => {
    const sink = await httpSink();
    const final = await runShop(backfill(sink, { rate: 20, backfillMs: 60_000 }));
    // Many times the sender's queue.
    expect(final.emittedSpans).toBeGreaterThan(12_000);
    expect(spansOf(decode(sink.bodies))).toHaveLength(final.emittedSpans);
  });

  it('stops when told to', async () => {
    const sink = await httpSink();
    const stop = new AbortController();
    const running = runShop(
      backfill(sink, { backfillMs: 0, durationMs: Number.POSITIVE_INFINITY, signal: stop.signal, rate: 100 }),
    );
    setTimeout(() => stop.abort(), 300);
    const final = await running;
    expect(spansOf(decode(sink.bodies))).toHaveLength(final.emittedSpans);
  });
});

describe('waitForEndpoint', () => {
  it('says once why nobody answers, and goes on when somebody does', async () => {
    const sink = await httpSink();
    const { port } = new URL(sink.url);
    await sink.close();
    const troubles: string[] = [];
    const waiting = waitForEndpoint(`http://127.0.0.1:${port}`, 20_000, (reason) => troubles.push(reason));
    const server = createServer();
    setTimeout(() => server.listen(Number(port), '127.0.0.1'), 1200);
    expect(await waiting).toBe(true);
    expect(troubles).toEqual(['ECONNREFUSED']);
    await new Promise((resolve) => server.close(resolve));
    sinks = [];
  });

  it('gives up when the time is over', async () => {
    expect(await waitForEndpoint('http://127.0.0.1:1', 10, () => undefined)).toBe(false);
  });
});

function lengthUs(span: Span): number {
  return Number((span.endTimeUnixNano - span.startTimeUnixNano) / 1000n);
}

/** Limits of tenants through real sockets and workers: what a sender sees. */
import { connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { jsonBody, protobufBody, type SpanSketch } from '../decode/test/request-bodies.ts';
import { until } from '../decode/test/until.ts';
import { call, framed, type GrpcAnswer } from './test/grpc-call.ts';
import { openRaw } from './test/raw-http.ts';
import { startReceivers, type TestReceivers, type TestReceiversOptions } from './test/start-receivers.ts';

const PROTOBUF = 'application/x-protobuf';
const RESOURCE_EXHAUSTED = 8;
const RETRY_INFO = 'type.googleapis.com/google.rpc.RetryInfo';

let receivers: TestReceivers;

async function start(options: TestReceiversOptions): Promise<void> {
  receivers = await startReceivers(options);
}

afterEach(() => receivers.close());

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  const contentType = typeof body === 'string' ? 'application/json' : PROTOBUF;
  return fetch(`${receivers.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': contentType, ...headers },
    body,
  });
}

async function grpc(body: Uint8Array, headers: Record<string, string> = {}): Promise<GrpcAnswer> {
  const session = connect(receivers.grpcUrl);
  session.on('error', () => {});
  const answer = await call(session, framed(body), headers);
  session.destroy();
  return answer;
}

function hits(limit: string, tenant = 'default'): Promise<number> {
  return receivers.valueOf('clew_limit_hits_total', { limit, tenant });
}

function spans(count: number, of: (i: number) => SpanSketch = (i) => ({ name: `s${i}` })): SpanSketch[] {
  return Array.from({ length: count }, (_, i) => of(i));
}

describe('spans a second', () => {
  test('are a matter of the tenant: a request is taken whole, the next is told when to come, over HTTP and gRPC', async () => {
    await start({ limits: { spansPerSecond: 10, spanBurst: 20 } });
    expect((await post(protobufBody(spans(1_020)))).status).toBe(200);
    const refused = await post(jsonBody(spans(1)));
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(100);
    expect(await refused.json()).toMatchObject({
      code: RESOURCE_EXHAUSTED,
      message: expect.stringContaining('limits.spansPerSecond'),
      details: [{ '@type': RETRY_INFO }],
    });
    const answer = await grpc(protobufBody(spans(1)));
    expect(answer.status).toBe(RESOURCE_EXHAUSTED);
    expect(answer.message).toContain("tenant 'default': more than 10 spans a second");
    expect(answer.details?.toString('latin1')).toContain(RETRY_INFO);
    expect((await post(protobufBody(spans(5)), { 'x-scope-orgid': 'other' })).status).toBe(200);
    expect(receivers.journal.spanCount).toBe(1_025);
    expect(await hits('spans_per_second')).toBe(2);
    expect(await receivers.valueOf('clew_refused_requests_total', { transport: 'otlp_grpc', reason: 'limited' })).toBe(
      1,
    );
  });

  test('hold for requests that are decoded at the same time', async () => {
    await start({ limits: { spansPerSecond: 1, spanBurst: 1 } });
    const statuses = await Promise.all(spans(20).map(async () => (await post(protobufBody(spans(50)))).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 429)).toHaveLength(19);
    expect(receivers.journal.spanCount).toBe(50);
  });
});

describe('bytes a second', () => {
  test('are looked at before the body is sent', async () => {
    await start({ limits: { bytesPerSecond: 100 } });
    expect((await post(protobufBody(spans(100)))).status).toBe(200);
    const connection = await openRaw(receivers.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 500\r\n\r\n`,
    );
    await until(() => connection.text().includes('\r\n\r\n'));
    expect(connection.text()).toMatch(/^HTTP\/1\.1 429 .*\r\n(.*\r\n)*Retry-After: \d+\r\n/);
    expect(receivers.budget.heldBytes).toBe(0);
    connection.socket.destroy();
    expect((await grpc(protobufBody(spans(1)))).status).toBe(RESOURCE_EXHAUSTED);
    expect(await hits('bytes_per_second')).toBe(2);
  });

  test('of a gRPC message count once it is there', async () => {
    await start({ limits: { bytesPerSecond: 100 } });
    expect((await grpc(protobufBody(spans(100)))).status).toBe(0);
    const refused = await grpc(protobufBody(spans(1)));
    expect(refused.status).toBe(RESOURCE_EXHAUSTED);
    expect(refused.message).toContain('limits.bytesPerSecond');
  });
});

describe('the body of a tenant', () => {
  test('is limited before and after decompression, and not to be retried', async () => {
    await start({ limits: { bodyBytes: 2_000 } });
    const large = protobufBody(spans(100));
    expect(large.length).toBeGreaterThan(2_000);
    const plain = await post(large);
    expect(plain.status).toBe(413);
    expect(plain.headers.get('retry-after')).toBeNull();
    const packed = gzipSync(large);
    expect(packed.length).toBeLessThan(2_000);
    expect((await post(new Uint8Array(packed), { 'content-encoding': 'gzip' })).status).toBe(413);
    const answer = await grpc(large);
    expect(answer.status).toBe(RESOURCE_EXHAUSTED);
    expect(answer.message).toContain('limits.bodyBytes');
    expect(answer.details).toBeUndefined();
    expect((await post(protobufBody(spans(2)))).status).toBe(200);
  });
});

describe('limits on what is in a request', () => {
  test('reject spans beyond those a trace may have and say so in the answer', async () => {
    await start({ limits: { spansPerTrace: 5 } });
    const answer = await post(jsonBody(spans(8)));
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      partialSuccess: {
        rejectedSpans: '3',
        errorMessage: '3 of 8 spans rejected: more than 5 spans in a trace (limits.spansPerTrace) (3)',
      },
    });
    expect(receivers.journal.spanCount).toBe(5);
    expect(await hits('spans_per_trace')).toBe(3);
  });

  test('rename, cut and drop on the way to the journal, in all workers alike', async () => {
    await start({ limits: { spanNamesPerService: 3, attributeValueBytes: 2 } });
    // One after the other, so that both workers have their turn.
    for (let i = 0; i < 6; i++)
      expect((await post(protobufBody(spans(1, () => ({ name: `GET /${i}` }))))).status).toBe(200);
    const names = receivers.journal.spanTexts('name');
    expect(names.sort()).toEqual(['GET /0', 'GET /1', 'GET /2', '{other}', '{other}', '{other}']);
    expect(receivers.journal.tableTexts('attribute_keys', 'key')).toContain('clew.original_name');
    expect(await hits('span_names_per_service')).toBe(3);
    // service.name and http.request.method of each request.
    expect(await hits('attribute_value_bytes')).toBe(12);
  });
});

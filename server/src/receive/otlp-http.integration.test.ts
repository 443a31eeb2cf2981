import { gzipSync } from 'node:zlib';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { jsonBody, protobufBody } from '../decode/test/request-bodies.ts';
import { until } from '../decode/test/until.ts';
import type { Ingest } from './ingest.ts';
import { openRaw } from './test/raw-http.ts';
import { startReceivers, type TestReceivers } from './test/start-receivers.ts';

const MAX_BODY_BYTES = 1_000_000;
/** Room for three largest bodies of one client, and a little that may be kept for others. */
const RECEIVING_BYTES = 3_800_000;
const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';
const Status = protobuf
  .parse('syntax="proto3"; message Status { int32 code = 1; string message = 2; }', {
    keepCase: true,
  })
  .root.lookupType('Status');

let receivers: TestReceivers;
/** For the tests that wait for a time limit. */
let impatient: TestReceivers;
/** Replaced by the tests that need another pool than the real one. */
let intercept: Ingest | undefined;

beforeAll(async () => {
  receivers = await startReceivers({
    receive: { maxBodyBytes: MAX_BODY_BYTES, maxReceivingBytes: RECEIVING_BYTES },
    around: (ingest) => (request) => (intercept ?? ingest)(request),
  });
  impatient = await startReceivers({
    receive: { maxBodyBytes: MAX_BODY_BYTES, headersTimeoutMs: 400, requestTimeoutMs: 600 },
  });
});
beforeEach(() => {
  intercept = undefined;
  receivers.journal.entries.length = 0;
});
afterAll(async () => {
  await receivers.close();
  await impatient.close();
});

function post(
  body: string | Uint8Array<ArrayBuffer> | undefined,
  headers: Record<string, string>,
  path = '/v1/traces',
): Promise<Response> {
  return fetch(receivers.httpUrl + path, { method: 'POST', headers, body: body ?? null });
}

async function statusOf(response: Response): Promise<{ code: number; message: string }> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (response.headers.get('content-type') === JSON_TYPE) return JSON.parse(Buffer.from(bytes).toString());
  return Status.toObject(Status.decode(bytes), { defaults: true }) as { code: number; message: string };
}

describe('an accepted request', () => {
  test('is answered in its own encoding, with nothing to say', async () => {
    const asProtobuf = await post(protobufBody([{ name: 'a' }]), { 'content-type': PROTOBUF });
    expect(asProtobuf.status).toBe(200);
    expect(asProtobuf.headers.get('content-type')).toBe(PROTOBUF);
    expect((await asProtobuf.arrayBuffer()).byteLength).toBe(0);
    const asJson = await post(jsonBody([{ name: 'b' }]), { 'content-type': 'application/json; charset=utf-8' });
    expect(asJson.status).toBe(200);
    expect(asJson.headers.get('content-type')).toBe(JSON_TYPE);
    expect(await asJson.json()).toEqual({});
    expect(receivers.journal.spanTexts('name')).toEqual(['a', 'b']);
  });

  test.each(['gzip', 'GZIP', 'x-gzip'])('may be compressed: %s', async (encoding) => {
    const body = gzipSync(protobufBody([{ name: 'zipped' }]));
    const response = await post(body, { 'content-type': PROTOBUF, 'content-encoding': encoding });
    expect(response.status).toBe(200);
    expect(receivers.journal.spanTexts('name')).toEqual(['zipped']);
  });

  test('may be compressed with zstd', async () => {
    const content = protobufBody([{ name: 'zstd' }]);
    // One raw block in a frame without a content size (RFC 8878, 3.1.1).
    const header = (content.length << 3) | 1;
    const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50, header & 255, (header >> 8) & 255, header >> 16];
    const body = Buffer.concat([Buffer.from(frame), content]);
    const response = await post(body, { 'content-type': PROTOBUF, 'content-encoding': 'zstd' });
    expect(response.status).toBe(200);
    expect(receivers.journal.spanTexts('name')).toEqual(['zstd']);
  });

  test.each([PROTOBUF, JSON_TYPE])('may be empty: %s', async (type) => {
    const response = await post(undefined, { 'content-type': type });
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(type === JSON_TYPE ? '{}' : '');
    expect(receivers.journal.entries).toHaveLength(0);
  });

  test('belongs to the tenant of its header', async () => {
    await post(protobufBody([{ name: 'a' }]), { 'content-type': PROTOBUF, 'x-scope-orgid': 'team-7' });
    expect(receivers.journal.spanTexts('tenant')).toEqual(['team-7']);
  });

  test('says which spans were rejected', async () => {
    const sketches = [{ name: 'good' }, { name: 'bad', traceId: '0'.repeat(32) }];
    const message = '1 of 2 spans rejected: trace id missing or all zeros (1)';
    const asJson = await post(jsonBody(sketches), { 'content-type': JSON_TYPE });
    expect(await asJson.json()).toEqual({ partialSuccess: { rejectedSpans: '1', errorMessage: message } });
    const asProtobuf = await post(protobufBody(sketches), { 'content-type': PROTOBUF });
    expect(asProtobuf.status).toBe(200);
    const decoded = otlpMessage('ExportTraceServiceResponse').decode(new Uint8Array(await asProtobuf.arrayBuffer()));
    expect(decoded.toJSON()).toEqual({ partialSuccess: { rejectedSpans: '1', errorMessage: message } });
    expect(receivers.journal.spanTexts('name')).toEqual(['good', 'good']);
  });

  test('may come in chunks of unknown number', async () => {
    const connection = await openRaw(receivers.http.port);
    const body = protobufBody([{ name: 'chunked' }]);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    for (const byte of body) connection.socket.write(Buffer.from([0x31, 13, 10, byte, 13, 10]));
    connection.socket.write('0\r\n\r\n');
    await connection.sees('HTTP/1.1 200 OK');
    connection.socket.destroy();
    expect(receivers.journal.spanTexts('name')).toEqual(['chunked']);
  });

  test('keeps its connection for the next', async () => {
    const connection = await openRaw(receivers.http.port);
    const body = protobufBody([{ name: 'kept' }]);
    for (let i = 1; i <= 3; i++) {
      connection.socket.write(
        `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: ${body.length}\r\n\r\n`,
      );
      connection.socket.write(body);
      await until(() => connection.text().split('HTTP/1.1 200 OK').length === i + 1);
    }
    connection.socket.destroy();
    expect(receivers.journal.spanCount).toBe(3);
  });

  test('waits for 100-continue when its client does', async () => {
    const connection = await openRaw(receivers.http.port);
    const body = protobufBody([{ name: 'polite' }]);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await connection.sees('HTTP/1.1 100 Continue');
    connection.socket.write(body);
    await connection.sees('HTTP/1.1 200 OK');
    connection.socket.destroy();
  });
});

describe('a request that is not OTLP', () => {
  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'])('with method %s gets 405 and Allow', async (method) => {
    const response = await fetch(`${receivers.httpUrl}/v1/traces`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toBe('405 method not allowed, supported: [POST]\n');
  });

  test.each(['text/plain', 'application/xml', 'application/jsonx', 'application/protobuf'])(
    'of type %s gets 415',
    async (type) => {
      const response = await post('x', { 'content-type': type });
      expect(response.status).toBe(415);
      expect(response.headers.get('content-type')).toContain('text/plain');
      expect(await response.text()).toContain(type);
    },
  );

  test('without a type gets 415', async () => {
    const response = await post(Buffer.from('x'), {});
    expect(response.status).toBe(415);
    expect(await response.text()).toContain('no Content-Type');
  });

  test('at an unknown path is told where to go', async () => {
    const response = await post('{}', { 'content-type': JSON_TYPE }, '/api/v2/spans');
    expect(response.status).toBe(404);
    expect(await response.text()).toMatch(/\/api\/v2\/spans: nothing here.*POST spans to \/v1\/traces.*4317.*8317/);
  });

  test.each(['logs', 'metrics'])('with %s is told that only traces are stored', async (signal) => {
    const response = await post('{}', { 'content-type': JSON_TYPE }, `/v1/${signal}`);
    expect(response.status).toBe(404);
    expect(await response.text()).toContain(`traces only for now, no ${signal}`);
  });

  test('finds the path with a query string too', async () => {
    const response = await post('', { 'content-type': JSON_TYPE }, '/v1/traces?x=1');
    expect(response.status).toBe(200);
  });
});

describe('a bad request', () => {
  test('that cannot be decoded gets 400 and a Status in its own encoding', async () => {
    const asProtobuf = await post(Buffer.from([0x0a, 0xff]), { 'content-type': PROTOBUF });
    expect(asProtobuf.status).toBe(400);
    expect(asProtobuf.headers.get('content-type')).toBe(PROTOBUF);
    expect(await statusOf(asProtobuf)).toMatchObject({ code: 3, message: expect.stringContaining('OTLP') });
    const asJson = await post('{"resourceSpans": [', { 'content-type': JSON_TYPE });
    expect(asJson.status).toBe(400);
    expect(asJson.headers.get('content-type')).toBe(JSON_TYPE);
    expect(await statusOf(asJson)).toMatchObject({ code: 3 });
  });

  test.each(['br', 'deflate', 'gzip, gzip', 'snappy'])('in encoding %s gets 400', async (encoding) => {
    const response = await post('x', { 'content-type': JSON_TYPE, 'content-encoding': encoding });
    expect(response.status).toBe(400);
    expect(await statusOf(response)).toEqual({
      code: 3,
      message: `Content-Encoding '${encoding}' is unknown. Use gzip, zstd or none.`,
    });
  });

  test('that is not the gzip it claims to be gets 400', async () => {
    const response = await post('plain text, not gzip', { 'content-type': PROTOBUF, 'content-encoding': 'gzip' });
    expect(response.status).toBe(400);
    expect((await statusOf(response)).message).toContain('gzip body');
  });

  test('of a tenant with a bad name gets 400', async () => {
    const response = await post('{}', { 'content-type': JSON_TYPE, 'x-scope-orgid': '../etc' });
    expect(response.status).toBe(400);
    expect((await statusOf(response)).message).toContain("'../etc' is not a tenant name");
  });
});

describe('a request over the limit', () => {
  test('gets 413 from its Content-Length alone', async () => {
    const connection = await openRaw(receivers.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${JSON_TYPE}\r\nContent-Length: ${MAX_BODY_BYTES + 1}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await connection.sees('HTTP/1.1 413 ');
    await connection.sees('more than 1000000 bytes (otlp.maxBodyBytes)');
    expect(connection.text()).not.toContain('100 Continue');
    connection.socket.destroy();
  });

  test('gets 413 after it has been sent whole', async () => {
    const response = await post(Buffer.alloc(MAX_BODY_BYTES + 1), { 'content-type': PROTOBUF });
    expect(response.status).toBe(413);
    expect((await statusOf(response)).code).toBe(8);
  });

  test('gets 413 and an end when its chunks do not stop', async () => {
    const connection = await openRaw(receivers.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(65_536), Buffer.from('\r\n')]);
    const feed = setInterval(() => {
      for (let i = 0; i < 8; i++) connection.socket.write(chunk);
    }, 1);
    await connection.sees('HTTP/1.1 413 ');
    await connection.closed;
    clearInterval(feed);
    expect(receivers.budget.heldBytes).toBe(0);
  });

  test('gets 413 when it unfolds past the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    const response = await post(bomb, { 'content-type': PROTOBUF, 'content-encoding': 'gzip' });
    expect(response.status).toBe(413);
    expect((await statusOf(response)).message).toContain('after decompression');
  });

  test('is taken right at the limit', async () => {
    const sketches = Array.from({ length: 4000 }, (_, i) => ({ name: `span ${i}` }));
    const body = protobufBody(sketches);
    // An unknown length-delimited field (15) fills it up to the byte.
    const filler = MAX_BODY_BYTES - body.length - 4;
    const padded = Buffer.concat([
      body,
      Buffer.from([0x7a, (filler & 127) | 128, ((filler >> 7) & 127) | 128, filler >> 14]),
    ]);
    const full = Buffer.concat([padded, Buffer.alloc(filler)]);
    expect(full.length).toBe(MAX_BODY_BYTES);
    expect((await post(full, { 'content-type': PROTOBUF })).status).toBe(200);
    expect(receivers.journal.spanCount).toBe(4000);
  });
});

describe('overload', () => {
  test('is 503 with Retry-After in whole seconds', async () => {
    intercept = async () => ({ kind: 'overloaded', message: 'full', retryAfterMs: 2_100 });
    const response = await post('{"resourceSpans":[]}', { 'content-type': JSON_TYPE });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('3');
    expect(await statusOf(response)).toEqual({
      code: 14,
      message: 'full',
      details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '2.1s' }],
    });
  });

  test('by our own mistake is to be retried as well', async () => {
    intercept = async () => ({ kind: 'failed', message: 'oops' });
    const response = await post('{"resourceSpans":[]}', { 'content-type': JSON_TYPE });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await statusOf(response)).toMatchObject({ code: 13, message: 'oops' });
  });

  test('of the bodies being received refuses the next, and ends when they are gone', async () => {
    const holders = await Promise.all(Array.from({ length: 3 }, () => openRaw(receivers.http.port)));
    for (const { socket } of holders) {
      socket.write(
        `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: ${MAX_BODY_BYTES}\r\n\r\n`,
      );
      socket.write(Buffer.alloc(MAX_BODY_BYTES - 1));
    }
    await until(() => receivers.budget.heldBytes === 3_000_000);
    const response = await post(protobufBody([{ name: 'a'.repeat(100_000) }]), { 'content-type': PROTOBUF });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    for (const { socket } of holders) socket.destroy();
    await until(() => receivers.budget.heldBytes === 0);
    expect((await post(protobufBody([{ name: 'a' }]), { 'content-type': PROTOBUF })).status).toBe(200);
  });
});

describe('a client that misbehaves', () => {
  test('by promising more than it sends holds little memory and is ended', async () => {
    const connection = await openRaw(impatient.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: ${MAX_BODY_BYTES}\r\n\r\nx`,
    );
    await until(() => impatient.budget.heldBytes > 0);
    expect(impatient.budget.heldBytes).toBe(65_536);
    await connection.closed;
    expect(connection.text()).toContain('408 Request Timeout');
    await until(() => impatient.budget.heldBytes === 0);
  });

  test('by sending its headers one by one is ended', async () => {
    const connection = await openRaw(impatient.http.port);
    connection.socket.write('POST /v1/traces HTTP/1.1\r\n');
    const feed = setInterval(() => connection.socket.write('X-A: b\r\n'), 50);
    await connection.closed;
    clearInterval(feed);
  });

  test('by leaving in the middle costs no log line and no memory', async () => {
    const before = await receivers.valueOf('clew_refused_requests_total', { reason: 'aborted' });
    const lines = receivers.logger.lines.length;
    const connection = await openRaw(receivers.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 5000\r\n\r\nabc`,
    );
    await until(() => receivers.budget.heldBytes > 0);
    connection.socket.resetAndDestroy();
    await until(
      async () => (await receivers.valueOf('clew_refused_requests_total', { reason: 'aborted' })) === before + 1,
    );
    expect(receivers.budget.heldBytes).toBe(0);
    expect(receivers.logger.lines).toHaveLength(lines);
  });

  test('by leaving before its answer costs nothing either', async () => {
    let answer: () => void = () => {};
    intercept = () =>
      new Promise((resolve) => {
        answer = () => resolve({ kind: 'accepted', acceptedSpans: 1, rejectedSpans: 0, message: '' });
      });
    const connection = await openRaw(receivers.http.port);
    connection.socket.write(
      `POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: ${PROTOBUF}\r\nContent-Length: 3\r\n\r\nabc`,
    );
    await until(() => receivers.budget.heldBytes > 0);
    connection.socket.resetAndDestroy();
    await connection.closed;
    answer();
    await until(() => receivers.budget.heldBytes === 0);
    expect(receivers.logger.lines).toEqual([]);
  });
});

describe('a web page', () => {
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' };

  test('of this machine may send', async () => {
    const origin = 'http://localhost:5173';
    const asked = await fetch(`${receivers.httpUrl}/v1/traces`, {
      method: 'OPTIONS',
      headers: { origin, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBe(origin);
    expect(asked.headers.get('access-control-allow-credentials')).toBe('true');
    expect(asked.headers.get('access-control-allow-methods')).toBe('POST');
    expect(asked.headers.get('access-control-allow-headers')).toContain('Content-Type');
    expect(Number(asked.headers.get('access-control-max-age'))).toBeGreaterThan(0);
    const sent = await post('{}', { 'content-type': JSON_TYPE, origin });
    expect(sent.headers.get('access-control-allow-origin')).toBe(origin);
    expect(sent.headers.get('vary')).toContain('Origin');
  });

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null'])('of %s may not', async (origin) => {
    const asked = await fetch(`${receivers.httpUrl}/v1/traces`, {
      method: 'OPTIONS',
      headers: { origin, ...preflight },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers.get('access-control-allow-origin')).toBeNull();
    expect(asked.headers.get('access-control-allow-methods')).toBeNull();
  });
});

describe('a thousand requests at once', () => {
  test('are all answered and all stored, each once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) =>
        post(protobufBody([{ name: `parallel ${i}` }]), { 'content-type': PROTOBUF }).then(({ status }) => status),
      ),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    const names = receivers.journal.spanTexts('name');
    expect(names).toHaveLength(1000);
    expect(new Set(names).size).toBe(1000);
    expect(receivers.budget.heldBytes).toBe(0);
  });
});

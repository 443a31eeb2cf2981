import { type ClientHttp2Session, connect } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { otlpMessage } from '@clew/testkit/otlp-protobuf-messages';
import protobuf from 'protobufjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { protobufBody } from '../decode/test/request-bodies.ts';
import { until } from '../decode/test/until.ts';
import type { Ingest, IngestOutcome } from './ingest.ts';
import { answerOf, call, EXPORT_PATH, framed, openCall } from './test/grpc-call.ts';
import { openRaw } from './test/raw-http.ts';
import { startReceivers, type TestReceivers } from './test/start-receivers.ts';

const OK = 0;
const INVALID_ARGUMENT = 3;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const UNIMPLEMENTED = 12;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const MAX_BODY_BYTES = 1_000_000;
/** Room for three largest messages of one client, and a little that may be kept for others. */
const RECEIVING_BYTES = 3_800_000;

const StatusWithRetryInfo = protobuf.parse(
  `syntax = "proto3";
   message Duration { int64 seconds = 1; int32 nanos = 2; }
   message RetryInfo { Duration retry_delay = 1; }
   message Any { string type_url = 1; bytes value = 2; }
   message Status { int32 code = 1; string message = 2; repeated Any details = 3; }`,
  { keepCase: true },
).root;

let receivers: TestReceivers;
/** For the tests that wait for a time limit. */
let impatient: TestReceivers;
let session: ClientHttp2Session;
let intercept: Ingest | undefined;
const around =
  (ingest: Ingest): Ingest =>
  (request) =>
    (intercept ?? ingest)(request);

beforeAll(async () => {
  receivers = await startReceivers({
    receive: {
      maxBodyBytes: MAX_BODY_BYTES,
      maxReceivingBytes: RECEIVING_BYTES,
      maxConcurrentStreams: 2_000,
    },
    around,
  });
  impatient = await startReceivers({ receive: { headersTimeoutMs: 400, requestTimeoutMs: 600 }, around });
});
beforeEach(() => {
  intercept = undefined;
  receivers.journal.entries.length = 0;
  session = connect(receivers.grpcUrl);
  session.on('error', () => {});
});
afterEach(() => session.destroy());
afterAll(async () => {
  await receivers.close();
  await impatient.close();
});

/** An ingest whose answer the test gives. */
function heldIngest(): { readonly ingest: Ingest; answer(outcome: IngestOutcome): void; readonly taken: number } {
  const resolves: ((outcome: IngestOutcome) => void)[] = [];
  return {
    ingest: () => new Promise((resolve) => resolves.push(resolve)),
    answer: (outcome) => {
      for (const resolve of resolves) resolve(outcome);
    },
    get taken() {
      return resolves.length;
    },
  };
}

const ACCEPTED: IngestOutcome = { kind: 'accepted', acceptedSpans: 1, rejectedSpans: 0, message: '' };

describe('an Export call', () => {
  test('is answered with an empty response and status OK', async () => {
    const answer = await call(session, framed(protobufBody([{ name: 'a' }])));
    expect(answer).toMatchObject({ httpStatus: 200, status: OK, message: '', body: Buffer.alloc(5) });
    expect(answer.headers['content-type']).toBe('application/grpc');
    expect(String(answer.headers['grpc-accept-encoding'])).toContain('gzip');
    expect(receivers.journal.spanTexts('name')).toEqual(['a']);
  });

  test.each(['application/grpc+proto', 'application/grpc;charset=utf-8'])('may be of type %s', async (type) => {
    expect((await call(session, framed(protobufBody([])), { 'content-type': type })).status).toBe(OK);
  });

  test('may be compressed, or not although an encoding is named', async () => {
    const body = protobufBody([{ name: 'z' }]);
    expect((await call(session, framed(gzipSync(body), 1), { 'grpc-encoding': 'gzip' })).status).toBe(OK);
    expect((await call(session, framed(body), { 'grpc-encoding': 'gzip' })).status).toBe(OK);
    expect((await call(session, framed(body), { 'grpc-encoding': 'identity' })).status).toBe(OK);
    expect(receivers.journal.spanTexts('name')).toEqual(['z', 'z', 'z']);
  });

  test('may be empty', async () => {
    expect(await call(session, framed(Buffer.alloc(0)))).toMatchObject({ status: OK, body: Buffer.alloc(5) });
  });

  test('may come in any number of DATA frames', async () => {
    const stream = openCall(session);
    const answer = answerOf(stream);
    for (const byte of framed(protobufBody([{ name: 'bytes' }]))) {
      stream.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    stream.end();
    expect((await answer).status).toBe(OK);
    expect(receivers.journal.spanTexts('name')).toEqual(['bytes']);
  });

  test('may be large', async () => {
    const sketches = Array.from({ length: 7_000 }, (_, i) => ({ name: `GET /item/${i}` }));
    const body = protobufBody(sketches);
    expect(body.length).toBeGreaterThan(600_000);
    expect((await call(session, framed(body))).status).toBe(OK);
    expect(receivers.journal.spanCount).toBe(7_000);
  });

  test('says which spans were rejected', async () => {
    const answer = await call(session, framed(protobufBody([{ name: 'a' }, { name: 'b', spanId: '' }])));
    expect(answer.status).toBe(OK);
    expect(answer.body.readUInt32BE(1)).toBe(answer.body.length - 5);
    expect(otlpMessage('ExportTraceServiceResponse').decode(answer.body.subarray(5)).toJSON()).toEqual({
      partialSuccess: {
        rejectedSpans: '1',
        errorMessage: '1 of 2 spans rejected: span id missing or all zeros (1)',
      },
    });
  });

  test('belongs to the tenant of its metadata', async () => {
    await call(session, framed(protobufBody([{ name: 'a' }])), { 'x-scope-orgid': 'team-7' });
    expect(receivers.journal.spanTexts('tenant')).toEqual(['team-7']);
    const refused = await call(session, framed(protobufBody([])), { 'x-scope-orgid': 'a b' });
    expect(refused.status).toBe(INVALID_ARGUMENT);
    expect(refused.message).toContain("'a b' is not a tenant name");
  });

  test('shares its connection with a thousand others', async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, i) => call(session, framed(protobufBody([{ name: `s${i}` }])))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([OK]));
    expect(new Set(receivers.journal.spanTexts('name')).size).toBe(1000);
    expect(receivers.journal.spanCount).toBe(1000);
    expect(receivers.budget.heldBytes).toBe(0);
  });
});

describe('a call that is not one of ours', () => {
  test.each([
    '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    '/opentelemetry.proto.collector.trace.v1.TraceService/Import',
    '/grpc.health.v1.Health/Check',
  ])('%s is UNIMPLEMENTED, with its name', async (path) => {
    const answer = await call(session, framed(Buffer.alloc(0)), { ':path': path });
    expect(answer).toMatchObject({ httpStatus: 200, status: UNIMPLEMENTED });
    expect(answer.message).toBe(`${path}: no such method. Clew takes ${EXPORT_PATH}.`);
  });

  test('with an unknown encoding is UNIMPLEMENTED and hears which are known', async () => {
    const answer = await call(session, framed(Buffer.alloc(3), 1), { 'grpc-encoding': 'snappy' });
    expect(answer.status).toBe(UNIMPLEMENTED);
    expect(answer.message).toContain("'snappy'");
    expect(answer.headers['grpc-accept-encoding']).toBe('identity,gzip,zstd');
  });

  test.each(['application/x-protobuf', 'application/json', 'application/grpc-web', 'application/grpc+json'])(
    'of type %s gets 415 and is told where OTLP/HTTP is',
    async (type) => {
      const answer = await call(session, Buffer.from('{}'), { 'content-type': type });
      expect(answer.httpStatus).toBe(415);
      expect(answer.body.toString()).toContain(`OTLP/HTTP is on port ${receivers.http.port}`);
    },
  );
});

describe('a bad message', () => {
  test('that cannot be decoded is INVALID_ARGUMENT', async () => {
    const answer = await call(session, framed(Buffer.from([0x0a, 0xff])));
    expect(answer.status).toBe(INVALID_ARGUMENT);
    expect(answer.message).toContain('OTLP');
    expect(answer.details).toBeUndefined();
  });

  test('that is not the gzip it claims to be is INVALID_ARGUMENT', async () => {
    const answer = await call(session, framed(Buffer.from('plain text, no gzip at all'), 1), {
      'grpc-encoding': 'gzip',
    });
    expect(answer.status).toBe(INVALID_ARGUMENT);
  });

  test('that is marked compressed without an encoding is INTERNAL, as the gRPC specification says', async () => {
    expect((await call(session, framed(gzipSync(Buffer.alloc(9)), 1))).status).toBe(INTERNAL);
  });

  test.each([
    ['nothing', Buffer.alloc(0), 'no message'],
    ['half a prefix', Buffer.from([0, 0]), 'inside a message prefix'],
    ['half a message', framed(Buffer.alloc(100)).subarray(0, 50), 'after 45 of 100'],
    ['two messages', Buffer.concat([framed(Buffer.alloc(0)), framed(Buffer.alloc(0))]), 'more than one message'],
    ['a flag of 7', framed(Buffer.alloc(1), 7), 'flag of the message is 7'],
  ])('made of %s is INVALID_ARGUMENT', async (_, bytes, problem) => {
    const answer = await call(session, bytes);
    expect(answer.status).toBe(INVALID_ARGUMENT);
    expect(answer.message).toContain(problem);
  });

  test('over the limit is RESOURCE_EXHAUSTED without RetryInfo: nobody should send it again', async () => {
    const answer = await call(session, framed(Buffer.alloc(MAX_BODY_BYTES + 1)));
    expect(answer.status).toBe(RESOURCE_EXHAUSTED);
    expect(answer.message).toContain('otlp.maxBodyBytes');
    expect(answer.details).toBeUndefined();
    const prefixOnly = openCall(session);
    prefixOnly.write(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    expect((await answerOf(prefixOnly)).status).toBe(RESOURCE_EXHAUSTED);
  });

  test('that unfolds past the limit is RESOURCE_EXHAUSTED', async () => {
    const bomb = framed(gzipSync(Buffer.alloc(20_000_000)), 1);
    expect((await call(session, bomb, { 'grpc-encoding': 'gzip' })).status).toBe(RESOURCE_EXHAUSTED);
  });

  test('leaves the connection fit for the next call', async () => {
    await call(session, framed(Buffer.alloc(MAX_BODY_BYTES + 1)));
    await call(session, framed(Buffer.from([0x0a, 0xff])));
    expect((await call(session, framed(protobufBody([{ name: 'next' }])))).status).toBe(OK);
    expect(receivers.journal.spanTexts('name')).toEqual(['next']);
  });
});

describe('overload', () => {
  test('is UNAVAILABLE with RetryInfo', async () => {
    intercept = async () => ({ kind: 'overloaded', message: 'full: 100 % – später', retryAfterMs: 2_500 });
    const answer = await call(session, framed(protobufBody([{ name: 'a' }])));
    expect(answer.status).toBe(UNAVAILABLE);
    expect(answer.message).toBe('full: 100 % – später');
    const status = StatusWithRetryInfo.lookupType('Status')
      .decode(answer.details ?? Buffer.alloc(0))
      .toJSON();
    expect(status).toMatchObject({
      code: UNAVAILABLE,
      message: 'full: 100 % – später',
      details: [{ type_url: 'type.googleapis.com/google.rpc.RetryInfo' }],
    });
    const [any] = (status as { details: { value: string }[] }).details;
    const retryInfo = StatusWithRetryInfo.lookupType('RetryInfo').decode(Buffer.from(any?.value ?? '', 'base64'));
    expect(retryInfo.toJSON()).toEqual({ retry_delay: { seconds: '2', nanos: 500_000_000 } });
  });

  test('by our own mistake is UNAVAILABLE with RetryInfo too', async () => {
    intercept = async () => ({ kind: 'failed', message: 'oops' });
    const answer = await call(session, framed(protobufBody([{ name: 'a' }])));
    expect(answer.status).toBe(UNAVAILABLE);
    expect(answer.details).toBeDefined();
  });

  test('of the messages being received refuses the next', async () => {
    const held = Array.from({ length: 3 }, () => openCall(session));
    for (const stream of held) {
      stream.on('error', () => {});
      stream.write(framed(Buffer.alloc(MAX_BODY_BYTES)).subarray(0, -1));
    }
    await until(() => receivers.budget.heldBytes === 3_000_000);
    const answer = await call(session, framed(protobufBody([{ name: 'a'.repeat(100_000) }])));
    expect(answer.status).toBe(UNAVAILABLE);
    expect(answer.details).toBeDefined();
    for (const stream of held) stream.close(8);
    await until(() => receivers.budget.heldBytes === 0);
    expect((await call(session, framed(protobufBody([{ name: 'a' }])))).status).toBe(OK);
  });
});

describe('time', () => {
  test("beyond the client's deadline is DEADLINE_EXCEEDED", async () => {
    const held = heldIngest();
    intercept = held.ingest;
    const answer = await call(session, framed(protobufBody([{ name: 'a' }])), { 'grpc-timeout': '50m' });
    expect(answer.status).toBe(DEADLINE_EXCEEDED);
    expect(answer.message).toBe('the spans were not acknowledged within 50 ms');
    held.answer(ACCEPTED);
    await until(() => receivers.budget.heldBytes === 0);
  });

  test('for the message to arrive is limited', async () => {
    const own = connect(impatient.grpcUrl);
    const stream = openCall(own);
    stream.write(Buffer.from([0, 0, 0]));
    const answer = await answerOf(stream);
    own.destroy();
    expect(answer.status).toBe(DEADLINE_EXCEEDED);
    expect(answer.message).toBe('the message did not arrive within 600 ms');
  });

  test('limit of ours is for the arrival only, not for a patient client', async () => {
    const held = heldIngest();
    intercept = held.ingest;
    const own = connect(impatient.grpcUrl);
    const answer = call(own, framed(protobufBody([{ name: 'a' }])), { 'grpc-timeout': '60S' });
    await until(() => held.taken === 1);
    await new Promise((resolve) => setTimeout(resolve, 700));
    held.answer(ACCEPTED);
    expect((await answer).status).toBe(OK);
    own.destroy();
  });

  test('that is none is refused', async () => {
    const answer = await call(session, framed(protobufBody([])), { 'grpc-timeout': 'soon' });
    expect(answer.status).toBe(INVALID_ARGUMENT);
  });
});

describe('a client that misbehaves', () => {
  test('by resetting in the middle costs no memory and no log line', async () => {
    const stream = openCall(session);
    stream.on('error', () => {});
    stream.write(framed(Buffer.alloc(50_000)).subarray(0, 20_000));
    await until(() => receivers.budget.heldBytes > 0);
    stream.close(8);
    await until(() => receivers.budget.heldBytes === 0);
    expect(receivers.logger.lines).toEqual([]);
  });

  test('by dropping the connection in the middle costs no memory and no log line', async () => {
    const stream = openCall(session);
    stream.on('error', () => {});
    stream.write(framed(Buffer.alloc(50_000)).subarray(0, 20_000));
    await until(() => receivers.budget.heldBytes > 0);
    session.destroy();
    await until(() => receivers.budget.heldBytes === 0);
    expect(receivers.logger.lines).toEqual([]);
  });

  test('by speaking HTTP/1 is told where OTLP/HTTP is', async () => {
    const response = await fetch(`${receivers.grpcUrl}/v1/traces`, { method: 'POST', body: Buffer.alloc(100_000) });
    expect(response.status).toBe(421);
    expect(await response.text()).toBe(
      `421 this is the OTLP/gRPC port. OTLP/HTTP is on port ${receivers.http.port}, path /v1/traces.\n`,
    );
  });

  test('by saying nothing, or only a P, is ended', async () => {
    const silent = await openRaw(impatient.grpc.port);
    const hesitant = await openRaw(impatient.grpc.port);
    hesitant.socket.write('P');
    await Promise.all([silent.closed, hesitant.closed]);
  });

  test('by speaking TLS is ended, and one log line says what to do', async () => {
    for (let i = 0; i < 3; i++) {
      const connection = await openRaw(receivers.grpc.port);
      connection.socket.write(Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01]));
      await connection.closed;
    }
    expect(receivers.logger.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('TLS') }]);
    receivers.logger.lines.length = 0;
  });

  test('by breaking the protocol after the preface disturbs nobody', async () => {
    const connection = await openRaw(receivers.grpc.port);
    connection.socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    connection.socket.write(Buffer.alloc(500, 0xff));
    await connection.closed;
    expect((await call(session, framed(protobufBody([{ name: 'a' }])))).status).toBe(OK);
  });

  test('by a preface cut in two is served all the same', async () => {
    const connection = await openRaw(receivers.grpc.port);
    connection.socket.write('PR');
    await new Promise((resolve) => setTimeout(resolve, 20));
    // The rest of the preface and an empty SETTINGS frame: the server answers with its own.
    connection.socket.write(
      Buffer.concat([Buffer.from('I * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]),
    );
    await until(() => connection.text().length >= 9);
    expect(connection.text().charCodeAt(3)).toBe(4);
    connection.socket.destroy();
  });
});

describe('closing', () => {
  test('finishes calls under way and takes no more', async () => {
    const own = await startReceivers({ around: (ingest) => (request) => (held?.ingest ?? ingest)(request) });
    const held = heldIngest();
    const client = connect(own.grpcUrl);
    client.on('error', () => {});
    let goaway = false;
    client.on('goaway', () => {
      goaway = true;
    });
    const under = call(client, framed(protobufBody([{ name: 'a' }])));
    await until(() => held.taken === 1);
    const closed = own.close();
    await until(() => goaway);
    held.answer(ACCEPTED);
    expect((await under).status).toBe(OK);
    await closed;
    expect(client.destroyed || client.closed).toBe(true);
  });
});

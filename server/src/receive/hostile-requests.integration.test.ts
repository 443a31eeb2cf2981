import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { mutateBytes } from '@clew/testkit/fuzz/mutate-bytes';
import { tryMutateProtobuf } from '@clew/testkit/fuzz/mutate-protobuf';
import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { protobufBody } from '../decode/test/request-bodies.ts';
import { until } from '../decode/test/until.ts';
import { call, framed } from './test/grpc-call.ts';
import { startReceivers, type TestReceivers } from './test/start-receivers.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? 20_261_121);
const ITERATIONS = 300;
const MAX_BODY_BYTES = 100_000;
const ANSWER_TIMEOUT_MS = 300;
const DICTIONARY = [
  '\r\n',
  '\r\n\r\n',
  ':',
  ',',
  'Transfer-Encoding: chunked\r\n',
  'Content-Length: 0\r\n',
  '0\r\n\r\n',
].map((text) => Uint8Array.from(Buffer.from(text)));

let receivers: TestReceivers;

beforeAll(async () => {
  receivers = await startReceivers({
    receive: { maxBodyBytes: MAX_BODY_BYTES, headersTimeoutMs: 500, requestTimeoutMs: 700, lingerTimeoutMs: 200 },
  });
});
beforeEach(() => {
  receivers.journal.entries.length = 0;
});
afterAll(() => receivers.close());

const goodBody = Uint8Array.from(protobufBody([{ name: 'good' }, { name: 'second' }]));

function httpRequest(headers: readonly string[], body: Uint8Array): Uint8Array {
  const head = ['POST /v1/traces HTTP/1.1', 'Host: x', ...headers, '', ''].join('\r\n');
  return Uint8Array.from(Buffer.concat([Buffer.from(head), body]));
}

const httpRequests = [
  httpRequest(['Content-Type: application/x-protobuf', `Content-Length: ${goodBody.length}`], goodBody),
  httpRequest(['Content-Type: application/json', 'X-Scope-OrgID: acme', 'Content-Length: 2'], Buffer.from('{}')),
  httpRequest(
    ['Content-Type: application/x-protobuf', 'Transfer-Encoding: chunked'],
    Buffer.concat([Buffer.from(`${goodBody.length.toString(16)}\r\n`), goodBody, Buffer.from('\r\n0\r\n\r\n')]),
  ),
  httpRequest(
    ['Content-Type: application/x-protobuf', 'Content-Encoding: gzip', 'Content-Length: 3'],
    Buffer.from('abc'),
  ),
  httpRequest(['Content-Type: application/x-protobuf', 'Expect: 100-continue', 'Content-Length: 0'], Buffer.alloc(0)),
];

/** Preface, SETTINGS, and HEADERS without a useful header block: what a client's first bytes look like. */
const http2Start = Uint8Array.from(
  Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
    Buffer.from([0, 0, 3, 1, 4, 0, 0, 0, 1, 0x83, 0x86, 0x84]),
    Buffer.from([0, 0, 5, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0]),
  ]),
);

/** Sends bytes on a connection of their own and hangs up; resolves when the connection has closed. */
function throwAt(port: number, bytes: Uint8Array, random: Random): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const timer = setTimeout(() => socket.destroy(), ANSWER_TIMEOUT_MS);
    socket.on('error', () => {});
    socket.on('data', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve();
    });
    const cut = random.below(bytes.length + 1);
    socket.write(bytes.subarray(0, cut));
    if (random.chance(0.2)) socket.destroy();
    else socket.end(bytes.subarray(cut));
  });
}

async function expectUnharmed(): Promise<void> {
  await until(() => receivers.budget.heldBytes === 0);
  expect(receivers.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
  receivers.journal.entries.length = 0;
  const overHttp = await fetch(`${receivers.httpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(goodBody),
  });
  expect(overHttp.status).toBe(200);
  const session = connectHttp2(receivers.grpcUrl);
  expect((await call(session, framed(goodBody))).status).toBe(0);
  session.close();
  expect(receivers.journal.spanTexts('name')).toEqual(['good', 'second', 'good', 'second']);
}

describe(`hostile connections (seed ${SEED})`, () => {
  test('of HTTP/1.1 harm neither the next request nor the books', async () => {
    const random = new Random(SEED);
    for (let i = 0; i < ITERATIONS; i += 10) {
      const batch = Array.from({ length: 10 }, () => {
        let bytes = random.pick(httpRequests);
        for (let changes = random.between(1, 3); changes > 0; changes--) {
          bytes = mutateBytes(random, bytes, { other: random.pick(httpRequests), dictionary: DICTIONARY });
        }
        return throwAt(receivers.http.port, bytes, random);
      });
      await Promise.all(batch);
    }
    await expectUnharmed();
  });

  test('of HTTP/2 harm neither the next call nor the books', async () => {
    const random = new Random(SEED + 1);
    for (let i = 0; i < ITERATIONS; i += 10) {
      const batch = Array.from({ length: 10 }, () => {
        let bytes = http2Start;
        for (let changes = random.between(1, 4); changes > 0; changes--) {
          bytes = Uint8Array.from(mutateBytes(random, bytes, { other: random.pick(httpRequests), dictionary: [] }));
        }
        return throwAt(receivers.grpc.port, bytes, random);
      });
      await Promise.all(batch);
    }
    await expectUnharmed();
  });
});

describe(`hostile bodies (seed ${SEED})`, () => {
  const bodies = (random: Random): Uint8Array => {
    const sources = { other: goodBody, dictionary: [] };
    let body: Uint8Array = goodBody;
    for (let changes = random.between(1, 4); changes > 0; changes--) {
      const changed = random.chance(0.7) ? tryMutateProtobuf(random, body, sources) : undefined;
      body = changed ?? mutateBytes(random, body, sources);
    }
    return body;
  };

  test('are answered 200 with what was stored, or 400, over HTTP', async () => {
    const random = new Random(SEED + 2);
    const statuses = new Set<number>();
    for (let i = 0; i < ITERATIONS; i++) {
      const response = await fetch(`${receivers.httpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf' },
        body: Uint8Array.from(bodies(random)),
      });
      await response.arrayBuffer();
      statuses.add(response.status);
    }
    expect([...statuses].sort()).toEqual([200, 400]);
    await expectUnharmed();
  });

  test('are answered OK or INVALID_ARGUMENT over gRPC, and badly framed ones with a status as well', async () => {
    const random = new Random(SEED + 3);
    const session = connectHttp2(receivers.grpcUrl);
    const statuses = new Set<number | undefined>();
    for (let i = 0; i < ITERATIONS; i++) {
      const message = framed(bodies(random));
      const sent = random.chance(0.7) ? message : mutateBytes(random, message, { other: message, dictionary: [] });
      const answer = await call(session, sent, { [constants.HTTP2_HEADER_CONTENT_TYPE]: 'application/grpc+proto' });
      statuses.add(answer.status);
    }
    session.close();
    expect(statuses).toContain(0);
    expect(statuses).toContain(3);
    expect(statuses).not.toContain(undefined);
    // 2 would be UNKNOWN, 14 UNAVAILABLE: nothing a body can bring about.
    expect(statuses).not.toContain(2);
    expect(statuses).not.toContain(14);
    await expectUnharmed();
  });
});

import { createServer, type RequestListener } from 'node:http';
import { createServer as createHttp2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import { encodeExportResponse, encodeRpcStatus } from '@clew/wire/otlp/responses';
import { afterEach, expect, test } from 'vitest';
import { PLAIN_PROTOBUF, type Transport } from './load-messages.ts';
import { openSender, type SendOutcome } from './send-request.ts';

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function addressOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function httpServer(answer: RequestListener): Promise<string> {
  const server = createServer((request, response) => request.resume().on('end', () => answer(request, response)));
  servers.push(server);
  return addressOf(server);
}

async function grpcServer(answer: (stream: ServerHttp2Stream) => void): Promise<string> {
  const server = createHttp2Server();
  server.on('stream', (stream) => stream.resume().on('end', () => answer(stream)));
  servers.push(server);
  return addressOf(server);
}

async function sendTo(transport: Transport, url: string, tenant = ''): Promise<SendOutcome> {
  const sender = openSender({ transport, url, form: PLAIN_PROTOBUF, tenant });
  try {
    return await sender.send(Buffer.from('body'));
  } finally {
    sender.close();
  }
}

test('HTTP: path, type and tenant are sent as the address and the options say', async () => {
  const seen: unknown[] = [];
  const url = await httpServer(({ url: path, headers }, response) => {
    seen.push([path, headers['content-type'], headers['x-scope-orgid'], headers['content-length']]);
    response.end();
  });
  expect(await sendTo('http', url)).toEqual({ kind: 'accepted' });
  expect(await sendTo('http', `${url}/insert/opentelemetry/v1/traces`, 'a')).toEqual({ kind: 'accepted' });
  expect(seen).toEqual([
    ['/v1/traces', 'application/x-protobuf', undefined, '4'],
    ['/insert/opentelemetry/v1/traces', 'application/x-protobuf', 'a', '4'],
  ]);
});

test.each([429, 502, 503, 504])('HTTP %i is a refusal, with and without a word when to come back', async (status) => {
  const plain = await httpServer((_, response) => response.writeHead(status).end());
  const polite = await httpServer((_, response) => response.writeHead(status, { 'Retry-After': '1' }).end());
  expect(await sendTo('http', plain)).toEqual({ kind: 'refused', status: `HTTP ${status}`, hasRetryHint: false });
  expect(await sendTo('http', polite)).toEqual({ kind: 'refused', status: `HTTP ${status}`, hasRetryHint: true });
});

test('HTTP: spans rejected for good and other answers fail the benchmark', async () => {
  const partial = await httpServer((_, response) =>
    response.end(encodeExportResponse({ rejectedSpans: 3, errorMessage: 'x' })),
  );
  const invalid = await httpServer((_, response) => response.writeHead(400).end('no such field'));
  await expect(sendTo('http', partial)).rejects.toThrow('3 spans of a request were rejected');
  await expect(sendTo('http', invalid)).rejects.toThrow('HTTP 400: no such field');
});

function answerGrpc(stream: ServerHttp2Stream, body: Uint8Array, trailers: Record<string, string>): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([prefix, body]));
}

test('gRPC: an empty message and an empty partial success are acceptances', async () => {
  for (const body of [new Uint8Array(0), Uint8Array.of(0x0a, 0x00)]) {
    const url = await grpcServer((stream) => answerGrpc(stream, body, { 'grpc-status': '0' }));
    expect(await sendTo('grpc', url)).toEqual({ kind: 'accepted' });
  }
});

test('gRPC: UNAVAILABLE is a refusal, with RetryInfo in its details or without', async () => {
  const details = Buffer.from(encodeRpcStatus({ code: 14, message: 'full', retryAfterMs: 500 })).toString('base64');
  const polite = await grpcServer((stream) => {
    const status = { 'grpc-status': '14', 'grpc-status-details-bin': details };
    stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...status }, { endStream: true });
  });
  const plain = await grpcServer((stream) =>
    stream.respond({ ':status': 200, 'grpc-status': '8' }, { endStream: true }),
  );
  expect(await sendTo('grpc', polite)).toEqual({ kind: 'refused', status: 'gRPC 14', hasRetryHint: true });
  expect(await sendTo('grpc', plain)).toEqual({ kind: 'refused', status: 'gRPC 8', hasRetryHint: false });
});

test('gRPC: another status fails the benchmark with its message', async () => {
  const url = await grpcServer((stream) =>
    stream.respond({ ':status': 200, 'grpc-status': '3', 'grpc-message': 'bad body' }, { endStream: true }),
  );
  await expect(sendTo('grpc', url)).rejects.toThrow('gRPC status 3: bad body');
});

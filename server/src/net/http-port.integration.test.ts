import { EventEmitter, once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ClientHttp2Stream, connect as connectHttp2, constants } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { TEST_CERTIFICATE, TEST_KEY } from '@clew/testkit/test-certificate';
import { afterEach, describe, expect, it } from 'vitest';
import { type GrpcMethod, type GrpcService, serveGrpcCall } from './grpc-call.ts';
import { GRPC_INTERNAL } from './grpc-codes.ts';
import { type HttpPort, type HttpPortLimits, openHttpPort } from './http-port.ts';

const ECHO = '/test.Echo/Count';
const opened: HttpPort[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await Promise.all(opened.splice(0).map((port) => port.close(0)));
});

interface Opened {
  readonly port: number;
  readonly dropped: readonly string[];
}

async function open(
  limits: Partial<HttpPortLimits> = {},
  options: { readonly method?: GrpcMethod; readonly tls?: boolean } = {},
): Promise<Opened> {
  const dropped: string[] = [];
  const service: GrpcService = {
    methods: new Map([[ECHO, options.method ?? count]]),
    maxMessageBytes: 1_000,
    statusOf: (error) => ({ code: GRPC_INTERNAL, message: String(error) }),
  };
  const port = await openHttpPort({
    host: '127.0.0.1',
    port: 0,
    handle,
    grpc: (stream, headers) => serveGrpcCall(stream, headers, service),
    tls: options.tls === true ? { cert: TEST_CERTIFICATE, key: TEST_KEY } : undefined,
    limits,
    onDropped: (reason) => dropped.push(reason),
  });
  opened.push(port);
  return { port: port.port, dropped };
}

/** Answers with the body it got. */
function handle(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => response.end(`${request.httpVersion} ${request.url} ${Buffer.concat(chunks).toString()}`));
}

/** As many messages as the first byte of the question says, of as many bytes as the second says, times 1000. */
async function* count(message: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < (message[0] ?? 0); i++) yield new Uint8Array((message[1] ?? 0) * 1_000).fill(i);
}

function tcp(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  return socket;
}

/** All that a socket receives until it is closed. */
async function received(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  await once(socket, 'close');
  return text;
}

describe('one port', () => {
  it('answers HTTP/1.1, with its first bytes one by one, and keeps the connection', async () => {
    const { port } = await open();
    const other = tcp(port);
    const answers = received(other);
    for (const byte of 'PUT /a HTTP/1.1\r\nHost: x\r\n\r\n') other.write(byte);
    other.write('POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc');
    expect(await answers).toMatch(/1\.1 \/a [\s\S]*1\.1 \/b abc/);
  });

  it('answers HTTP/2 with prior knowledge, bodies of more than a window too', async () => {
    const { port } = await open();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const body = 'x'.repeat(300_000);
    const stream = session.request({ ':method': 'POST', ':path': '/c' });
    stream.end(body);
    let text = '';
    for await (const chunk of stream) text += String(chunk);
    expect(text).toBe(`2.0 /c ${body}`);
    session.close();
  });

  it('streams gRPC messages with back pressure, and a status behind them', async () => {
    const { port } = await open();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const { bytes, status } = await grpc(session.request(grpcHeaders()), framed([20, 250]));
    expect([bytes, status]).toEqual([20 * 250_005, 0]);
    const none = await grpc(session.request(grpcHeaders()), framed([0, 0]));
    expect([none.bytes, none.status]).toEqual([0, 0]);
    session.close();
  });

  it('takes gzip messages up to the limit', async () => {
    const { gzipSync } = await import('node:zlib');
    const { port } = await open();
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const ask = (message: Uint8Array, encoding: string): Promise<{ bytes: number; status: number }> => {
      const stream = session.request({ ...grpcHeaders(), 'grpc-encoding': encoding });
      return grpc(stream, framed([...message], 1));
    };
    expect(await ask(gzipSync(Uint8Array.of(1, 1)), 'gzip')).toEqual({ bytes: 1_005, status: 0 });
    expect((await ask(gzipSync(new Uint8Array(100_000)), 'gzip')).status).toBe(8);
    expect((await ask(Uint8Array.of(1, 2, 3), 'gzip')).status).toBe(13);
    expect((await ask(Uint8Array.of(1, 2, 3), 'brotli')).status).toBe(12);
    expect((await grpc(session.request(grpcHeaders()), framed(Array.from({ length: 1_001 }, () => 0)))).status).toBe(8);
    session.close();
  });

  it('stops the method when the client cancels, and when it goes away', async () => {
    const seen = new EventEmitter();
    const { port } = await open(
      {},
      {
        async *method(_message, _headers, signal) {
          yield Uint8Array.of(1);
          signal.addEventListener('abort', () => seen.emit('aborted'));
          await once(signal, 'abort');
        },
      },
    );
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    const begin = async (): Promise<ClientHttp2Stream> => {
      const stream = session.request(grpcHeaders());
      stream.on('error', () => undefined);
      stream.end(framed([0, 0]));
      await once(stream, 'data');
      return stream;
    };
    const cancelled = await begin();
    const first = once(seen, 'aborted');
    cancelled.close(constants.NGHTTP2_CANCEL);
    await first;
    await begin();
    const second = once(seen, 'aborted');
    session.destroy();
    await second;
  });
});

describe('a client that dawdles is ended', () => {
  it.each([
    ['saying nothing', ''],
    ['saying half of the preface', 'PR'],
    ['saying the preface without settings', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('by %s', async (_what, start) => {
    const { port, dropped } = await open({ headersTimeoutMs: 100 });
    const socket = tcp(port);
    if (start !== '') socket.write(start);
    await received(socket);
    expect(dropped).toEqual(['timeout']);
  });

  it('by half of an HTTP/1 head', async () => {
    const { port } = await open({ headersTimeoutMs: 100, requestTimeoutMs: 300 });
    const socket = tcp(port);
    socket.write('GET / HTTP/1.1\r\nHost');
    expect(await received(socket)).toMatch(/^HTTP\/1\.1 408/);
  });

  it('by half of an HTTP/2 body', async () => {
    const { port, dropped } = await open({ headersTimeoutMs: 100, requestTimeoutMs: 100 });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    const stream = session.request({ ':method': 'POST', ':path': '/' });
    stream.on('error', () => undefined);
    stream.write('half');
    await once(stream, 'close');
    expect([stream.rstCode, dropped]).toEqual([constants.NGHTTP2_CANCEL, ['timeout']]);
    session.destroy();
  });

  it('by not shaking hands', async () => {
    const { port, dropped } = await open({ headersTimeoutMs: 100 }, { tls: true });
    const socket = tcp(port);
    socket.write(Buffer.from([0x16, 0x03, 0x01]));
    await received(socket);
    expect(dropped).toEqual(['timeout']);
  });
});

describe('limits', () => {
  it('hold for all connections together', async () => {
    const { port } = await open({ maxConnections: 2 });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    await once(session, 'remoteSettings');
    const second = tcp(port);
    await once(second, 'connect');
    const third = tcp(port);
    expect(await received(third)).toBe('');
    session.destroy();
  });

  it('of headers hold for HTTP/2', async () => {
    const { port } = await open({ maxHeaderBytes: 8_192 });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    await once(session, 'remoteSettings');
    // Behind the acknowledgement of the settings, from which on they hold.
    await new Promise<void>((resolve) => session.ping(() => resolve()));
    const stream = session.request({ ':path': '/', 'x-long': 'x'.repeat(20_000) });
    stream.on('error', () => undefined);
    await new Promise((resolve) => stream.once('close', resolve));
    expect(stream.rstCode).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
    session.destroy();
  });

  it('of time hold when the port closes', async () => {
    const { port } = await open({}, { method: neverEnding });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    session.on('error', () => undefined);
    const stream = session.request(grpcHeaders());
    stream.on('error', () => undefined);
    stream.end(framed([0, 0]));
    await once(stream, 'data');
    const idle = tcp(port);
    await once(idle, 'connect');
    await opened.pop()?.close(50);
    await expect.poll(() => session.destroyed).toBe(true);
  });
});

async function* neverEnding(_message: Uint8Array, _headers: object, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield Uint8Array.of(1);
  await once(signal, 'abort');
}

function grpcHeaders(): Record<string, string> {
  return { ':method': 'POST', ':path': ECHO, 'content-type': 'application/grpc', te: 'trailers' };
}

function framed(message: readonly number[], flag = 0): Buffer {
  const head = Buffer.from([flag, 0, 0, 0, 0]);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, Buffer.from(message)]);
}

function grpc(
  stream: ReturnType<ReturnType<typeof connectHttp2>['request']>,
  body: Buffer,
): Promise<{ bytes: number; status: number }> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    const onHeaders = (headers: Record<string, unknown>): void => {
      if (headers['grpc-status'] !== undefined) resolve({ bytes, status: Number(headers['grpc-status']) });
    };
    stream.on('response', onHeaders);
    stream.on('trailers', onHeaders);
    stream.on('error', reject);
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    stream.end(body);
  });
}

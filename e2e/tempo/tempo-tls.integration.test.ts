/** TLS of the main port and the Tempo port: HTTP/1.1, HTTP/2 and gRPC on one port each, told apart by ALPN. */
import { writeFile } from 'node:fs/promises';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { StreamingClient } from '@clew/testkit/tempo/streaming-client';
import { TEST_CERTIFICATE, TEST_KEY } from '@clew/testkit/test-certificate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { CHECKOUT_ID } from './tempo-world.ts';

let clew: ClewProcess;
let ports: readonly URL[];
beforeAll(async () => {
  const dir = await freshDataDir();
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  await writeFile(cert, TEST_CERTIFICATE);
  await writeFile(key, TEST_KEY);
  clew = await startClew({ flags: ['--tls-cert', cert, '--tls-key', key] });
  ports = [new URL(clew.urls.ui), new URL(clew.urls.tempo)];
});
afterAll(stopAll);

function overHttp1(url: URL, path: string): Promise<{ status: number; protocol: string; text: string }> {
  return new Promise((resolve, reject) => {
    request({ host: url.hostname, port: url.port, path, ca: TEST_CERTIFICATE }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, protocol: response.httpVersion, text }));
    })
      .on('error', reject)
      .end();
  });
}

function overHttp2(
  url: URL,
  headers: Record<string, string>,
  body?: Buffer,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(url, { ca: TEST_CERTIFICATE });
    session.on('error', reject);
    const stream = session.request(headers, { endStream: body === undefined });
    let status = 0;
    let text = '';
    stream.on('response', (answered) => {
      status = Number(answered[':status']);
    });
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    stream.on('error', reject);
    stream.on('end', () => {
      session.close();
      resolve({ status, text });
    });
    if (body !== undefined) stream.end(body);
  });
}

describe('with a certificate', () => {
  it('both ports say https', () => {
    expect(ports.map(({ protocol }) => protocol)).toEqual(['https:', 'https:']);
    // The receivers are as they were.
    expect(new URL(clew.urls.otlpHttp).protocol).toBe('http:');
  });

  it('HTTP/1.1 and HTTP/2 get the same answers', async () => {
    for (const [url, path] of [
      [ports[0], '/tempo/api/echo'],
      [ports[1], '/api/echo'],
    ] as const) {
      expect(await overHttp1(url, path)).toEqual({ status: 200, protocol: '1.1', text: 'echo' });
      expect(await overHttp2(url, { ':path': path })).toEqual({ status: 200, text: 'echo' });
    }
  });

  it('spans can be sent over HTTP/2 to the main port, and be read over gRPC from both', async () => {
    const now = Date.now();
    const span = {
      ...{ traceId: CHECKOUT_ID, spanId: '0000000000000001', name: 'over tls', kind: 2 },
      startTimeUnixNano: `${now - 1000}000000`,
      endTimeUnixNano: `${now}000000`,
    };
    const body = Buffer.from(JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }));
    const headers = { ':method': 'POST', ':path': '/v1/traces', 'content-type': 'application/json' };
    expect(await overHttp2(ports[0], headers, body)).toEqual({ status: 200, text: '{}' });
    // A refused body of which more comes: the answer is there all the same, and the next request on its own.
    expect((await overHttp2(ports[0], { ...headers, 'content-type': 'text/html' }, body)).status).toBe(415);
    for (const { port } of ports) {
      const client = new StreamingClient(`localhost:${port}`, TEST_CERTIFICATE);
      await expect
        .poll(
          async () => {
            const { code, messages } = await client.call('Search', { Query: '{ name = "over tls" }' });
            return [code, messages.flatMap(({ traces }) => traces ?? []).length];
          },
          { timeout: 20_000 },
        )
        .toEqual([0, 1]);
      client.close();
    }
  });

  it('a Host that is not allowed is refused over HTTP/2 too', async () => {
    const refused = await overHttp2(ports[1], { ':path': '/api/echo', ':authority': 'rebound.example' });
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('not allowed') as string]);
  });

  it('a client that speaks nothing we know is told so by TLS', async () => {
    const { port } = ports[1];
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      connectTls({ host: '127.0.0.1', port: Number(port), ca: TEST_CERTIFICATE, ALPNProtocols: ['gopher'] }).on(
        'error',
        resolve,
      );
    });
    expect(error.code).toContain('ALERT_NO_APPLICATION_PROTOCOL');
  });

  it('who speaks without TLS is told where it is', async () => {
    for (const { port } of ports) {
      const text = await new Promise<string>((resolve, reject) => {
        const socket = connectTcp(Number(port), '127.0.0.1', () =>
          socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
        );
        let received = '';
        socket.on('data', (chunk) => {
          received += chunk.toString();
        });
        socket.on('end', () => resolve(received));
        socket.on('error', reject);
      });
      expect(text).toMatch(/^HTTP\/1\.1 400 [\s\S]*use https:\/\//);
    }
  });
});

describe('a taken Tempo port', () => {
  it('is a warning, and /tempo of the main port still answers', async () => {
    const second = await startClew({ flags: ['--tempo-port', ports[1].port] });
    expect(second.urls.tempo).toBe('');
    expect(second.log.find(({ msg }) => msg.startsWith('The Tempo API is not listening'))?.msg).toContain(
      `port ${ports[1].port} on 127.0.0.1 is taken`,
    );
    expect(await (await fetch(`${second.urls.ui}/tempo/api/echo`)).text()).toBe('echo');
  });
});

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { type CorsOptions, CorsPolicy, DEFAULT_CORS } from './cors.ts';

/** The origin that would be let in, as the answer's header says it. */
function allowedOrigin(options: CorsOptions, origin: string | undefined): unknown {
  const req = new IncomingMessage(new Socket());
  if (origin !== undefined) req.headers.origin = origin;
  const res = new ServerResponse(req);
  new CorsPolicy(options).apply(req, res);
  return res.getHeader('access-control-allow-origin');
}

function allowing(...allowedOrigins: string[]): CorsOptions {
  return { allowedOrigins, maxAgeSeconds: 60 };
}

describe('allowed origins', () => {
  test.each([
    [allowing('*'), 'https://anything.example:8443'],
    [allowing('https://shop.example.com'), 'https://shop.example.com'],
    [allowing('https://shop.example.com'), 'https://SHOP.example.com'],
    [allowing('https://*.example.com'), 'https://a.b.example.com'],
    [allowing('https://a.example', 'https://b.example'), 'https://b.example'],
    [DEFAULT_CORS, 'http://localhost'],
    [DEFAULT_CORS, 'http://localhost:3000'],
    [DEFAULT_CORS, 'https://127.0.0.1:8443'],
    [DEFAULT_CORS, 'http://[::1]:3000'],
  ])('%j let %s in', (options, origin) => {
    expect(allowedOrigin(options, origin)).toBe(origin);
  });

  test.each([
    [allowing(), 'http://localhost'],
    [allowing('https://shop.example.com'), 'http://shop.example.com'],
    [allowing('https://shop.example.com'), 'https://shop.example.com.evil.org'],
    [allowing('https://shop.example.com'), 'https://shopXexample.com'],
    [allowing('https://*.example.com'), 'https://example.com'],
    [DEFAULT_CORS, 'http://localhost.evil.org'],
    [DEFAULT_CORS, 'http://notlocalhost'],
    [DEFAULT_CORS, 'null'],
  ])('%j keep %s out', (options, origin) => {
    expect(allowedOrigin(options, origin)).toBeUndefined();
  });

  test('do not matter to a client that is no web page', () => {
    expect(allowedOrigin(allowing('*'), undefined)).toBeUndefined();
  });
});

/** gzip for answers that leave the machine; on loopback the CPU costs more than the bytes. */

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { createGzip } from 'node:zlib';
import { isLoopback } from '../config/is-loopback.ts';

const COMPRESSIBLE = /^(application\/(json|problem\+json|x-protobuf|vnd\.clew\.[a-z-]+)|text\/(?!event-stream))/;
const SMALLEST_BYTES = 1_024;

export function compressResponse(request: Request, response: Response): Response {
  const type = response.headers.get('content-type') ?? '';
  const length = Number(response.headers.get('content-length') ?? Number.POSITIVE_INFINITY);
  if (response.body === null || length < SMALLEST_BYTES || !COMPRESSIBLE.test(type)) return response;
  if (!/\bgzip\b/.test(request.headers.get('accept-encoding') ?? '')) return response;
  if (isLoopback(new URL(request.url).hostname)) return response;
  const headers = new Headers(response.headers);
  headers.set('content-encoding', 'gzip');
  headers.append('vary', 'accept-encoding');
  headers.delete('content-length');
  const gzip = createGzip({ level: 1 });
  // A client that goes away ends the pipeline with an error nobody needs to hear of.
  pipeline(Readable.fromWeb(response.body as NodeReadableStream), gzip).catch(() => undefined);
  return new Response(Readable.toWeb(gzip) as ReadableStream<Uint8Array>, { status: response.status, headers });
}

/** A built Jaeger UI with the part of its API that the trace page asks for, answered out of Clew. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { writeJaegerJson } from '@clew/wire/jaeger/write-jaeger-json';
import { parseOtlpJson } from '@clew/wire/otlp/parse-json';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};
const TRACE = /^\/api\/traces\/([0-9a-f]{32})$/;

export interface JaegerServer {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error when the folder has no index.html. */
export async function startJaegerServer(dir: string, clewUi: string): Promise<JaegerServer> {
  const root = resolve(dir);
  if (!existsSync(join(root, 'index.html'))) {
    throw new Error(`--jaeger-ui ${dir}: no index.html there. Name the folder that Jaeger UI's build made.`);
  }
  const traces = new Map<string, readonly string[]>();
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const traceId = TRACE.exec(pathname)?.[1];
    if (traceId !== undefined) void answerTrace(traceId, clewUi, traces, response);
    else if (pathname.startsWith('/api/')) answerJson(response, '{"data":[],"total":0,"errors":null}');
    else answerFile(root, pathname, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

/** Converted once: what is measured is the page, not the conversion. */
async function answerTrace(
  traceId: string,
  clewUi: string,
  traces: Map<string, readonly string[]>,
  response: ServerResponse,
): Promise<void> {
  let parts = traces.get(traceId);
  if (parts === undefined) {
    const answer = await fetch(`${clewUi}/api/v1/traces/${traceId}`, { headers: { accept: 'application/json' } });
    const { resourceSpans } = parseOtlpJson(await answer.text());
    const spans = resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans: ofScope }) => ofScope.map((span) => ({ span, scope, resource }))),
    );
    parts = [...writeJaegerJson(spans)];
    traces.set(traceId, parts);
  }
  response.writeHead(200, { 'content-type': 'application/json' });
  Readable.from(parts).pipe(response);
}

function answerJson(response: ServerResponse, body: string): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

/** Pages of the application are all index.html. */
function answerFile(root: string, pathname: string, response: ServerResponse): void {
  const asked = normalize(join(root, pathname));
  const isFile = asked.startsWith(root + sep) && existsSync(asked) && statSync(asked).isFile();
  const file = isFile ? asked : join(root, 'index.html');
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
}

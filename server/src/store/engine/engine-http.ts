/** The part of ClickHouse's HTTP interface that Clew speaks, on a private Unix socket. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { EngineError, EngineErrorCode } from './engine-error.ts';
import { MAX_HEADER_BYTES, MAX_STATEMENT_BYTES } from './engine-limits.ts';
import { parseEngineRequest } from './engine-request.ts';
import type { InsertConnection, InsertResult } from './insert-connection.ts';
import type { QueryPool } from './query-pool.ts';
import { failResponse, QueryResponse, type Summary } from './query-response.ts';
import { type InsertPlan, planStatement, type QueryPlan } from './statement-plan.ts';

/** Longer than a client keeps a connection idle, so that the client is the one to close it. */
const KEEP_ALIVE_MS = 60_000;

export function createEngineServer(queries: QueryPool, inserts: InsertConnection): Server {
  const server = createServer(
    { maxHeaderSize: MAX_HEADER_BYTES, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      handle(request, response, queries, inserts).catch((error: unknown) => failResponse(response, error));
    },
  );
  // An insert may wait for its turn with its body unread.
  server.requestTimeout = 0;
  return server;
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  queries: QueryPool,
  inserts: InsertConnection,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://engine');
  if (url.pathname === '/ping') {
    response.end('Ok.\n');
    return;
  }
  if (url.pathname !== '/') {
    throw new EngineError(`There is no handle ${url.pathname}`, EngineErrorCode.badArguments);
  }
  const call = parseEngineRequest(url);
  refuseEncodedBody(request);
  const queryId = call.queryId || randomUUID();
  const planned = call.queryInUrl === '' ? undefined : planStatement(call, call.queryInUrl);
  if (planned?.kind === 'insert') {
    await runInsert(request, response, inserts, planned, queryId);
    return;
  }
  const body = await readStatementBody(request);
  const plan =
    planned !== undefined && body.trim() === '' ? planned : planStatement(call, `${call.queryInUrl}\n${body}`);
  if (plan.kind === 'insert') {
    throw new EngineError(
      'An INSERT with data takes the statement in the query parameter and the data as the body.',
      EngineErrorCode.badArguments,
    );
  }
  await runQuery(response, queries, plan, queryId);
}

async function runQuery(response: ServerResponse, queries: QueryPool, plan: QueryPlan, queryId: string): Promise<void> {
  const abort = new AbortController();
  const onClose = () => abort.abort();
  response.on('close', onClose);
  if (response.destroyed) return;
  const receiver = new QueryResponse(response, queryId, plan.format);
  try {
    const { elapsedNano } = await queries.run(plan.job, receiver, abort.signal);
    response.off('close', onClose);
    receiver.end(elapsedNano);
  } catch (error) {
    response.off('close', onClose);
    receiver.fail(error);
  }
}

async function runInsert(
  request: IncomingMessage,
  response: ServerResponse,
  inserts: InsertConnection,
  plan: InsertPlan,
  queryId: string,
): Promise<void> {
  const startNano = process.hrtime.bigint();
  // Reading ends with an error when the client goes away, so half a body is never taken for a whole one.
  const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  let result: InsertResult;
  try {
    result = await inserts.insert(plan.sql, plan.format, plan.parameters, body);
  } catch (error) {
    // A client that is still sending would see a broken pipe in place of the reason.
    await readToEnd(request);
    throw error;
  }
  const summary: Summary = {
    read_rows: String(result.rowsWritten),
    read_bytes: String(result.bytesWritten),
    written_rows: String(result.rowsWritten),
    written_bytes: String(result.bytesWritten),
    result_rows: String(result.rowsWritten),
    result_bytes: String(result.bytesWritten),
    elapsed_ns: String(process.hrtime.bigint() - startNano),
  };
  response.writeHead(200, {
    'Content-Length': '0',
    'X-ClickHouse-Query-Id': queryId,
    'X-ClickHouse-Summary': JSON.stringify(summary),
  });
  response.end();
}

function readToEnd(request: IncomingMessage): Promise<void> {
  if (request.readableEnded || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    request.on('end', resolve);
    request.on('close', resolve);
    request.on('error', () => resolve());
    request.resume();
  });
}

function refuseEncodedBody(request: IncomingMessage): void {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const multipart = request.headers['content-type']?.startsWith('multipart/') === true;
  if (encoding === 'identity' && !multipart) return;
  throw new EngineError(
    `The embedded engine takes plain bodies only: ${multipart ? 'multipart' : encoding}. Switch compression off.`,
    EngineErrorCode.badArguments,
  );
}

async function readStatementBody(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > MAX_STATEMENT_BYTES) {
      throw new EngineError(
        `The statement is longer than ${MAX_STATEMENT_BYTES} bytes. Send less of it at a time.`,
        EngineErrorCode.badArguments,
      );
    }
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/**
 * The baseline: OTLP/HTTP → protobufjs objects → JSONEachRow → the OpenTelemetry exporter's table, in the same engine.
 * Requests are combined to inserts of at least 10,000 rows and acknowledged when their insert is in.
 * `baseline-server.mjs <engine.js> <data directory>`, with an IPC channel.
 */
import { Agent, createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { startEmbeddedEngine } from '../../server/src/store/engine/embedded-engine.ts';
import { addBaselineRows, type BaselineRow } from './baseline-rows.ts';
import { BASELINE_SCHEMA } from './baseline-schema.ts';

export interface BaselineReady {
  readonly kind: 'ready';
  readonly url: string;
  readonly socketPath: string;
}

const ROWS_PER_INSERT = 10_000;
/** So that the last rows of a run do not wait for more. */
const LONGEST_WAIT_MS = 1_000;
const ENGINE_MEMORY_BYTES = 700 * 2 ** 20;
const unzip = promisify(gunzip);

const [, , enginePath = '', dataDir = ''] = process.argv;
const logger = { info: () => undefined, warn: console.error, error: console.error };
const engine = await startEmbeddedEngine({ dataDir, enginePath, memoryLimitBytes: ENGINE_MEMORY_BYTES, logger });
// Node hands an agent's options on to net.connect; its types do not say so.
const toSocket = { socketPath: engine.socketPath, keepAlive: true };
const client = createClient({
  url: 'http://localhost',
  http_agent: new Agent(toSocket),
  request_timeout: 600_000,
  log: { level: ClickHouseLogLevel.OFF },
});
for (const statement of BASELINE_SCHEMA) await client.command({ query: statement });

let rows: BaselineRow[] = [];
let answers: ServerResponse[] = [];
let timer: NodeJS.Timeout | undefined;

function insertAll(): void {
  clearTimeout(timer);
  timer = undefined;
  const [insertRows, insertAnswers] = [rows, answers];
  rows = [];
  answers = [];
  client.insert({ table: 'otel_traces', values: insertRows, format: 'JSONEachRow' }).then(
    () => {
      for (const answer of insertAnswers) answer.writeHead(200, { 'Content-Type': 'application/x-protobuf' }).end();
    },
    (error: unknown) => {
      console.error('baseline: insert failed:', error);
      for (const answer of insertAnswers) answer.writeHead(500).end(String(error));
    },
  );
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const sent = Buffer.concat(parts);
  const body = request.headers['content-encoding'] === 'gzip' ? await unzip(sent) : sent;
  // Only now: an insert may have taken the rows while this was waiting.
  addBaselineRows(rows, body);
  answers.push(response);
  if (rows.length >= ROWS_PER_INSERT) insertAll();
  else timer ??= setTimeout(insertAll, LONGEST_WAIT_MS);
}

const server = createServer((request, response) => {
  receive(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  const ready: BaselineReady = { kind: 'ready', url: `http://127.0.0.1:${port}`, socketPath: engine.socketPath };
  process.send?.(ready);
});
process.on('disconnect', () => {
  void engine.stop().finally(() => process.exit(0));
});

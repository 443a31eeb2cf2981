/** The one way to ClickHouse, embedded or a server: statements with bound parameters in, rows or Native bytes out. */
import { randomUUID } from 'node:crypto';
import { Agent, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClickHouseClient, ClickHouseLogLevel, type ClickHouseSettings, createClient } from '@clickhouse/client';
import { EngineSocket, type SocketStatement } from './engine-socket.ts';
import { combineNativeBlocks } from './native/combine-blocks.ts';
import { NativeFormatError } from './native/native-format-error.ts';
import { PieceMemory } from './native/piece-memory.ts';
import { NativeResult } from './native-result.ts';
import { QueryDeadline } from './query-deadline.ts';
import { insertColumns } from './schema/insert-columns.ts';
import type {
  StoreClient,
  StoreInsertOptions,
  StoreNativeResult,
  StoreParameters,
  StoreQueryOptions,
  StoreRows,
  StoreSettings,
} from './store-client.ts';
import { isNotConnected, StoreUnavailableError } from './store-error.ts';

export type {
  StoreClient,
  StoreInsertOptions,
  StoreNativeResult,
  StoreParameters,
  StoreQueryOptions,
  StoreRows,
  StoreSettings,
  StoreSummary,
} from './store-client.ts';
export { isRetryableStoreError } from './store-error.ts';

export interface StoreServerOptions {
  /** http(s)://host:port of a ClickHouse server. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface StoreSocketOptions {
  /** Unix socket of the embedded engine. */
  readonly socketPath: string;
  /** Resolves when the engine takes requests. */
  readonly whenReady?: () => Promise<void>;
}

export type StoreClientOptions = (StoreServerOptions | StoreSocketOptions) & {
  /** What unqualified table names in queries mean. Default: the server's own default. */
  readonly database?: string;
  /** Connections kept to the store; further requests wait. */
  readonly maxConnections?: number;
};

const MAX_CONNECTIONS = 32;
/** A fallback far above what queries and inserts are allowed by their own limits. */
const REQUEST_TIMEOUT_MS = 10 * 60_000;
/** How long a request waits for an engine that is being started again. */
const ENGINE_WAIT_MS = 15_000;
const RECONNECT_PAUSE_MS = 50;
/** A store that hangs is as bad as one that is away: whoever asks for readiness wants to hear so soon. */
const PING_TIMEOUT_MS = 2_000;
/** 2 MiB: more than one insert has on its way at a time. */
const MAX_SPARE_PIECES = 16;
const TABLE_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/;

/**
 * What an insert carries. The token makes a repetition harmless in the table; the second setting carries it into the
 * tables behind materialized views, which otherwise may miss rows of an insert that was killed half-way.
 * See docs/adr/0002-embedded-engine.md.
 */
const INSERT_SETTINGS: ClickHouseSettings = {
  insert_deduplicate: 1,
  deduplicate_blocks_in_dependent_materialized_views: 1,
  async_insert: 0,
  // A group may hold several days of several retention classes: to refuse it would stop everything behind it for good.
  throw_on_max_partitions_per_insert_block: 0,
};

export function createStoreClient(options: StoreClientOptions): StoreClient {
  return new HttpStoreClient(options);
}

interface StoreAnswer {
  readonly data?: readonly unknown[];
  readonly statistics?: { readonly elapsed: number; readonly rows_read: number; readonly bytes_read: number };
}

class HttpStoreClient implements StoreClient {
  readonly #client: ClickHouseClient;
  /** For queries and inserts of the embedded engine. */
  readonly #socket: EngineSocket | undefined;
  readonly #pieces = new PieceMemory(MAX_SPARE_PIECES);
  readonly #whenReady: (() => Promise<void>) | undefined;
  readonly #isServer: boolean;

  constructor(options: StoreClientOptions) {
    const maxConnections = options.maxConnections ?? MAX_CONNECTIONS;
    const common = {
      request_timeout: REQUEST_TIMEOUT_MS,
      max_open_connections: maxConnections,
      ...(options.database !== undefined && { database: options.database }),
      compression: { request: false, response: false },
      log: { level: ClickHouseLogLevel.OFF },
    };
    this.#isServer = 'url' in options;
    if ('url' in options) {
      const { url, username, password } = options;
      this.#client = createClient({ ...common, url, ...(username && { username }), ...(password && { password }) });
    } else {
      this.#whenReady = options.whenReady;
      this.#socket = new EngineSocket(options.socketPath, options.database, maxConnections, REQUEST_TIMEOUT_MS);
      // Node hands an agent's options on to net.connect; its types do not say so.
      const toSocket = { socketPath: options.socketPath, keepAlive: true, maxSockets: maxConnections };
      this.#client = createClient({ ...common, url: 'http://localhost', http_agent: new Agent(toSocket) });
    }
  }

  async command(sql: string, parameters?: StoreParameters, options: StoreQueryOptions = {}): Promise<void> {
    await this.#run(options, async (call) => {
      await this.#client.command({ query: sql, ...bound(parameters), ...call });
    });
  }

  selectJson<T>(sql: string, parameters?: StoreParameters, options: StoreQueryOptions = {}): Promise<StoreRows<T>> {
    return this.#run(options, async (call) => {
      const settings = { output_format_json_quote_64bit_integers: 1, ...call.clickhouse_settings } as const;
      if (this.#socket !== undefined) {
        const query = socketQuery(sql, 'JSON', parameters, { ...call, clickhouse_settings: settings });
        const text = (await this.#socket.sendForAll(query)).toString('utf8');
        return rowsOf<T>(JSON.parse(text) as StoreAnswer);
      }
      const result = await this.#client.query({
        query: sql,
        format: 'JSON',
        ...bound(parameters),
        ...call,
        clickhouse_settings: { ...settings, ...this.#cancelSettings() },
      });
      const answer = (await abortable(result.json(), call.abort_signal, () => result.close())) as StoreAnswer;
      return rowsOf<T>(answer);
    });
  }

  async selectNative(
    sql: string,
    parameters?: StoreParameters,
    options: StoreQueryOptions = {},
  ): Promise<StoreNativeResult> {
    const deadline = new QueryDeadline(options);
    try {
      const { signal } = deadline;
      const socket = this.#socket;
      if (socket !== undefined) {
        const query = socketQuery(sql, 'Native', parameters, this.#call(options, signal));
        return new NativeResult(await this.#connected(signal, () => socket.send(query)), deadline, () => undefined);
      }
      const result = await this.#connected(signal, () =>
        this.#client.exec({
          query: `${sql}\nFORMAT Native`,
          ...bound(parameters),
          ...this.#call(options, signal),
          clickhouse_settings: { ...settingsOf(options), ...this.#cancelSettings() },
        }),
      );
      return new NativeResult(result.stream as IncomingMessage, deadline, () => this.#kill(result.query_id));
    } catch (error) {
      deadline.clear();
      throw deadline.explain(error);
    }
  }

  async insertNative(table: string, chunks: readonly Uint8Array[], options: StoreInsertOptions): Promise<void> {
    if (!TABLE_NAME.test(table)) throw new Error(`Not the name of a table: ${JSON.stringify(table)}.`);
    const settings: ClickHouseSettings = {
      ...INSERT_SETTINGS,
      ...options.settings,
      insert_deduplication_token: options.deduplicationToken,
    };
    const columns = insertColumns(table, chunks);
    const socket = this.#socket;
    await this.#run({ ...(options.signal && { signal: options.signal }) }, async (call) => {
      const memory = this.#pieces;
      if (socket !== undefined) {
        const sql = `INSERT INTO ${table}${columns} FORMAT Native`;
        const insert = socketStatement(sql, undefined, { ...call, clickhouse_settings: settings });
        return await socket.insert(insert, combineNativeBlocks(chunks, { memory }), (piece) => memory.give(piece));
      }
      const values = Readable.from(combineNativeBlocks(chunks), { objectMode: false });
      let badBlock: unknown;
      values.on('error', (error) => {
        if (error instanceof NativeFormatError) badBlock = error;
      });
      try {
        const { stream } = await this.#client.exec({
          query: `INSERT INTO ${table}${columns} FORMAT Native`,
          values,
          ...call,
          clickhouse_settings: settings,
        });
        for await (const _ of stream);
      } catch (error) {
        // The client tells of a broken connection only.
        throw badBlock ?? error;
      }
    });
  }

  async ping(): Promise<boolean> {
    return (await this.#client.ping({ select: false, abort_signal: AbortSignal.timeout(PING_TIMEOUT_MS) })).success;
  }

  close(): Promise<void> {
    this.#socket?.close();
    return this.#client.close();
  }

  async #run<T>(options: StoreQueryOptions, request: (call: Call) => Promise<T>): Promise<T> {
    const deadline = new QueryDeadline(options);
    const call = this.#call(options, deadline.signal);
    try {
      return await this.#connected(deadline.signal, () => request(call));
    } catch (error) {
      if (deadline.signal.aborted) this.#kill(call.query_id);
      throw deadline.explain(error);
    } finally {
      deadline.clear();
    }
  }

  #call(options: StoreQueryOptions, signal: AbortSignal): Call {
    return { query_id: randomUUID(), abort_signal: signal, clickhouse_settings: settingsOf(options) };
  }

  /** Waits for an engine that is starting, and tries again while it certainly has not seen the request. */
  async #connected<T>(signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const until = performance.now() + ENGINE_WAIT_MS;
    for (;;) {
      if (this.#whenReady !== undefined) await waitForEngine(this.#whenReady, until, signal);
      // The client hears a signal that fires, not one that has fired.
      signal.throwIfAborted();
      try {
        return await request();
      } catch (error) {
        const mayWait = this.#whenReady !== undefined && isNotConnected(error) && performance.now() < until;
        if (!mayWait) throw error;
      }
      await sleep(RECONNECT_PAUSE_MS);
    }
  }

  /** A server ends a read-only query when its client goes away; the embedded engine does so for every query. */
  #cancelSettings(): ClickHouseSettings {
    return this.#isServer ? { cancel_http_readonly_queries_on_client_close: 1 } : {};
  }

  #kill(queryId: string): void {
    if (!this.#isServer) return;
    this.#client
      .command({ query: 'KILL QUERY WHERE query_id = {id:String} ASYNC', query_params: { id: queryId } })
      .catch(() => undefined);
  }
}

interface Call {
  readonly query_id: string;
  readonly abort_signal: AbortSignal;
  readonly clickhouse_settings: ClickHouseSettings;
}

function bound(parameters: StoreParameters | undefined): { readonly query_params?: Record<string, unknown> } {
  return parameters === undefined ? {} : { query_params: { ...parameters } };
}

function socketQuery(
  sql: string,
  format: string,
  parameters: StoreParameters | undefined,
  call: Call,
): SocketStatement {
  return socketStatement(`${sql.replace(/[;\s]+$/, '')}\nFORMAT ${format}`, parameters, call);
}

function socketStatement(sql: string, parameters: StoreParameters | undefined, call: Call): SocketStatement {
  return {
    sql,
    queryId: call.query_id,
    parameters,
    settings: call.clickhouse_settings as StoreSettings,
    signal: call.abort_signal,
  };
}

function rowsOf<T>({ data = [], statistics }: StoreAnswer): StoreRows<T> {
  const { elapsed = 0, rows_read = 0, bytes_read = 0 } = statistics ?? {};
  return {
    rows: data as readonly T[],
    summary: { rowsRead: Number(rows_read), bytesRead: Number(bytes_read), elapsedMs: elapsed * 1000 },
  };
}

function settingsOf(options: StoreQueryOptions): ClickHouseSettings {
  const limit = options.timeoutMs === undefined ? {} : { max_execution_time: options.timeoutMs / 1000 };
  return { ...limit, ...options.settings } as ClickHouseSettings;
}

async function waitForEngine(whenReady: () => Promise<void>, until: number, signal: AbortSignal): Promise<void> {
  // Every statement comes by: a timer is cleared for a tenth of what it costs to abort one.
  let stop = () => {};
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<'late' | 'stopped'>((resolve) => {
    stop = () => resolve('stopped');
    timer = setTimeout(() => resolve('late'), Math.max(0, until - performance.now())).unref();
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    const outcome = await Promise.race([whenReady().then(() => 'ready'), ended]);
    if (outcome === 'stopped') throw signal.reason;
    if (outcome === 'late') {
      throw new StoreUnavailableError(`The engine was not ready within ${ENGINE_WAIT_MS} ms. Retry later.`);
    }
  } catch (error) {
    if (error instanceof StoreUnavailableError || signal.aborted) throw error;
    throw new StoreUnavailableError('The engine is not running.', error);
  } finally {
    signal.removeEventListener('abort', stop);
    clearTimeout(timer);
  }
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal, stop: () => void): Promise<T> {
  const onAbort = () => stop();
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) stop();
  try {
    return await work;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

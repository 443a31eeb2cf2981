/**
 * The engine's two doors. Queries go through the N-API addon of `chdb`, because ClickHouse checks the bounds of the
 * thread's stack while it analyses a query and koffi calls on a stack of its own. Inserts go through the C API by
 * koffi: the addon has no streaming insert, and there the engine does its work on threads of its own.
 * See docs/adr/0002-embedded-engine.md.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';

const require = createRequire(import.meta.url);

declare const connectionBrand: unique symbol;
declare const streamBrand: unique symbol;

/** A connection of the addon; usable in the thread that opened it. */
export interface EngineConnection {
  readonly [connectionBrand]: true;
}

export interface EngineStream {
  readonly [streamBrand]: true;
}

export interface StreamChunk {
  readonly bytes: Uint8Array;
  readonly numRows: number;
  readonly done: boolean;
}

export interface EngineAddon {
  CreateConnection(path: string, engineArguments: readonly string[]): EngineConnection;
  /** Tears the connection down; never while something runs on it. */
  CloseConnection(connection: EngineConnection): void;
  /** Blocks: analysis, and with it scalar subqueries, run before it returns. */
  StreamQuery(
    connection: EngineConnection,
    sql: string,
    format: string,
    parameters?: Readonly<Record<string, string>>,
  ): EngineStream;
  StreamFetch(stream: EngineStream): Promise<StreamChunk>;
  /** Never while a StreamFetch of the same stream is pending. */
  StreamCancel(stream: EngineStream): void;
  QueryAsyncConnection(
    connection: EngineConnection,
    sql: string,
    format: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<{ readonly bytes: Uint8Array; readonly elapsed: number; readonly rowsRead: number }>;
}

const ADDON_FUNCTIONS = [
  'CreateConnection',
  'CloseConnection',
  'StreamQuery',
  'StreamFetch',
  'StreamCancel',
  'QueryAsyncConnection',
] as const;

/** Where libchdb.so is. Throws with everywhere it looked when the platform has none. */
export function libraryPath(): string {
  const { libchdbPath } = require('chdb/libchdb') as { libchdbPath(): string };
  return libchdbPath();
}

/** Loads the addon into this thread. The library behind it is loaded once for the process. */
export function loadEngineAddon(): EngineAddon {
  const path = join(dirname(libraryPath()), 'chdb_node.node');
  const addon = require(path) as Partial<EngineAddon>;
  const missing = ADDON_FUNCTIONS.filter((name) => typeof addon[name] !== 'function');
  if (missing.length > 0) {
    throw new Error(`The engine cannot be used: ${path} lacks ${missing.join(', ')}. Install chdb 3.4.`);
  }
  return addon as EngineAddon;
}

/** Native handle, an address. */
export type Pointer = bigint;

/** The streaming insert of libchdb's C API. Every function that may wait runs on a thread of libuv's pool. */
export interface InsertApi {
  /** Signals stay Node's. To be called before any connection is opened. */
  keepSignalHandlers(): void;
  connect(engineArguments: readonly string[]): Pointer;
  closeConnection(connection: Pointer): void;
  begin(
    connection: Pointer,
    sql: string,
    format: string,
    parameters: Readonly<Record<string, string>>,
  ): Promise<Pointer>;
  append(stream: Pointer, bytes: Uint8Array): Promise<boolean>;
  finish(stream: Pointer): Promise<Pointer>;
  cancel(stream: Pointer): Promise<void>;
  destroy(stream: Pointer): void;
  streamError(stream: Pointer): string | undefined;
  resultError(result: Pointer): string | undefined;
  resultRowsWritten(result: Pointer): number;
  resultBytesWritten(result: Pointer): number;
  destroyResult(result: Pointer): void;
}

/** Parsing an INSERT's text needs little; the default of 128 KiB is too little for a long column list. */
const CALL_STACK_BYTES = 1024 * 1024;

export function loadInsertApi(): InsertApi {
  koffi.config({ async_stack_size: CALL_STACK_BYTES, sync_stack_size: 2 * CALL_STACK_BYTES });
  const library = koffi.load(libraryPath());
  const setSignalHandlers = library.func('void chdb_set_signal_handlers_enabled(int enabled)');
  const connect = library.func('void* chdb_connect(int argc, char** argv)');
  const closeConnection = library.func('void chdb_close_conn(void* connection)');
  const begin = library.func(
    'void* chdb_stream_insert_with_params(void* c, const char* sql, const char* format, const char** names, const char** values, size_t count)',
  );
  const append = library.func('int chdb_stream_append(void* stream, const uint8_t* data, size_t length)');
  const done = library.func('void* chdb_stream_done(void* stream)');
  const cancel = library.func('void chdb_stream_cancel_insert(void* stream)');
  const destroy = library.func('void chdb_destroy_insert_stream(void* stream)');
  const streamError = library.func('const char* chdb_stream_insert_error(void* stream)');
  const resultError = library.func('const char* chdb_result_error(void* result)');
  const rowsWritten = library.func('uint64_t chdb_result_rows_written(void* result)');
  const bytesWritten = library.func('uint64_t chdb_result_bytes_written(void* result)');
  const destroyResult = library.func('void chdb_destroy_query_result(void* result)');
  return {
    keepSignalHandlers: () => setSignalHandlers(0),
    connect(engineArguments) {
      const handle: Pointer | null = connect(engineArguments.length, [...engineArguments]);
      if (handle === null) throw new Error('The engine refused a connection for inserts. See its log.');
      return handle;
    },
    closeConnection: (connection) => closeConnection(connection),
    begin: (connection, sql, format, parameters) => {
      const names = Object.keys(parameters);
      const values = Object.values(parameters);
      const handle: Pointer = koffi.decode(connection, 'void*');
      return inPool<Pointer>(begin, [handle, sql, format, names, values, names.length]);
    },
    append: async (stream, bytes) => (await inPool<number>(append, [stream, bytes, bytes.byteLength])) === 0,
    finish: (stream) => inPool<Pointer>(done, [stream]),
    cancel: (stream) => inPool<void>(cancel, [stream]),
    destroy: (stream) => destroy(stream),
    streamError: (stream) => streamError(stream) ?? undefined,
    resultError: (result) => resultError(result) ?? undefined,
    resultRowsWritten: (result) => Number(rowsWritten(result)),
    resultBytesWritten: (result) => Number(bytesWritten(result)),
    destroyResult: (result) => destroyResult(result),
  };
}

type NativeFunction = ReturnType<ReturnType<typeof koffi.load>['func']>;

function inPool<T>(callee: NativeFunction, callArguments: readonly unknown[]): Promise<T> {
  return new Promise((resolve, reject) => {
    callee.async(...callArguments, (error: unknown, value: T) => (error ? reject(error) : resolve(value)));
  });
}

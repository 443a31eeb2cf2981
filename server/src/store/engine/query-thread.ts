/**
 * One query connection, in a worker thread of the engine process: the engine analyses a query in the caller's
 * thread, subqueries included, which may take seconds, and nothing else may wait for that.
 */
import { parentPort } from 'node:worker_threads';
import { type EngineAddon, type EngineConnection, type EngineStream, loadEngineAddon } from './engine-library.ts';
import { FETCH_AHEAD_CHUNKS } from './engine-limits.ts';
import type { FromQueryThread, QueryJob, QueryThreadData, ToQueryThread } from './query-messages.ts';
import { DEFAULT_DATABASE, quoteIdentifier } from './statement.ts';

export function runQueryThread(data: QueryThreadData): void {
  const port = parentPort;
  if (port === null) throw new Error('runQueryThread runs in a worker thread.');
  const thread = new QueryThread(data, (message, transfer) => port.postMessage(message, transfer));
  port.on('message', (message: ToQueryThread) => thread.receive(message));
  thread.open();
}

class QueryThread {
  readonly #data: QueryThreadData;
  readonly #post: (message: FromQueryThread, transfer: readonly ArrayBuffer[]) => void;
  readonly #addon: EngineAddon;
  #connection: EngineConnection | undefined;
  /** Of the connection. Every job says which one it means, so that it cannot leak from one to the next. */
  #database = DEFAULT_DATABASE;
  #credits = 0;
  #cancelled = false;
  #wake: (() => void) | undefined;

  constructor(data: QueryThreadData, post: (message: FromQueryThread, transfer: readonly ArrayBuffer[]) => void) {
    this.#data = data;
    this.#post = post;
    this.#addon = loadEngineAddon();
  }

  open(): void {
    this.#openConnection();
    this.#post({ type: 'ready' }, []);
  }

  receive(message: ToQueryThread): void {
    switch (message.type) {
      case 'run':
        void this.#run(message.job);
        return;
      case 'more':
        this.#credits += message.chunks;
        break;
      case 'cancel':
        this.#cancelled = true;
        break;
      case 'close':
        this.#closeConnection();
        this.#post({ type: 'closed' }, []);
        return;
    }
    this.#wake?.();
  }

  #openConnection(): EngineConnection {
    this.#connection ??= this.#addon.CreateConnection(this.#data.dataPath, this.#data.connectionArguments);
    return this.#connection;
  }

  #closeConnection(): void {
    if (this.#connection !== undefined) this.#addon.CloseConnection(this.#connection);
    this.#connection = undefined;
    this.#database = DEFAULT_DATABASE;
  }

  async #useDatabase(connection: EngineConnection, database: string): Promise<void> {
    if (database === this.#database) return;
    await this.#addon.QueryAsyncConnection(connection, `USE ${quoteIdentifier(database)}`, 'Null');
    this.#database = database;
  }

  async #run(job: QueryJob): Promise<void> {
    this.#credits = FETCH_AHEAD_CHUNKS;
    this.#cancelled = false;
    const startNano = process.hrtime.bigint();
    let failure: string | undefined;
    try {
      const connection = this.#openConnection();
      await this.#useDatabase(connection, job.database);
      for (const sql of job.before) await this.#addon.QueryAsyncConnection(connection, sql, 'Null');
      if (job.streamed) await this.#stream(connection, job);
      else await this.#materialize(connection, job);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    // A failed query leaves the beginning of its result on the connection, which would stand before the next one's; one
    // that was left while it streamed goes on holding its memory until the connection is closed or asks something else.
    if (job.before.length > 0 || failure !== undefined || this.#cancelled) this.#closeConnection();
    if (failure !== undefined) this.#post({ type: 'failed', message: failure }, []);
    else this.#post({ type: 'end', elapsedNano: Number(process.hrtime.bigint() - startNano) }, []);
  }

  async #materialize(connection: EngineConnection, job: QueryJob): Promise<void> {
    const result = await this.#addon.QueryAsyncConnection(connection, job.sql, job.format, job.parameters);
    if (result.bytes.byteLength > 0 && !this.#cancelled) this.#postChunk(result.bytes, result.rowsRead);
  }

  async #stream(connection: EngineConnection, job: QueryJob): Promise<void> {
    const stream: EngineStream = this.#addon.StreamQuery(connection, job.sql, job.format, job.parameters);
    for (;;) {
      // A cancel sent while the call above blocked this thread is in the queue behind it: let it in.
      await this.#waitForCredit();
      if (this.#cancelled) {
        this.#addon.StreamCancel(stream);
        return;
      }
      const chunk = await this.#addon.StreamFetch(stream);
      if (chunk.done) return;
      this.#credits--;
      this.#postChunk(chunk.bytes, chunk.numRows);
    }
  }

  async #waitForCredit(): Promise<void> {
    while (this.#credits <= 0 && !this.#cancelled) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#wake = undefined;
  }

  #postChunk(bytes: Uint8Array, rows: number): void {
    const buffer = bytes.buffer;
    const whole = buffer instanceof ArrayBuffer && bytes.byteLength === buffer.byteLength;
    this.#post({ type: 'chunk', bytes, rows }, whole ? [buffer] : []);
  }
}

/** The connection that only inserts: queries never stand in front of ingest. One insert at a time. */
import { EngineError, EngineErrorCode } from './engine-error.ts';
import type { InsertApi, Pointer } from './engine-library.ts';
import { INSERT_PIECE_BYTES, MAX_WAITING_INSERTS } from './engine-limits.ts';

export interface InsertResult {
  /** Rows put into the table and into those its materialized views feed. */
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}

export class InsertConnection {
  readonly #api: InsertApi;
  readonly #arguments: readonly string[];
  #connection: Pointer;
  /** One insert runs at a time, and the engine copies what it is given: one buffer is enough for all. */
  readonly #piece = Buffer.allocUnsafeSlow(INSERT_PIECE_BYTES);
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;

  constructor(api: InsertApi, engineArguments: readonly string[]) {
    this.#api = api;
    this.#arguments = engineArguments;
    this.#connection = api.connect(engineArguments);
  }

  get pending(): number {
    return this.#pending;
  }

  /**
   * Streams `data` into `INSERT … ` (without FORMAT clause). Nothing is stored unless it resolves: when `data`
   * fails, or the bytes are not of the format, no row of it stays. Rejects with EngineError.
   */
  async insert(
    sql: string,
    format: string,
    parameters: Readonly<Record<string, string>>,
    data: AsyncIterable<Uint8Array>,
  ): Promise<InsertResult> {
    if (this.#pending > MAX_WAITING_INSERTS) {
      throw new EngineError(
        `Too many inserts are waiting: ${this.#pending} (limit ${MAX_WAITING_INSERTS}). Retry later.`,
        EngineErrorCode.tooManyQueries,
      );
    }
    this.#pending++;
    const turn = this.#last.then(() => this.#insertNow(sql, format, parameters, data));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#pending--;
    }
  }

  /** Resolves when no insert is running or waiting. */
  async idle(): Promise<void> {
    while (this.#pending > 0) await this.#last;
  }

  close(): void {
    this.#api.closeConnection(this.#connection);
  }

  async #insertNow(
    sql: string,
    format: string,
    parameters: Readonly<Record<string, string>>,
    data: AsyncIterable<Uint8Array>,
  ): Promise<InsertResult> {
    try {
      return await this.#stream(sql, format, parameters, data);
    } catch (error) {
      // The engine keeps a failed insert in its list, with its memory, until the connection does something else.
      this.close();
      this.#connection = this.#api.connect(this.#arguments);
      throw error;
    }
  }

  async #stream(
    sql: string,
    format: string,
    parameters: Readonly<Record<string, string>>,
    data: AsyncIterable<Uint8Array>,
  ): Promise<InsertResult> {
    const api = this.#api;
    const stream = await api.begin(this.#connection, sql, format, parameters);
    try {
      const refused = api.streamError(stream);
      if (refused !== undefined) throw new EngineError(refused);
      try {
        for await (const bytes of gather(data, this.#piece)) {
          // False: the engine has given up on the stream. finish() says why.
          if (!(await api.append(stream, bytes))) break;
        }
      } catch (error) {
        await api.cancel(stream);
        throw error;
      }
      return this.#result(await api.finish(stream));
    } finally {
      api.destroy(stream);
    }
  }

  #result(result: Pointer): InsertResult {
    const api = this.#api;
    try {
      const failure = api.resultError(result);
      if (failure !== undefined) throw new EngineError(failure);
      return { rowsWritten: api.resultRowsWritten(result), bytesWritten: api.resultBytesWritten(result) };
    } finally {
      api.destroyResult(result);
    }
  }
}

/** Fills `piece` again and again: what it yields is to be used before the next is asked for. */
async function* gather(
  data: AsyncIterable<Uint8Array>,
  piece: Uint8Array,
): AsyncGenerator<Uint8Array, void, undefined> {
  let held = 0;
  for await (const bytes of data) {
    for (let from = 0; from < bytes.byteLength; ) {
      const part = bytes.subarray(from, from + piece.byteLength - held);
      piece.set(part, held);
      held += part.byteLength;
      from += part.byteLength;
      if (held < piece.byteLength) continue;
      yield piece;
      held = 0;
    }
  }
  if (held > 0) yield piece.subarray(0, held);
}

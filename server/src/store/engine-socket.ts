/**
 * Queries and inserts on the embedded engine's socket, without the ClickHouse client. A query goes in one piece, where the client
 * pipes it through two streams: of a statement that asks for nothing that is half of our CPU and a third of its time
 * (docs/internals/read-path.md). Of an insert this knows when each piece of it was sent, so that its memory can be used again.
 */
import { Agent, type ClientRequest, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { parseError } from '@clickhouse/client';
import type { StoreParameters, StoreSettings } from './store-client.ts';

export interface SocketStatement {
  /** With its FORMAT clause; of an insert without its data. */
  readonly sql: string;
  readonly queryId: string;
  readonly parameters: StoreParameters | undefined;
  readonly settings: StoreSettings;
  readonly signal: AbortSignal;
}

/** An idle connection is closed after this long: before the engine, which waits for a minute, closes it. */
const IDLE_MS = 10_000;

export class EngineSocket {
  readonly #agent: Agent;
  readonly #socketPath: string;
  readonly #database: string | undefined;
  readonly #timeoutMs: number;

  /** @param timeoutMs a fallback far above what queries are allowed by their own limits */
  constructor(socketPath: string, database: string | undefined, maxConnections: number, timeoutMs: number) {
    this.#agent = new Agent({ keepAlive: true, maxSockets: maxConnections, timeout: IDLE_MS });
    this.#socketPath = socketPath;
    this.#database = database;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * The answer as it begins to come. Leaving it (`destroy()`) ends the query in the engine.
   * @throws ClickHouseError; Node's error of a connection that is not made or breaks; the signal's reason.
   */
  async send(query: SocketStatement): Promise<IncomingMessage> {
    const response = await this.#answer(query);
    if (response.statusCode === 200) return response;
    throw parseError((await readAll(response)).toString('utf8'));
  }

  /** The whole answer; what has been begun when the signal fires is left. */
  async sendForAll(query: SocketStatement): Promise<Buffer> {
    const response = await this.send(query);
    const onAbort = () => response.destroy();
    query.signal.addEventListener('abort', onAbort, { once: true });
    try {
      query.signal.throwIfAborted();
      return await readAll(response);
    } finally {
      query.signal.removeEventListener('abort', onAbort);
    }
  }

  /**
   * Sends `pieces` as the data of `query`, an INSERT, and waits for its answer.
   * @param onSent the socket does not read the piece any more; not called for what a broken connection may still hold
   * @throws as `send`, and what `pieces` throws: nothing is stored then.
   */
  async insert(
    query: SocketStatement,
    pieces: AsyncIterable<Uint8Array>,
    onSent: (piece: Uint8Array) => void,
  ): Promise<void> {
    query.signal.throwIfAborted();
    const search = this.#searchOf(query);
    search.append('query', query.sql);
    const { call, answer } = this.#call(query.signal, search, { 'content-type': 'application/octet-stream' });
    let isOver = false;
    let wake = () => {};
    const end = () => {
      isOver = true;
      wake();
    };
    answer.then(end, end);
    call.on('drain', () => wake());
    try {
      for await (const piece of pieces) {
        // The engine has refused it, or is gone.
        if (isOver) break;
        const isTaken = call.write(piece, (error) => {
          if (!error) onSent(piece);
        });
        if (isTaken || isOver) continue;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      call.end();
      const response = await answer;
      const text = await readAll(response);
      if (response.statusCode !== 200) throw parseError(text.toString('utf8'));
    } catch (error) {
      call.destroy();
      throw error;
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  #answer(query: SocketStatement): Promise<IncomingMessage> {
    const { sql, signal } = query;
    if (signal.aborted) return Promise.reject(signal.reason);
    const headers = { 'content-type': 'text/plain', 'content-length': Buffer.byteLength(sql) };
    const { call, answer } = this.#call(signal, this.#searchOf(query), headers);
    call.end(sql);
    return answer;
  }

  #call(
    signal: AbortSignal,
    search: URLSearchParams,
    headers: OutgoingHttpHeaders,
  ): { readonly call: ClientRequest; readonly answer: Promise<IncomingMessage> } {
    const path = `/?${search}`;
    const call = request({ agent: this.#agent, socketPath: this.#socketPath, method: 'POST', path, headers });
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      const onAbort = () => {
        call.destroy();
        reject(signal.reason);
      };
      call.setTimeout(this.#timeoutMs, () => call.destroy(new Error('Timeout error.')));
      call.on('error', reject);
      call.on('response', (response) => {
        signal.removeEventListener('abort', onAbort);
        resolve(response);
      });
      call.on('close', () => signal.removeEventListener('abort', onAbort));
      signal.addEventListener('abort', onAbort, { once: true });
    });
    return { call, answer };
  }

  #searchOf({ queryId, parameters = {}, settings }: SocketStatement): URLSearchParams {
    const search = new URLSearchParams({ query_id: queryId });
    for (const [name, value] of Object.entries(parameters)) search.append(`param_${name}`, parameterText(value));
    for (const [name, value] of Object.entries(settings)) search.append(name, settingText(value));
    if (this.#database !== undefined) search.append('database', this.#database);
    return search;
  }
}

function settingText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

/**
 * As ClickHouse reads parameters: texts with the escapes of its tab-separated format, and quoted where they are elements.
 * @throws TypeError for what no statement binds.
 */
export function parameterText(value: unknown, isElement = false): string {
  switch (typeof value) {
    case 'string':
      return isElement ? `'${escaped(value)}'` : escaped(value);
    case 'number':
      // Infinity is inf for ClickHouse, and so on.
      return String(value)
        .slice(0, Number.isFinite(value) ? undefined : value < 0 ? 4 : 3)
        .toLowerCase();
    case 'bigint':
      return String(value);
    case 'boolean':
      return isElement ? String(value).toUpperCase() : settingText(value);
    default:
      if (Array.isArray(value)) return `[${value.map((one) => parameterText(one, true)).join(',')}]`;
      throw new TypeError(`a parameter of type ${typeof value}: bind texts, numbers, truth values, or lists of them.`);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', "'": "\\'" };

function escaped(text: string): string {
  return text.replace(/[\\\t\n\r']/g, (character) => ESCAPES[character] ?? character);
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

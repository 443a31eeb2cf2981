/** The bytes of a SELECT … FORMAT Native as they come. */
import type { IncomingMessage } from 'node:http';
import type { QueryDeadline } from './query-deadline.ts';
import type { StoreNativeResult, StoreNativeSummary } from './store-client.ts';
import { isNetworkError, StoreAnswerBrokenError } from './store-error.ts';

export class NativeResult implements StoreNativeResult {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly #stream: IncomingMessage;

  constructor(stream: IncomingMessage, deadline: QueryDeadline, kill: () => void) {
    this.#stream = stream;
    this.chunks = readChunks(stream, deadline, kill);
  }

  summary(): StoreNativeSummary {
    const { headers, trailers } = this.#stream;
    const last = trailers['x-clickhouse-summary'];
    const text = last ?? headers['x-clickhouse-summary'];
    const summary = JSON.parse(typeof text === 'string' ? text : '{}') as Partial<Record<string, string>>;
    const elapsedMs = Number(summary.elapsed_ns ?? 0) / 1e6;
    const { read_rows: rows, read_bytes: bytes } = summary;
    // What a header says was known when the answer began: some part of what was read, and nobody knows which.
    if (last === undefined || rows === undefined || bytes === undefined) return { elapsedMs };
    return { rowsRead: Number(rows), bytesRead: Number(bytes), elapsedMs };
  }
}

async function* readChunks(
  stream: IncomingMessage,
  deadline: QueryDeadline,
  kill: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const onAbort = () => stream.destroy();
  deadline.signal.addEventListener('abort', onAbort, { once: true });
  if (deadline.signal.aborted) stream.destroy();
  let complete = false;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) yield chunk;
    complete = stream.complete;
    if (!complete) throw deadline.explain(new StoreAnswerBrokenError(undefined));
  } catch (error) {
    throw deadline.explain(isNetworkError(error) ? new StoreAnswerBrokenError(error) : error);
  } finally {
    deadline.signal.removeEventListener('abort', onAbort);
    deadline.clear();
    if (!complete) kill();
    stream.destroy();
  }
}

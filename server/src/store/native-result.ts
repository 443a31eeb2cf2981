/** The bytes of a SELECT … FORMAT Native as they come. */
import type { IncomingMessage } from 'node:http';
import type { QueryDeadline } from './query-deadline.ts';
import type { StoreNativeResult, StoreSummary } from './store-client.ts';
import { isNetworkError, StoreAnswerBrokenError } from './store-error.ts';

export class NativeResult implements StoreNativeResult {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly #stream: IncomingMessage;

  constructor(stream: IncomingMessage, deadline: QueryDeadline, kill: () => void) {
    this.#stream = stream;
    this.chunks = readChunks(stream, deadline, kill);
  }

  summary(): StoreSummary {
    const { headers, trailers } = this.#stream;
    const text = trailers['x-clickhouse-summary'] ?? headers['x-clickhouse-summary'];
    const summary = JSON.parse(typeof text === 'string' ? text : '{}') as Partial<Record<string, string>>;
    return {
      rowsRead: Number(summary.read_rows ?? 0),
      bytesRead: Number(summary.read_bytes ?? 0),
      elapsedMs: Number(summary.elapsed_ns ?? 0) / 1e6,
    };
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

/** A query's result on its way into an HTTP response: small ones whole, large ones as they come. */
import type { ServerResponse } from 'node:http';
import { httpStatusOf, toEngineError } from './engine-error.ts';
import { SUMMARY_HEADER_BYTES } from './engine-limits.ts';
import type { QueryReceiver } from './query-pool.ts';

/** Numbers as strings, as ClickHouse writes them. Source: X-ClickHouse-Summary in clickhouse.com/docs/interfaces/http. */
export interface Summary {
  /** Absent: the engine does not tell. */
  readonly read_rows?: string;
  readonly read_bytes?: string;
  readonly written_rows: string;
  readonly written_bytes: string;
  readonly result_rows: string;
  readonly result_bytes: string;
  readonly elapsed_ns: string;
}

export class QueryResponse implements QueryReceiver {
  readonly #response: ServerResponse;
  readonly #head: Readonly<Record<string, string>>;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #resultRows = 0;
  #resultBytes = 0;
  #owed: (() => void)[] = [];

  constructor(response: ServerResponse, queryId: string, format: string) {
    this.#response = response;
    this.#head = {
      'Content-Type': contentTypeOf(format),
      'X-ClickHouse-Format': format,
      'X-ClickHouse-Query-Id': queryId,
      'X-ClickHouse-Server-Display-Name': 'clew-engine',
    };
    response.on('drain', () => {
      const owed = this.#owed;
      this.#owed = [];
      for (const more of owed) more();
    });
  }

  chunk(bytes: Uint8Array, rows: number, more: () => void): void {
    this.#resultRows += rows;
    this.#resultBytes += bytes.byteLength;
    if (!this.#response.headersSent) {
      this.#held.push(bytes);
      this.#heldBytes += bytes.byteLength;
      if (this.#heldBytes <= SUMMARY_HEADER_BYTES) {
        more();
        return;
      }
      this.#response.writeHead(200, { ...this.#head, Trailer: 'X-ClickHouse-Summary' });
      bytes = Buffer.concat(this.#held);
      this.#held = [];
    }
    if (this.#response.write(bytes)) more();
    else this.#owed.push(more);
  }

  end(elapsedNano: number): void {
    const tail = this.#held.at(-1);
    const summary = JSON.stringify({
      ...readStatistics(tail),
      written_rows: '0',
      written_bytes: '0',
      result_rows: String(this.#resultRows),
      result_bytes: String(this.#resultBytes),
      elapsed_ns: String(Math.round(elapsedNano)),
    } satisfies Summary);
    if (this.#response.headersSent) {
      this.#response.addTrailers({ 'X-ClickHouse-Summary': summary });
      this.#response.end();
      return;
    }
    this.#response.writeHead(200, {
      ...this.#head,
      'Content-Length': String(this.#heldBytes),
      'X-ClickHouse-Summary': summary,
    });
    this.#response.end(this.#held.length === 1 ? tail : Buffer.concat(this.#held));
  }

  /** After the first byte there is no way to say more than that the answer is broken: the connection goes. */
  fail(error: unknown): void {
    failResponse(this.#response, error);
  }
}

export function failResponse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message } = toEngineError(error);
  const body = Buffer.from(`${message}\n`);
  response.writeHead(httpStatusOf(code), {
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Length': String(body.byteLength),
    'X-ClickHouse-Exception-Code': String(code),
    // A body that has not been read to its end would be taken for the next request.
    ...(response.req.complete ? {} : { Connection: 'close' }),
  });
  response.end(body);
}

const STATISTICS_TAIL_BYTES = 512;

/**
 * What was read from tables. The engine's streaming interface does not report it; the documents of the JSON family
 * carry it in their `statistics`.
 */
function readStatistics(tail: Uint8Array | undefined): Pick<Summary, 'read_rows' | 'read_bytes'> {
  const text = tail === undefined ? '' : Buffer.from(tail.subarray(-STATISTICS_TAIL_BYTES)).toString('latin1');
  const found = /"rows_read":\s*(\d+),\s*"bytes_read":\s*(\d+)\s*\}\s*\}\s*$/.exec(text);
  return found === null ? {} : { read_rows: found[1], read_bytes: found[2] };
}

function contentTypeOf(format: string): string {
  if (format.startsWith('JSON')) return 'application/json; charset=UTF-8';
  if (format.startsWith('CSV')) return 'text/csv; charset=UTF-8';
  if (format.startsWith('TSV') || format.startsWith('TabSeparated')) return 'text/tab-separated-values; charset=UTF-8';
  return 'application/octet-stream';
}

/** Spans over which a query can take seconds, and a look at whether it still runs in the engine. */
import { createStoreClient, type StoreClient, type StoreQueryOptions } from '../server/src/store/client.ts';
import type { ClewProcess } from './clew-process.ts';

/** Seconds of work that finds nothing. */
const PATTERNS = Array.from({ length: 120 }, (_, i) => `span.url.full =~ ".*([0-9]{3})+x${i}.*"`);
export const HEAVY_QUERY = `{ ${PATTERNS.join(' || ')} }`;

/** A client of the program's own engine, over its socket. */
export function connectToEngine(clew: ClewProcess): StoreClient {
  const socketPath = clew.log.map((record) => record.socketPath).find((path) => typeof path === 'string');
  if (typeof socketPath !== 'string') throw new Error('the program did not log the socket of its engine.');
  return createStoreClient({ socketPath });
}

/** Stores traces of one span with a long `url.full`, started in the 200 seconds up to `nowSeconds`. */
export async function storeHeavySpans(
  engine: StoreClient,
  count: number,
  nowSeconds: number,
  settings: StoreQueryOptions['settings'],
): Promise<void> {
  await engine.command(
    `INSERT INTO clew.spans (tenant, retention_days, day, trace_id, span_id, service, name, start, duration, url_full)
     SELECT 'default', 0, toDate(${nowSeconds}), toFixedString(unhex(leftPad(hex(number + 1), 32, '0')), 16),
       toFixedString(unhex(leftPad(hex(number + 1), 16, '0')), 8), 'shop', 'work',
       fromUnixTimestamp64Nano((${nowSeconds} - number % 200) * 1000000000), 1000, repeat(toString(cityHash64(number)), 40)
     FROM numbers(${count})`,
    {},
    { timeoutMs: 60_000, settings: { max_block_size: 8192, max_threads: 1, ...settings } },
  );
  await engine.command(
    "INSERT INTO clew.attribute_keys (tenant, scope, key, type, day) VALUES ('default', 'span', 'url.full', 1, today())",
  );
}

/** Statements of HEAVY_QUERY that run in the engine. */
export async function heavyStatements(engine: StoreClient): Promise<number> {
  const { rows } = await engine.selectJson<{ count: string }>(
    `SELECT toString(count()) AS count FROM system.processes
     WHERE position(query, 'url_full') > 0 AND position(query, 'system.processes') = 0`,
  );
  return Number(rows[0].count);
}

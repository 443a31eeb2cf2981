/** What the engine says about what it holds, over its own socket. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

export interface StoreFigures {
  readonly rows: number;
  /** Different (trace id, span id) pairs. */
  readonly uniqueSpans: number;
}

export interface DiskFigures {
  /** Compressed columns, indexes and marks of all tables that hold what was sent. */
  readonly bytes: number;
  /** Active parts of the table of spans. */
  readonly spanParts: number;
}

const QUERY_TIMEOUT_MS = 120_000;
const QUIET_POLL_MS = 400;
/** No merge and no change of parts for this long counts as quiet. */
const QUIET_MS = 3_000;

/** Spans counted at a time, so that their ids fit into the memory of a statement. */
const COUNTED_SPANS = 1_000_000;

export async function countSpans({ client, spans }: Target): Promise<StoreFigures> {
  const all = await client.selectJson<{ rows: string }>(`SELECT count() AS rows FROM ${spans.table}`);
  const rows = Number(all.rows[0].rows);
  const slices = Math.ceil(rows / COUNTED_SPANS);
  let uniqueSpans = 0;
  // A span and its double have one hash.
  for (let slice = 0; slice < slices; slice++) {
    const counted = await client.selectJson<{ spans: string }>(
      `SELECT uniqExact(${spans.spanId}, ${spans.traceId}) AS spans FROM ${spans.table}
        WHERE cityHash64(${spans.spanId}) % ${slices} = ${slice}`,
      {},
      { timeoutMs: QUERY_TIMEOUT_MS },
    );
    uniqueSpans += Number(counted.rows[0].spans);
  }
  return { rows, uniqueSpans };
}

/** Undefined where there are no tenants. */
export async function countSpansByTenant(target: Target): Promise<ReadonlyMap<string, number> | undefined> {
  const { client, spans, tenantColumn } = target;
  if (tenantColumn === undefined) return undefined;
  const sql = `SELECT ${tenantColumn} AS tenant, count() AS rows FROM ${spans.table} GROUP BY tenant`;
  const { rows } = await client.selectJson<{ tenant: string; rows: string }>(sql);
  return new Map(rows.map((row) => [row.tenant, Number(row.rows)]));
}

/** @throws Error when the store does not hold exactly what was acknowledged. */
export async function verifyStored(target: Target, acknowledged: number): Promise<void> {
  const { rows, uniqueSpans } = await countSpans(target);
  if (rows === acknowledged && uniqueSpans === acknowledged) return;
  throw new Error(
    `${target.name} LOST OR DOUBLED SPANS: ${acknowledged} acknowledged, ${rows} stored, ${uniqueSpans} of them different.`,
  );
}

export async function readDiskFigures({ client, spans, tablesCondition }: Target): Promise<DiskFigures> {
  const sql = `SELECT sum(bytes_on_disk) AS bytes, countIf(concat(database, '.', table) = '${spans.table}') AS spanParts
    FROM system.parts WHERE active AND ${tablesCondition}`;
  const { rows } = await client.selectJson<{ bytes: string; spanParts: string }>(sql);
  return { bytes: Number(rows[0].bytes), spanParts: Number(rows[0].spanParts) };
}

/** Compressed bytes of every column and of every skipping index, most first. */
export async function readColumnBytes({ client, tablesCondition }: Target): Promise<(readonly [string, number])[]> {
  const sql = `SELECT concat(table, '.', name) AS name, sum(bytes) AS bytes FROM (
      SELECT table, name, data_compressed_bytes + marks_bytes AS bytes FROM system.columns WHERE ${tablesCondition}
      UNION ALL
      SELECT table, concat('index ', name), data_compressed_bytes + marks_bytes FROM system.data_skipping_indices
        WHERE ${tablesCondition}
    ) GROUP BY name HAVING bytes > 0 ORDER BY bytes DESC`;
  const { rows } = await client.selectJson<{ name: string; bytes: string }>(sql);
  return rows.map(({ name, bytes }) => [name, Number(bytes)]);
}

/**
 * Waits until nothing merges. Returns what `read` returned when it became quiet, so that the waiting itself is not
 * counted.
 */
export async function mergesQuiet<T>(target: Target, deadlineMs: number, read: () => T): Promise<T> {
  const sql = `SELECT (SELECT count() FROM system.merges) AS merges,
    (SELECT groupArray(name) FROM (SELECT concat(table, name) AS name FROM system.parts
      WHERE active AND ${target.tablesCondition} ORDER BY name)) AS parts`;
  let lastParts: string | undefined;
  let quietSinceMs = performance.now();
  let figures = read();
  for (;;) {
    const { rows } = await target.client.selectJson<{ merges: string; parts: readonly string[] }>(sql);
    const [{ merges, parts }] = rows;
    const nowMs = performance.now();
    if (Number(merges) > 0 || parts.join() !== lastParts) {
      lastParts = parts.join();
      quietSinceMs = nowMs;
      figures = read();
    } else if (nowMs - quietSinceMs >= QUIET_MS) {
      return figures;
    }
    if (nowMs > deadlineMs) throw new Error(`${target.name}: merges did not become quiet in time.`);
    await sleep(QUIET_POLL_MS);
  }
}

/** Merges every partition to one part: what is left to be done after the inserts, at once. */
export async function mergeToOnePart({ client, mergeTables }: Target): Promise<void> {
  for (const table of mergeTables) {
    await client.command(`OPTIMIZE TABLE ${table} FINAL`, {}, { timeoutMs: QUERY_TIMEOUT_MS });
  }
}

/** The statements that throw data away, all of them here. Each may be repeated, by several Clews at once. */
import type { StoreClient } from '../store-client.ts';
import type { CatalogueWeek, Partition } from './partition.ts';
import type { StoreTables } from './store-tables.ts';

const TIMEOUT_MS = 120_000;
/** An operator's guard against dropping by hand what is large (50 GB); a day of spans may well be larger. */
const SETTINGS = { max_partition_size_to_drop: 0, max_table_size_to_drop: 0 } as const;

/** Spans first: trace_times without spans are found by nobody, spans without trace_times cannot be opened by id. */
export async function dropPartition(
  client: StoreClient,
  database: string,
  tables: StoreTables,
  partition: Partition,
): Promise<void> {
  for (const table of [tables.spans, tables.traceTimes, tables.spanMinutes])
    await drop(client, database, table, partition.id);
}

export function dropCatalogueWeek(client: StoreClient, database: string, week: CatalogueWeek): Promise<void> {
  return drop(client, database, week.table, week.id);
}

function drop(client: StoreClient, database: string, table: string, partitionId: string): Promise<void> {
  if (!/^[\d-]+$/.test(partitionId)) throw new Error(`Not a partition of Clew: ${JSON.stringify(partitionId)}.`);
  const sql = `ALTER TABLE ${database}.${table} DROP PARTITION ID '${partitionId}'`;
  return client.command(sql, undefined, { timeoutMs: TIMEOUT_MS, settings: SETTINGS });
}

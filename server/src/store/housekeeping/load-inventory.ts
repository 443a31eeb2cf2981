/** What one ClickHouse node holds of Clew, and how it is doing, from its system tables. */
import type { StoreClient } from '../store-client.ts';
import { type CatalogueWeek, type Partition, tryParseDay, tryParsePartitionId } from './partition.ts';
import type { StoreTables } from './store-tables.ts';

export interface TableSize {
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  /** Active parts. */
  readonly parts: number;
}

export interface Inventory {
  readonly partitions: readonly Partition[];
  readonly catalogueWeeks: readonly CatalogueWeek[];
  readonly tables: readonly TableSize[];
  /** Of parts that are dropped or merged and not deleted yet. */
  readonly pendingBytes: number;
  /** The partition with the most active parts: inserts slow down and fail when there are too many. */
  readonly fullestPartition: { readonly table: string; readonly id: string; readonly parts: number } | undefined;
  readonly partsToDelay: number;
  readonly partsToThrow: number;
  readonly merges: { readonly running: number; readonly bytes: number; readonly longestSeconds: number };
  readonly mutations: { readonly waiting: number; readonly failing: number; readonly reason: string };
  readonly detached: { readonly parts: number; readonly bytes: number };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  readonly nowUnixMs: number;
}

/** System tables answer in milliseconds; a node that takes this long has other troubles. */
const TIMEOUT_MS = 20_000;
const SETTINGS = { output_format_json_quote_64bit_integers: 0 } as const;

/** @throws the store's error when the node does not answer. */
export async function loadInventory(client: StoreClient, database: string, tables: StoreTables): Promise<Inventory> {
  const select = async <T>(sql: string): Promise<readonly T[]> =>
    (await client.selectJson<T>(sql, { database }, { timeoutMs: TIMEOUT_MS, settings: SETTINGS })).rows;
  const one = async <T>(sql: string): Promise<T> => (await select<T>(sql))[0];

  const parts = await select<PartitionRow>(PARTITIONS_SQL);
  const rest = await one<OtherRow>(OTHER_SQL);
  const limits = await select<{ name: string; value: string }>(PART_LIMITS_SQL);
  const limit = (name: string) => Number(limits.find((row) => row.name === name)?.value ?? 0);
  const active = parts.filter((row) => row.parts > 0);
  const fullest = active.toSorted((a, b) => b.parts - a.parts)[0];
  return {
    partitions: spanPartitions(active, tables),
    catalogueWeeks: catalogueWeeks(active, tables),
    tables: tableSizes(active),
    pendingBytes: parts.reduce((sum, row) => sum + row.pendingBytes, 0),
    fullestPartition: fullest && { table: fullest.tableName, id: fullest.id, parts: fullest.parts },
    partsToDelay: limit('parts_to_delay_insert'),
    partsToThrow: limit('parts_to_throw_insert'),
    merges: { running: rest.merges, bytes: rest.mergeBytes, longestSeconds: rest.mergeSeconds },
    mutations: { waiting: rest.mutations, failing: rest.failingMutations, reason: rest.failReason },
    detached: { parts: rest.detachedParts, bytes: rest.detachedBytes },
    disk: { freeBytes: rest.freeBytes, totalBytes: rest.totalBytes },
    nowUnixMs: rest.nowUnixMs,
  };
}

interface PartitionRow {
  readonly tableName: string;
  readonly id: string;
  readonly parts: number;
  readonly rowCount: number;
  readonly bytes: number;
  readonly pendingBytes: number;
}

const PARTITIONS_SQL = `SELECT table AS tableName, partition_id AS id, countIf(active) AS parts,
  sumIf(rows, active) AS rowCount, sumIf(bytes_on_disk, active) AS bytes,
  sumIf(bytes_on_disk, NOT active) AS pendingBytes
FROM system.parts WHERE database = {database:String} GROUP BY tableName, id`;

interface OtherRow {
  readonly merges: number;
  readonly mergeBytes: number;
  readonly mergeSeconds: number;
  readonly mutations: number;
  readonly failingMutations: number;
  readonly failReason: string;
  readonly detachedParts: number;
  readonly detachedBytes: number;
  readonly freeBytes: number;
  readonly totalBytes: number;
  readonly nowUnixMs: number;
}

const OURS = 'WHERE database = {database:String}';

/**
 * Each table of the system once: planning is what the statement costs. Disks that hold nothing of ours say nothing about
 * our space; before the first insert all are asked.
 */
const OTHER_SQL = `WITH (SELECT groupUniqArray(disk_name) FROM system.parts ${OURS}) AS our_disks
SELECT *, toUnixTimestamp64Milli(now64(3)) AS nowUnixMs FROM
  (SELECT count() AS merges, sum(total_size_bytes_compressed) AS mergeBytes, max(elapsed) AS mergeSeconds
    FROM system.merges ${OURS}) AS running,
  (SELECT countIf(NOT is_done) AS mutations, countIf(NOT is_done AND latest_fail_reason != '') AS failingMutations,
    anyIf(latest_fail_reason, NOT is_done) AS failReason FROM system.mutations ${OURS}) AS mutating,
  (SELECT count() AS detachedParts, sum(bytes_on_disk) AS detachedBytes FROM system.detached_parts ${OURS}) AS detached,
  (SELECT sum(free_space) AS freeBytes, sum(total_space) AS totalBytes FROM system.disks
    WHERE empty(our_disks) OR has(our_disks, name)) AS disks`;

const PART_LIMITS_SQL =
  "SELECT name, value FROM system.merge_tree_settings WHERE name IN ('parts_to_delay_insert', 'parts_to_throw_insert')";

function spanPartitions(
  rows: readonly PartitionRow[],
  { spans, traceTimes, spanMinutes }: StoreTables,
): readonly Partition[] {
  const found = new Map<string, Partition>();
  for (const { tableName, id, rowCount, bytes } of rows) {
    if (![spans, traceTimes, spanMinutes].includes(tableName)) continue;
    const parsed = tryParsePartitionId(id);
    if (parsed === undefined) continue;
    const before = found.get(id);
    found.set(id, {
      id,
      ...parsed,
      spans: (before?.spans ?? 0) + (tableName === spans ? rowCount : 0),
      bytes: (before?.bytes ?? 0) + bytes,
    });
  }
  return [...found.values()];
}

function catalogueWeeks(rows: readonly PartitionRow[], { catalogue }: StoreTables): readonly CatalogueWeek[] {
  return rows.flatMap(({ tableName, id, bytes }) => {
    const monday = catalogue.includes(tableName) ? tryParseDay(id) : undefined;
    return monday === undefined ? [] : [{ table: tableName, id, monday, bytes }];
  });
}

function tableSizes(rows: readonly PartitionRow[]): readonly TableSize[] {
  const sizes = new Map<string, TableSize>();
  for (const { tableName, rowCount, bytes, parts } of rows) {
    const before = sizes.get(tableName);
    sizes.set(tableName, {
      table: tableName,
      rows: (before?.rows ?? 0) + rowCount,
      bytes: (before?.bytes ?? 0) + bytes,
      parts: (before?.parts ?? 0) + parts,
    });
  }
  return [...sizes.values()].sort((a, b) => (a.table < b.table ? -1 : 1));
}

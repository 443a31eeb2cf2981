/**
 * Which traces a node may have, as it was written down before it got any. When a cluster has grown, traces from before
 * are where they were: they must then be looked for on every shard.
 */
import type { StoreClient } from '../store-client.ts';

const TABLE = 'shard_placements';

/** Writes down that the node now gets the traces of `placement`. Repeatable. */
export async function notePlacement(client: StoreClient, database: string, placement: string): Promise<void> {
  await client.command(`CREATE TABLE IF NOT EXISTS ${database}.${TABLE}
(
    placement String,
    since DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY placement
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`);
  await client.command(
    `INSERT INTO ${database}.${TABLE} (placement) SELECT {placement:String} AS added
     WHERE added NOT IN (SELECT placement FROM ${database}.${TABLE})`,
    { placement },
  );
}

/** Whether the node has only ever got the traces of `placement`. */
export async function isOnlyPlacement(
  client: StoreClient,
  database: string,
  placement: string,
  timeoutMs: number,
): Promise<boolean> {
  const { rows } = await client.selectJson<object>(
    `SELECT 1 AS other FROM ${database}.${TABLE} WHERE placement != {placement:String} LIMIT 1`,
    { placement },
    { timeoutMs },
  );
  return rows.length === 0;
}

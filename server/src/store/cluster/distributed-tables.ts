/**
 * Tables to read from: a database beside the one with the rows, with a Distributed table of the same name for each.
 * So every statement of the reader is the same in a cluster; only the database of its connection is another.
 */
import { ClickHouseError } from '@clickhouse/client';
import type { StoreClient } from '../store-client.ts';
import { SHARDING_KEY_SQL } from './trace-shards.ts';

/** Answers one row from each shard. */
export const SHARDS_TABLE = 'answering_shards';

export function distributedDatabase(database: string): string {
  return `${database}_distributed`;
}

interface TableRow {
  readonly name: string;
  readonly wanted: string;
  readonly present: string;
  readonly engine: string;
  readonly hasTraceId: number;
}

/** Creates the tables, and creates those anew whose columns are no longer those of the rows. Repeatable. */
export async function ensureDistributedTables(client: StoreClient, cluster: string, database: string): Promise<void> {
  const distributed = distributedDatabase(database);
  await client.command(`CREATE DATABASE IF NOT EXISTS ${distributed}`);
  const { rows } = await client.selectJson<TableRow>(
    `SELECT own.table AS name, own.columns AS wanted, other.columns AS present, other.engine AS engine,
       own.hasTraceId AS hasTraceId
     FROM (${columnsOf('database')}) AS own
     LEFT JOIN (${columnsOf('distributed')}) AS other ON own.table = other.table
     WHERE own.table IN (SELECT name FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree')`,
    { database, distributed },
  );
  for (const { name, wanted, present, engine, hasTraceId } of rows) {
    const expected = engineOf(cluster, database, name, hasTraceId === 1);
    if (wanted !== present || engine !== expected)
      await replaceTable(client, `${distributed}.${name}`, `${database}.${name}`, expected);
  }
  await client.command(
    `CREATE TABLE IF NOT EXISTS ${distributed}.${SHARDS_TABLE} (dummy UInt8) ENGINE = Distributed('${cluster}', 'system', 'one')`,
  );
}

function columnsOf(parameter: string): string {
  return `SELECT table, arrayStringConcat(groupArray(name || ' ' || type), ', ') AS columns,
      has(groupArray(name), 'trace_id') AS hasTraceId, any(tables.engine_full) AS engine
    FROM (SELECT table, name, type FROM system.columns WHERE database = {${parameter}:String} ORDER BY table, position) AS listed
    LEFT JOIN (SELECT name AS table, engine_full FROM system.tables WHERE database = {${parameter}:String}) AS tables
      USING (table)
    GROUP BY table`;
}

function engineOf(cluster: string, database: string, table: string, hasTraceId: boolean): string {
  return `Distributed('${cluster}', '${database}', '${table}'${hasTraceId ? `, ${SHARDING_KEY_SQL}` : ''})`;
}

/** In one step for readers. Of several Clews that do it at once one may be told that another was faster. */
async function replaceTable(client: StoreClient, name: string, rows: string, engine: string): Promise<void> {
  try {
    await client.command(`CREATE OR REPLACE TABLE ${name} AS ${rows} ENGINE = ${engine}`);
  } catch (error) {
    const TABLE_ALREADY_EXISTS = '57';
    if (!(error instanceof ClickHouseError && error.code === TABLE_ALREADY_EXISTS)) throw error;
  }
}

import { ClusterError } from './cluster-layout.ts';

/**
 * Inserts remembered, per table, to drop repetitions. A receiver that dies between an insert and its answer repeats
 * it when it is back; until then the others have inserted. See docs/operating/scale.md.
 */
const DEDUPLICATION_WINDOW = 10_000;
const DEDUPLICATION_WINDOW_SECONDS = 7 * 86_400;

const CREATE_TABLE = /CREATE TABLE IF NOT EXISTS \{database\}\.(\w+)/;
const ENGINE = /ENGINE = (\w*)MergeTree(?!\w)(?:\(([^)]*)\))?/;
const WINDOW = /\bnon_replicated_deduplication_window = \d+/;

/** A statement of the schema for a table that is one of several Clews' and, with a Keeper, one of several replicas. */
export function clusterStatement(statement: string, cluster: string, isReplicated: boolean): string {
  if (!isReplicated) {
    return statement.replace(WINDOW, `non_replicated_deduplication_window = ${DEDUPLICATION_WINDOW}`);
  }
  const table = CREATE_TABLE.exec(statement)?.[1];
  const engine = ENGINE.exec(statement);
  if (table === undefined || engine === null) return statement;
  const [text, kind, parameters] = engine;
  // {shard} and {replica} are macros of the server; {database} is replaced like everywhere in the schema.
  const path = `'/clickhouse/clew/${cluster}/{shard}/{database}/${table}'`;
  const more = parameters ? `, ${parameters}` : '';
  return statement
    .replace(text, `ENGINE = Replicated${kind}MergeTree(${path}, '{replica}'${more})`)
    .replace(
      WINDOW,
      `replicated_deduplication_window = ${DEDUPLICATION_WINDOW}, ` +
        `replicated_deduplication_window_seconds = ${DEDUPLICATION_WINDOW_SECONDS}`,
    );
}

/** Macros of the server that a replicated table's path is made of. */
export const REPLICATION_MACROS = ['shard', 'replica'] as const;

/** A shard with several replicas, on a node without something that would keep them equal. */
export function replicasDriftError(node: string, replicas: number, lack: string): ClusterError {
  return new ClusterError(
    `node ${node}: its shard has ${replicas} replicas, and its configuration has ${lack}, so they would not be kept ` +
      'equal. Configure a Keeper (<zookeeper>) and the macros shard and replica on every node, or one replica a shard.',
  );
}

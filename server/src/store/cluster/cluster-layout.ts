/** A ClickHouse cluster as its `remote_servers` describe it, read from `system.clusters` of one of its nodes. */
import type { StoreClient } from '../store-client.ts';
import { slotsOf } from './trace-shards.ts';

export interface ClusterReplica {
  /** As the nodes know each other: host name and port of the native protocol. */
  readonly address: string;
  readonly host: string;
}

export interface ClusterShard {
  /** Share of the traces it gets. */
  readonly weight: number;
  readonly replicas: readonly ClusterReplica[];
}

export interface ClusterLayout {
  readonly cluster: string;
  /** By number; ClickHouse counts them from 1. */
  readonly shards: readonly ClusterShard[];
}

/** The cluster is not one that Clew can use, whatever one waits for. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
}

/** Each decode worker has an encoder a shard, and the journal a lane. */
const MAX_SHARDS = 256;
const ASK_TIMEOUT_MS = 3_000;

export interface FoundLayout {
  readonly layout: ClusterLayout;
  /** Address of the node that was asked, where it knows itself. */
  readonly self: string | undefined;
}

interface ClusterRow {
  readonly shard: number;
  readonly weight: number;
  readonly host: string;
  readonly port: number;
  readonly isLocal: number;
}

/** @throws ClusterError when the node knows no such cluster, the client's error when it does not answer. */
export async function loadLayout(client: StoreClient, cluster: string): Promise<FoundLayout> {
  const { rows } = await client.selectJson<ClusterRow>(
    'SELECT shard_num AS shard, shard_weight AS weight, host_name AS host, port, is_local AS isLocal ' +
      'FROM system.clusters WHERE cluster = {cluster:String} ORDER BY shard_num, replica_num',
    { cluster },
    { timeoutMs: ASK_TIMEOUT_MS },
  );
  if (rows.length === 0) throw new ClusterError(await explainUnknown(client, cluster));
  const shards: { weight: number; replicas: ClusterReplica[] }[] = [];
  for (const { shard, weight, host, port } of rows) {
    if (shard > MAX_SHARDS) {
      throw new ClusterError(
        `cluster ${cluster}: has a shard ${shard} (limit ${MAX_SHARDS}). Use fewer, larger shards.`,
      );
    }
    shards[shard - 1] ??= { weight, replicas: [] };
    shards[shard - 1].replicas.push({ host, address: `${host}:${port}` });
  }
  const self = rows.find(({ isLocal }) => isLocal === 1);
  return { layout: { cluster, shards }, self: self && `${self.host}:${self.port}` };
}

async function explainUnknown(client: StoreClient, cluster: string): Promise<string> {
  const { rows } = await client.selectJson<{ name: string }>(
    'SELECT DISTINCT cluster AS name FROM system.clusters ORDER BY name LIMIT 20',
    undefined,
    { timeoutMs: ASK_TIMEOUT_MS },
  );
  const known = rows.length === 0 ? 'none' : rows.map(({ name }) => name).join(', ');
  return (
    `cluster ${cluster}: the ClickHouse server has no such entry in remote_servers (it has: ${known}). ` +
    'Correct --clickhouse-cluster (store.cluster), or the configuration of the server.'
  );
}

/** The shard of each slot of trace ids. */
export function slotsOfLayout({ shards }: ClusterLayout): Uint16Array<ArrayBuffer> {
  return slotsOf(shards.map(({ weight }) => weight));
}

/** Which traces a shard of the layout has, as text: two layouts with equal texts put every trace on the same shard. */
export function placementOf({ shards }: ClusterLayout, shard: number): string {
  return `xxHash32, shard ${shard + 1} of weights ${shards.map(({ weight }) => weight).join(' ')}`;
}

export function isSameLayout(a: ClusterLayout, b: ClusterLayout): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

import type { StageLogger } from '../../telemetry/stage-logger.ts';
import type { OpenedStore } from '../opened-store.ts';
import type { ReadEngine } from '../read/read-engine.ts';
import { Cluster } from './cluster.ts';
import { ClusterReadEngine } from './cluster-read-engine.ts';
import { describeMissing, insertIntoShard, isInShard } from './cluster-target.ts';

export interface OpenClusterOptions {
  readonly cluster: string;
  readonly database: string;
  /** Addresses of nodes, with commas between. */
  readonly clickhouseUrl: string;
  readonly dataDir: string;
  readonly logger: StageLogger;
}

/** A store whose reader is made over `engine`. */
export interface OpenedCluster extends Omit<OpenedStore, 'reader'> {
  readonly engine: ReadEngine;
}

/**
 * The store over a cluster. Resolves when its shards are known: from a node, or from an earlier run.
 * @throws ClusterError when the cluster is none that Clew can use.
 */
export async function openCluster(options: OpenClusterOptions): Promise<OpenedCluster> {
  const { clickhouseUrl, ...rest } = options;
  const cluster = await Cluster.open({ ...rest, urls: clickhouseUrl.split(',') });
  return {
    engine: new ClusterReadEngine(cluster),
    targetOf: (shard) => ({
      insertNative: (table, blocks, insert) => insertIntoShard(cluster, shard, table, blocks, insert),
      containsAny: (spanBlocks) => isInShard(cluster, shard, options.database, spanBlocks),
    }),
    shardSlots: cluster.slots,
    nodes: () => cluster.nodes.map((node) => ({ name: node.name, client: node.local })),
    nodeStates: () => cluster.nodes.map(({ name, shard, isUp }) => ({ name, shard: shard + 1, isUp })),
    ready: cluster.checked,
    engineMemory: async () => 0,
    isUp: () => cluster.missingShards.length === 0,
    async notReadyBecause() {
      const missing = cluster.missingShards;
      // Spans for a shard that is away wait in the journal, which says so itself when it is full.
      if (missing.length < cluster.shardCount) return undefined;
      return missing.map((shard) => describeMissing(cluster, shard)).join('; ');
    },
    close: () => cluster.close(),
  };
}

import type { StageLogger } from '../../telemetry/stage-logger.ts';
import type { OpenedStore } from '../open-store.ts';
import type { ReadLimits } from '../read/read-limits.ts';
import { ClickHouseSpanStore } from '../reader.ts';
import { Cluster } from './cluster.ts';
import { ClusterReadEngine } from './cluster-read-engine.ts';
import { describeMissing, insertIntoShard } from './cluster-target.ts';

export interface OpenClusterOptions {
  readonly cluster: string;
  readonly database: string;
  /** Addresses of nodes, with commas between. */
  readonly clickhouseUrl: string;
  readonly dataDir: string;
  readonly readLimits: Partial<ReadLimits>;
  readonly logger: StageLogger;
}

/**
 * The store over a cluster. Resolves when its shards are known: from a node, or from an earlier run.
 * @throws ClusterError when the cluster is none that Clew can use.
 */
export async function openCluster(options: OpenClusterOptions): Promise<OpenedStore> {
  const { clickhouseUrl, readLimits, ...rest } = options;
  const cluster = await Cluster.open({ ...rest, urls: clickhouseUrl.split(',') });
  return {
    reader: new ClickHouseSpanStore(new ClusterReadEngine(cluster), readLimits),
    targetOf: (shard) => ({
      insertNative: (table, blocks, insert) => insertIntoShard(cluster, shard, table, blocks, insert),
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

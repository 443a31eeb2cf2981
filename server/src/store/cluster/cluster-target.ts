import { isBadBlockError, StoreUnavailableError } from '../store-error.ts';
import { containsAnySpan } from '../stored-check.ts';
import type { Cluster } from './cluster.ts';
import { isNodeAway } from './node-failure.ts';

/**
 * Inserts straight into a shard: into the replica this process prefers, or, when that fails, the next. Replicas share
 * the tokens of what they have, so what an insert that failed half-way has left is not stored twice.
 */
export async function insertIntoShard(
  cluster: Cluster,
  shard: number,
  table: string,
  blocks: readonly Uint8Array[],
  { deduplicationToken, timeoutMs }: { readonly deduplicationToken: string; readonly timeoutMs: number },
): Promise<void> {
  const replicas = cluster.replicasUp(shard);
  let failure: unknown = new StoreUnavailableError(describeMissing(cluster, shard));
  for (const node of replicas) {
    try {
      // Each replica has the time: one that is gone without a word must not use up the next one's.
      const signal = AbortSignal.timeout(timeoutMs);
      return await node.local.insertNative(table, blocks, { deduplicationToken, signal });
    } catch (error) {
      if (isBadBlockError(error)) throw error;
      if (isNodeAway(error)) node.noteFailure(error);
      failure = error;
    }
  }
  throw failure;
}

/** Whether any span of these blocks is in the shard. Replicas may be behind each other: all that are up are asked. */
export async function isInShard(
  cluster: Cluster,
  shard: number,
  database: string,
  spanBlocks: readonly Uint8Array[],
): Promise<boolean> {
  const replicas = cluster.replicasUp(shard);
  if (replicas.length === 0) throw new StoreUnavailableError(describeMissing(cluster, shard));
  const answers = await Promise.all(replicas.map(({ local }) => containsAnySpan(local, database, spanBlocks)));
  return answers.includes(true);
}

/** "shard 2 of 3 does not answer (node b:9000: connect ECONNREFUSED)". */
export function describeMissing(cluster: Cluster, shard: number): string {
  const reasons = cluster.nodes
    .filter((node) => node.shard === shard)
    .map(({ name, problem }) => (problem === undefined ? `node ${name} was up` : `node ${name}: ${problem}`));
  return `shard ${shard + 1} of ${cluster.shardCount} does not answer (${reasons.join('; ')})`;
}

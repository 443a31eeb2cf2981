/**
 * Replicated tables need a Keeper, and libchdb has none: an Apache ZooKeeper that somebody has started stands in.
 * `CLEW_TEST_ZOOKEEPER=127.0.0.1:2181 npx vitest run --project integration server/src/store/cluster/replicated`
 *
 * libchdb has no interserver port either, without which a replica stays read-only. So this proves what Clew asks for
 * and that it waits for such a replica, not replication: that was never run.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenedCluster, openCluster } from './open-cluster.ts';
import { CLUSTER_NAME, startTestCluster, type TestCluster } from './test/test-cluster.ts';

const ZOOKEEPER = process.env.CLEW_TEST_ZOOKEEPER;
/** Part of the path in ZooKeeper, which keeps it. */
const DATABASE = `clew_test_${process.pid}_${Date.now()}`;
/** Servers 0 and 1 are the replicas of shard 1, server 2 is shard 2. */
const REPLICAS = [2, 1];

let cluster: TestCluster;
let store: OpenedCluster;
let dir: string;

if (ZOOKEEPER === undefined) {
  console.info(
    'Replicated tables are not tested: CLEW_TEST_ZOOKEEPER names no ZooKeeper. See docs/operating/scale.md.',
  );
}

describe.skipIf(ZOOKEEPER === undefined)('a cluster with a Keeper', () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'clew-replicated-'));
    cluster = await startTestCluster({ replicas: REPLICAS, zooKeeper: ZOOKEEPER ?? '' });
    const log = () => undefined;
    store = await openCluster({
      cluster: CLUSTER_NAME,
      database: DATABASE,
      clickhouseUrl: cluster.urls.join(','),
      dataDir: dir,
      logger: { info: log, warn: log, error: log },
    });
    await store.ready;
  });

  afterAll(async () => {
    await store?.close();
    await cluster?.close();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  it.each([
    [0, '1', '1'],
    [1, '1', '2'],
    [2, '2', '1'],
  ])('has replicated tables on server %i, of shard %s and replica %s', async (server, shard, replica) => {
    const replicas = await cluster.query(
      server,
      `SELECT table, engine, zookeeper_path, replica_name FROM system.replicas WHERE database = '${DATABASE}' ORDER BY table`,
    );
    const path = `/clickhouse/clew/${CLUSTER_NAME}/${shard}/${DATABASE}`;
    expect(replicas.split('\n').map((line) => line.split('\t'))).toEqual(
      [
        ['attribute_keys', 'Replacing'],
        ['operations', 'Replacing'],
        ['resources', 'Replacing'],
        ['scopes', 'Replacing'],
        ['span_minutes', 'Aggregating'],
        ['span_minutes_since', 'Aggregating'],
        ['spans', ''],
        ['trace_times', 'Aggregating'],
      ].map(([table, kind]) => [table, `Replicated${kind}MergeTree`, `${path}/${table}`, replica]),
    );
  });

  it('waits for a replica that is read-only', async () => {
    expect(store.nodeStates().map(({ isUp }) => isUp)).toEqual([false, false, false]);
    expect(await store.notReadyBecause()).toContain('Table is in readonly mode');
    const insert = store.targetOf(0).insertNative('spans', [], { deduplicationToken: 'x', timeoutMs: 30_000 });
    await expect(insert).rejects.toThrow('shard 1 of 2 does not answer');
  });
});

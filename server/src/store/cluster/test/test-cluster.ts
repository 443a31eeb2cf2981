/**
 * Real ClickHouse servers on this machine, out of libchdb, as one cluster. For tests only: libchdb as a server dies of
 * some client resets, so that one that dies by itself is started again. Needs glibc.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('./clickhouse-server.mjs', import.meta.url));
const HOST = '127.0.0.1';
export const CLUSTER_NAME = 'traces';
/** The same without the last shard: what it was before it grew. */
export const SMALLER_CLUSTER_NAME = 'traces_before';
/** A server that dies more often than this by itself is let die. */
const MAX_RESTARTS = 5;
const START_TIMEOUT_MS = 60_000;
/** A server that has met a broken connection dies at once or not at all. */
const SETTLE_MS = 500;
const MEETINGS = 4;
const MAX_TRIES = 5;

export interface TestClusterOptions {
  /** Replicas of each shard. Default: three shards of one. */
  readonly replicas?: readonly number[];
  /**
   * host:port of an Apache ZooKeeper. Then tables are replicated, as far as libchdb goes: without an interserver port
   * they stay read-only.
   */
  readonly zooKeeper?: string;
}

export interface TestCluster {
  /** HTTP address of each server: shard by shard, replica by replica. */
  readonly urls: readonly string[];
  /** Kills a server with SIGKILL; it stays away until `start`. Resolves when the others have got over it. */
  kill(server: number): Promise<void>;
  /** Starts a server that was killed, on its data; resolves when it answers. */
  start(server: number): Promise<void>;
  /** The text of a statement's answer, TabSeparated. */
  query(server: number, sql: string): Promise<string>;
  /** CPU seconds of a server's process so far. */
  cpuSeconds(server: number): Promise<number>;
  close(): Promise<void>;
}

interface Ports {
  readonly http: number;
  readonly tcp: number;
}

interface Server extends Ports {
  readonly shard: number;
  readonly replica: number;
  child: ChildProcess | undefined;
  wanted: boolean;
  restarts: number;
}

export async function startTestCluster(options: TestClusterOptions = {}): Promise<TestCluster> {
  const dir = await mkdtemp(join(tmpdir(), 'clew-cluster-'));
  const servers: Server[] = [];
  for (const [shard, count] of (options.replicas ?? [1, 1, 1]).entries()) {
    for (let replica = 0; replica < count; replica++) {
      const [http, tcp] = await freePorts(2);
      servers.push({ http, tcp, shard, replica, child: undefined, wanted: false, restarts: 0 });
    }
  }
  const configOf = (index: number) => join(dir, `server-${index}.xml`);
  for (const [index, server] of servers.entries()) {
    await writeFile(configOf(index), configuration(join(dir, `data-${index}`), server, servers, options));
  }

  const spawnServer = (index: number): void => {
    const server = servers[index];
    const child = spawn(process.execPath, [PROGRAM, configOf(index), HOST], { stdio: 'ignore' });
    server.child = child;
    child.once('exit', () => {
      server.child = undefined;
      if (server.wanted && server.restarts++ < MAX_RESTARTS) spawnServer(index);
    });
  };
  const cluster: TestCluster = {
    urls: servers.map(({ http }) => `http://${HOST}:${http}`),
    async start(index) {
      servers[index].wanted = true;
      if (servers[index].child === undefined) spawnServer(index);
      await untilAnswers(`http://${HOST}:${servers[index].http}`);
    },
    async kill(index) {
      const { child } = servers[index];
      servers[index].wanted = false;
      if (child === undefined) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
      await untilSettled(servers);
    },
    async query(index, sql) {
      for (let tries = 1; ; tries++) {
        try {
          return await ask(cluster.urls[index], sql);
        } catch (error) {
          // Only one that has died meanwhile is worth another try.
          if (tries === MAX_TRIES || servers[index].child === undefined || isAnswer(error)) throw error;
          await untilAnswers(cluster.urls[index]);
        }
      }
    },
    cpuSeconds: async (index) => processSeconds(servers[index].child?.pid),
    async close() {
      for (const server of servers) server.wanted = false;
      await Promise.all(servers.map((_, index) => cluster.kill(index)));
      await rm(dir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
  try {
    await Promise.all(servers.map((_, index) => cluster.start(index)));
  } catch (error) {
    await cluster.close();
    throw error;
  }
  return cluster;
}

function configuration(
  path: string,
  own: Server,
  servers: readonly Server[],
  { zooKeeper }: TestClusterOptions,
): string {
  const shardCount = Math.max(...servers.map(({ shard }) => shard)) + 1;
  const shards = Array.from({ length: shardCount }, (_, shard) => {
    const replicas = servers.filter((server) => server.shard === shard);
    const listed = replicas.map(({ tcp }) => `<replica><host>${HOST}</host><port>${tcp}</port></replica>`);
    return `<shard><internal_replication>true</internal_replication>${listed.join('')}</shard>`;
  });
  const [zkHost, zkPort] = zooKeeper?.split(':') ?? [];
  return `<clickhouse>
  <path>${path}/</path>
  <http_port>${own.http}</http_port>
  <tcp_port>${own.tcp}</tcp_port>
  <max_server_memory_usage>800000000</max_server_memory_usage>
  <mark_cache_size>50000000</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <background_pool_size>2</background_pool_size>
  <background_schedule_pool_size>4</background_schedule_pool_size>
  <macros><shard>${own.shard + 1}</shard><replica>${own.replica + 1}</replica></macros>
  <remote_servers>
    <${CLUSTER_NAME}>${shards.join('')}</${CLUSTER_NAME}>
    <${SMALLER_CLUSTER_NAME}>${shards.slice(0, Math.max(shardCount - 1, 1)).join('')}</${SMALLER_CLUSTER_NAME}>
  </remote_servers>
  ${zooKeeper === undefined ? '' : `<zookeeper><node><host>${zkHost}</host><port>${zkPort}</port></node></zookeeper>`}
</clickhouse>
`;
}

async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, HOST));
  const ports: number[] = [];
  for (const listener of listeners) {
    if (!listener.listening) await new Promise((resolve) => listener.once('listening', resolve));
    const address = listener.address();
    if (address !== null && typeof address === 'object') ports.push(address.port);
  }
  await Promise.all(listeners.map((listener) => new Promise((resolve) => listener.close(resolve))));
  return ports;
}

async function ask(url: string, sql: string): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: sql });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${text}`);
  return text.trimEnd();
}

function isAnswer(error: unknown): boolean {
  return error instanceof Error && error.message.includes('DB::Exception');
}

/** The servers that should be there have met the broken connections of their pools, and got over it or been replaced. */
async function untilSettled(servers: readonly Server[]): Promise<void> {
  const restarts = () => servers.reduce((sum, server) => sum + server.restarts, 0);
  for (let before = -1; before !== restarts(); ) {
    before = restarts();
    for (const { http, wanted } of servers) {
      if (!wanted) continue;
      await untilAnswers(`http://${HOST}:${http}`);
      const body = `SELECT count() FROM cluster('${CLUSTER_NAME}', system.one) SETTINGS skip_unavailable_shards = 1`;
      const meet = () => fetch(`http://${HOST}:${http}`, { method: 'POST', body }).then((answer) => answer.text());
      await Promise.allSettled(Array.from({ length: MEETINGS }, meet));
    }
    if (servers.some(({ wanted }) => wanted)) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
}

async function untilAnswers(url: string): Promise<void> {
  const until = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const isThere = await fetch(`${url}/ping`).then(
      (response) => response.ok,
      () => false,
    );
    if (isThere) return;
    if (performance.now() > until)
      throw new Error(`ClickHouse server at ${url}: did not answer within ${START_TIMEOUT_MS} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** User and system time of all threads. Source: proc(5). */
async function processSeconds(pid: number | undefined): Promise<number> {
  if (pid === undefined) return 0;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const TICKS_PER_SECOND = 100;
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/**
 * A ClickHouse cluster as Clew uses it: its layout, its nodes and which of them answer.
 *
 * Several Clews use one cluster and know nothing of each other: everything here may be done by all of them at once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { StageLogger } from '../../telemetry/stage-logger.ts';
import type { StoreServerOptions } from '../client.ts';
import { serverPlace } from '../server-place.ts';
import { ClusterError, type ClusterLayout, isSameLayout, placementOf, slotsOfLayout } from './cluster-layout.ts';
import { ClusterNode } from './cluster-node.ts';
import { type RememberedLayout, saveLayout, tryLoadLayout } from './remembered-layout.ts';
import { askSeeds, placeLike, type SeedAnswers } from './seed-nodes.ts';

export interface ClusterOptions {
  readonly cluster: string;
  readonly database: string;
  /** Nodes a person has named, with credentials. At least one. */
  readonly urls: readonly string[];
  /** Where the layout is remembered. */
  readonly dataDir: string;
  readonly logger: StageLogger;
}

/** Every node is asked this often: what came back is used that soon. */
const CHECK_INTERVAL_MS = 2_000;
/** The seeds are asked this often for the layout. */
const LAYOUT_INTERVAL_MS = 30_000;
/** A first start waits this long: before it is known how many shards there are, nothing can be taken. */
const FIRST_CONTACT_MS = 60_000;
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 5_000;

export class Cluster {
  /** The shard of each slot of trace ids, for what this process writes: stays as it was at the start. */
  readonly slots: Uint16Array<ArrayBuffer>;
  /** Resolves when every node has been asked once. */
  readonly checked: Promise<void>;
  readonly #options: ClusterOptions;
  readonly #closing = new AbortController();
  #layout: ClusterLayout;
  #urls: Readonly<Record<string, string>>;
  /** By shard, then replica. */
  #nodes: readonly (readonly ClusterNode[])[] = [];
  /** Of earlier layouts: something of theirs may be under way. */
  readonly #replaced: ClusterNode[] = [];
  #nextEntry = 0;
  /** Which replica of a shard this process prefers: Clews that start at once must not all choose the same. */
  readonly #preference = Math.floor(Math.random() * 1024);
  #watching: Promise<void>;

  private constructor(options: ClusterOptions, { layout, urls }: RememberedLayout) {
    this.#options = options;
    this.#layout = layout;
    this.#urls = urls;
    this.slots = slotsOfLayout(layout);
    this.#nodes = this.#createNodes();
    this.checked = this.#checkNodes();
    this.#watching = this.checked.then(() => this.#watch());
  }

  /**
   * Waits for a node that says what the cluster looks like, unless that is remembered from an earlier run.
   * @throws ClusterError when no node has answered in time, knows no such cluster, or it is none Clew can use.
   */
  static async open(options: ClusterOptions): Promise<Cluster> {
    const { urls, cluster, dataDir, logger } = options;
    const until = performance.now() + FIRST_CONTACT_MS;
    for (let retryMs = FIRST_RETRY_MS; ; retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)) {
      const answers = await askSeeds(urls, cluster);
      const before = await tryLoadLayout(dataDir, cluster);
      const layout = answers.layout ?? before?.layout;
      if (layout !== undefined) {
        const known = { layout, urls: { ...before?.urls, ...urlsOf(answers) } };
        if (answers.layout !== undefined) await saveLayout(dataDir, known);
        return new Cluster(options, known);
      }
      if (performance.now() > until) {
        throw new ClusterError(
          `cluster ${cluster}: no node answered within ${FIRST_CONTACT_MS} ms (${answers.problems.join('; ')}), and how ` +
            'many shards it has is not known from an earlier start. Correct --clickhouse, or start the cluster first.',
        );
      }
      logger.warn(
        { cluster, problems: answers.problems, retryMs },
        'store: no node of the cluster answers, and how many shards it has is not known yet: waiting',
      );
      await sleep(retryMs);
    }
  }

  get shardCount(): number {
    return this.#nodes.length;
  }

  get nodes(): readonly ClusterNode[] {
    return this.#nodes.flat();
  }

  /** Shards (from 0) without a node that is up. */
  get missingShards(): readonly number[] {
    return this.#nodes.flatMap((replicas, shard) => (replicas.some(({ isUp }) => isUp) ? [] : [shard]));
  }

  /** Whether a trace can only be on the shard of its slot: the cluster has always had the shards it has. */
  get isPlacedBySlot(): boolean {
    return this.nodes.every(({ hasOnlyItsTraces }) => hasOnlyItsTraces);
  }

  /** The replicas of a shard that are up, the one this process prefers first. A shard that is gone: another. */
  replicasUp(shard: number): readonly ClusterNode[] {
    const replicas = this.#nodes[shard % this.#nodes.length];
    const first = this.#preference % replicas.length;
    return [...replicas.slice(first), ...replicas.slice(0, first)].filter(({ isUp }) => isUp);
  }

  /** Nodes to send a query to, each time another first. */
  entries(): readonly ClusterNode[] {
    const up = this.nodes.filter(({ isUp }) => isUp);
    const first = this.#nextEntry++ % Math.max(up.length, 1);
    return [...up.slice(first), ...up.slice(0, first)];
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#watching;
    await Promise.all([...this.nodes, ...this.#replaced].map((node) => node.close()));
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closing;
    let layoutAskedMs = performance.now();
    while (!signal.aborted) {
      await sleep(CHECK_INTERVAL_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      // A node may be where its own address leads and nobody has answered yet who is there: ask again.
      const isDue = performance.now() - layoutAskedMs >= LAYOUT_INTERVAL_MS || this.missingShards.length > 0;
      if (isDue) layoutAskedMs = performance.now();
      try {
        if (isDue) await this.#refreshLayout();
        await this.#checkNodes();
      } catch (error) {
        this.#options.logger.error({ error: (error as Error).message }, 'store: looking after the cluster failed');
      }
    }
  }

  async #checkNodes(nodes = this.#nodes): Promise<void> {
    const wereUp = new Map(nodes.flat().map((node) => [node, node.isUp]));
    // Replicas one after the other: they would get into each other's way while they create the same tables.
    await Promise.all(
      nodes.map(async (replicas) => {
        for (const node of replicas) await node.check();
      }),
    );
    for (const [node, wasUp] of wereUp) this.#report(node, wasUp);
  }

  #report(node: ClusterNode, wasUp: boolean): void {
    const fields = { node: node.name, shard: node.shard + 1 };
    if (node.isUp && !wasUp) this.#options.logger.info(fields, 'store: node of the cluster is up, its schema in place');
    const isNews = !node.isUp && node.problem !== this.#reported.get(node.name);
    if (isNews) {
      this.#options.logger.warn({ ...fields, error: node.problem }, 'store: node of the cluster cannot be used');
    }
    if (node.problem === undefined) this.#reported.delete(node.name);
    else this.#reported.set(node.name, node.problem);
  }

  /** Problems that have been logged, by node. */
  readonly #reported = new Map<string, string>();

  async #refreshLayout(): Promise<void> {
    const { urls, cluster, dataDir, logger } = this.#options;
    const answers = await askSeeds(urls, cluster).catch((error: Error) => {
      logger.error({ error: error.message }, 'store: the cluster is kept as it was');
      return undefined;
    });
    if (answers?.layout === undefined) return;
    const nodeUrls = { ...this.#urls, ...urlsOf(answers) };
    const isKnown =
      isSameLayout(answers.layout, this.#layout) && JSON.stringify(nodeUrls) === JSON.stringify(this.#urls);
    if (isKnown) return;
    const slots = slotsOfLayout(answers.layout);
    if (!slots.every((shard, slot) => shard === this.slots[slot]) || slots.length !== this.slots.length) {
      logger.warn(
        { shards: answers.layout.shards.length, written: this.shardCount },
        'store: the shards of the cluster have changed. All are read; restart Clew to write to the new ones.',
      );
    }
    this.#layout = answers.layout;
    this.#urls = nodeUrls;
    await saveLayout(dataDir, { layout: this.#layout, urls: this.#urls });
    const nodes = this.#createNodes();
    // Asked before they take over: until then none of them is up.
    await this.#checkNodes(nodes);
    const kept = new Set(nodes.flat());
    this.#replaced.push(...this.nodes.filter((node) => !kept.has(node)));
    this.#nodes = nodes;
  }

  #createNodes(): readonly (readonly ClusterNode[])[] {
    const { cluster, database, urls } = this.#options;
    const first = serverPlace(urls[0]);
    return this.#layout.shards.map(({ replicas }, shard) =>
      replicas.map(({ address, host }) => {
        const url = this.#urls[address];
        const place: StoreServerOptions =
          url === undefined ? placeLike(first, host) : { ...first, ...ownPlace(urls, url) };
        const wanted = {
          cluster,
          database,
          address,
          shard,
          replicasOfShard: replicas.length,
          placement: placementOf(this.#layout, shard),
          place,
        };
        return this.nodes.find((node) => node.isMadeFor(wanted)) ?? new ClusterNode(wanted, this.#options.logger);
      }),
    );
  }
}

function urlsOf({ places }: SeedAnswers): Record<string, string> {
  return Object.fromEntries([...places].map(([address, { url }]) => [address, url]));
}

/** With the credentials that were given for this address. */
function ownPlace(urls: readonly string[], url: string): StoreServerOptions {
  return urls.map(serverPlace).find((place) => place.url === url) ?? { url };
}

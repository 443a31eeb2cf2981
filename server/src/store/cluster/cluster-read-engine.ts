import type { TraceId } from '@clew/model';
import type {
  EngineReadOptions,
  EngineSettings,
  EngineSummary,
  NativeAnswer,
  ReadEngine,
} from '../read/read-engine.ts';
import type { SqlValue } from '../sql/sql-parameters.ts';
import type { StoreClient } from '../store-client.ts';
import { StoreShardMissingError, StoreUnavailableError } from '../store-error.ts';
import type { Cluster } from './cluster.ts';
import type { ClusterNode } from './cluster-node.ts';
import { describeMissing } from './cluster-target.ts';
import { SHARDS_TABLE } from './distributed-tables.ts';
import { isNodeAway, isShardAway } from './node-failure.ts';
import { shardOfTrace } from './trace-shards.ts';

type Parameters = Readonly<Record<string, SqlValue>>;
type Request<T> = (client: StoreClient, options: EngineReadOptions) => Promise<T>;

/** How long a shard that was found missing is left out without being tried. */
const MISSING_MEMORY_MS = 3_000;
const PROBE_TIMEOUT_MS = 5_000;
/** A shard may come back between a refusal and the question who is missing. */
const MAX_STRICT_TRIES = 2;

/**
 * Reads from the Distributed tables, by way of any node that is up.
 *
 * A statement is run first so that a missing shard makes it fail: an answer is then known to be complete. Only when a
 * shard is missing it is run again over the others, and the answer says so.
 */
export class ClusterReadEngine implements ReadEngine {
  readonly #cluster: Cluster;
  #missing: { readonly shards: readonly number[]; readonly untilMs: number } | undefined;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  async selectJson<T>(sql: string, parameters: Parameters, options: EngineReadOptions) {
    const request: Request<{ rows: readonly T[]; summary: EngineSummary }> = (client, own) =>
      client.selectJson<T>(sql, parameters, own);
    const { answer, incompleteReason } = await this.#run(options, request);
    return { rows: answer.rows, summary: withReason(answer.summary, incompleteReason) };
  }

  async selectNative(sql: string, parameters: Parameters, options: EngineReadOptions): Promise<NativeAnswer> {
    const { answer, incompleteReason } = await this.#run(options, (client, own) =>
      client.selectNative(sql, parameters, own),
    );
    return { chunks: answer.chunks, summary: () => withReason(answer.summary(), incompleteReason) };
  }

  /** All of a trace, its resources and scopes are on one shard, whose replicas are asked without the others. */
  ofTrace(traceId: TraceId): ReadEngine {
    const run = <T>(options: EngineReadOptions, request: Request<T>): Promise<T> => {
      if (!this.#cluster.isPlacedBySlot) return this.#runComplete(options, request);
      return this.#runOnShard(shardOfTrace(traceId, this.#cluster.slots), options, request);
    };
    return {
      selectJson: (sql, parameters, options) => run(options, (client, own) => client.selectJson(sql, parameters, own)),
      selectNative: (sql, parameters, options) =>
        run(options, (client, own) => client.selectNative(sql, parameters, own)),
    };
  }

  async #runOnShard<T>(shard: number, options: EngineReadOptions, request: Request<T>): Promise<T> {
    for (const node of this.#cluster.replicasUp(shard)) {
      try {
        return await request(node.local, options);
      } catch (error) {
        if (!isNodeAway(error)) throw error;
        node.noteFailure(error);
      }
    }
    throw new StoreShardMissingError(`${describeMissing(this.#cluster, shard)}, and this trace is on it. Retry later.`);
  }

  /** For traces that may be on any shard. */
  async #runComplete<T>(options: EngineReadOptions, request: Request<T>): Promise<T> {
    const { answer, incompleteReason } = await this.#run(options, request);
    if (incompleteReason === undefined) return answer;
    throw new StoreShardMissingError(`${incompleteReason}. This trace may be there. Retry later.`);
  }

  async #run<T>(
    options: EngineReadOptions,
    request: Request<T>,
  ): Promise<{ readonly answer: T; readonly incompleteReason: string | undefined }> {
    let failure: unknown;
    for (const entry of this.#cluster.entries()) {
      try {
        return await this.#runFrom(entry, options, request);
      } catch (error) {
        if (!isNodeAway(error)) throw error;
        entry.noteFailure(error);
        failure = error;
      }
    }
    throw new StoreUnavailableError('No node of the ClickHouse cluster answers. Retry later.', failure);
  }

  async #runFrom<T>(entry: ClusterNode, options: EngineReadOptions, request: Request<T>) {
    let missing = this.#knownMissing;
    // A statement that is bound to fail costs the other shards their work.
    if (missing === undefined && this.#cluster.missingShards.length > 0) missing = await this.#findMissing(entry);
    for (let tries = 0; missing === undefined; tries++) {
      try {
        return { answer: await request(entry.distributed, this.#with(options, false)), incompleteReason: undefined };
      } catch (error) {
        if (!isShardAway(error) || tries === MAX_STRICT_TRIES) throw error;
        missing = await this.#findMissing(entry);
      }
    }
    const answer = await request(entry.distributed, this.#with(options, true));
    return { answer, incompleteReason: this.#describe(missing) };
  }

  get #knownMissing(): readonly number[] | undefined {
    const missing = this.#missing;
    return missing !== undefined && performance.now() < missing.untilMs ? missing.shards : undefined;
  }

  /** Shards (from 0) that the entry node gets no answer of; undefined when all answer. */
  async #findMissing(entry: ClusterNode): Promise<readonly number[] | undefined> {
    const { rows } = await entry.distributed.selectJson<{ shard: number }>(
      `SELECT DISTINCT _shard_num AS shard FROM ${SHARDS_TABLE}`,
      undefined,
      { timeoutMs: PROBE_TIMEOUT_MS, settings: { skip_unavailable_shards: 1 } },
    );
    const answering = new Set(rows.map(({ shard }) => shard - 1));
    const shards = Array.from({ length: this.#cluster.shardCount }, (_, shard) => shard).filter(
      (shard) => !answering.has(shard),
    );
    if (shards.length === 0) return undefined;
    this.#missing = { shards, untilMs: performance.now() + MISSING_MEMORY_MS };
    return shards;
  }

  #describe(missing: readonly number[]): string {
    const numbers = missing.map((shard) => shard + 1).join(', ');
    const names = this.#cluster.nodes.filter(({ shard }) => missing.includes(shard)).map(({ name }) => name);
    const [shards, do_] = missing.length === 1 ? ['shard', 'does'] : ['shards', 'do'];
    return `${shards} ${numbers} of ${this.#cluster.shardCount} (${names.join(', ')}) ${do_} not answer: spans there are missing`;
  }

  #with(options: EngineReadOptions, isPartial: boolean): EngineReadOptions {
    const settings: EngineSettings = {
      // What a trace's rows refer to is on the same shard: subqueries stay there.
      distributed_product_mode: 'local',
      skip_unavailable_shards: isPartial ? 1 : 0,
      // Asks one shard where the statement names a trace, and lets each shard finish groups by trace.
      optimize_skip_unused_shards: this.#cluster.isPlacedBySlot ? 1 : 0,
      // Ids in PREWHERE are left to one shard and taken from the others: spans of these are missing, without a word.
      optimize_skip_unused_shards_rewrite_in: 0,
      ...options.settings,
    };
    return { ...options, settings };
  }
}

function withReason(summary: EngineSummary, incompleteReason: string | undefined) {
  return incompleteReason === undefined ? summary : { ...summary, incompleteReason };
}

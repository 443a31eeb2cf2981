/** One ClickHouse server of a cluster: what Clew sends to it, whether it answers, and its schema. */
import { ClickHouseError } from '@clickhouse/client';
import type { StageLogger } from '../../telemetry/stage-logger.ts';
import { createStoreClient, type StoreServerOptions } from '../client.ts';
import { migrationClientOf } from '../schema/migration-client.ts';
import { SchemaUpdate } from '../schema/schema-update.ts';
import { withServerCodecs } from '../schema/server-codecs.ts';
import type { StoreClient } from '../store-client.ts';
import { ClusterError } from './cluster-layout.ts';
import { distributedDatabase, ensureDistributedTables } from './distributed-tables.ts';
import { isOnlyPlacement, notePlacement } from './placements.ts';
import { clusterStatement, REPLICATION_MACROS, replicasDriftError } from './replicated-statement.ts';

export interface ClusterNodeOptions {
  readonly cluster: string;
  readonly database: string;
  /** As the nodes know each other. */
  readonly address: string;
  /** From 0. */
  readonly shard: number;
  readonly replicasOfShard: number;
  readonly placement: string;
  readonly place: StoreServerOptions;
}

const CHECK_TIMEOUT_MS = 3_000;
/** The server is configured without a Keeper. One that is only away is another error. Source: src/Common/ErrorCodes.cpp. */
const NO_ZOOKEEPER = '225';

export class ClusterNode {
  readonly name: string;
  readonly shard: number;
  /** Its own rows. */
  readonly local: StoreClient;
  /** Everybody's rows. */
  readonly distributed: StoreClient;
  readonly #admin: StoreClient;
  readonly #options: ClusterNodeOptions;
  readonly #logger: StageLogger;
  #isPrepared = false;
  #hasOnlyItsTraces = true;
  #problem: string | undefined = 'it has not been asked yet';

  constructor(options: ClusterNodeOptions, logger: StageLogger) {
    this.#logger = logger;
    const { place, database } = options;
    this.name = options.address;
    this.shard = options.shard;
    this.#options = options;
    this.#admin = createStoreClient(place);
    this.local = createStoreClient({ ...place, database });
    this.distributed = createStoreClient({ ...place, database: distributedDatabase(database) });
  }

  get url(): string {
    return this.#options.place.url;
  }

  /** Its schema is in place and it answered when it was last asked. */
  get isUp(): boolean {
    return this.#problem === undefined;
  }

  /** Why it is not up. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Whether every trace it has is one that belongs on its shard today; as far as it has been asked. */
  get hasOnlyItsTraces(): boolean {
    return this.#hasOnlyItsTraces;
  }

  isMadeFor(options: ClusterNodeOptions): boolean {
    return JSON.stringify(options) === JSON.stringify(this.#options);
  }

  /** Asks the node. One that has been away gets its schema before it is up: it may have come back empty. */
  async check(): Promise<void> {
    const { database, placement } = this.#options;
    try {
      await this.#checkIdentity();
      if (!this.#isPrepared) await this.#prepare();
      this.#isPrepared = true;
      this.#hasOnlyItsTraces = await isOnlyPlacement(this.#admin, database, placement, CHECK_TIMEOUT_MS);
      this.#problem = undefined;
    } catch (error) {
      this.noteFailure(error);
    }
  }

  /** What was sent to it failed: it is not up until it has been checked again. */
  noteFailure(error: unknown): void {
    this.#isPrepared = false;
    this.#problem = error instanceof Error ? error.message : String(error);
  }

  async close(): Promise<void> {
    await Promise.all([this.#admin.close(), this.local.close(), this.distributed.close()]);
  }

  /** The address may lead elsewhere: a port that is not where this node listens, a load balancer. */
  async #checkIdentity(): Promise<void> {
    const { cluster } = this.#options;
    const { rows } = await this.#admin.selectJson<{ address: string }>(
      "SELECT host_name || ':' || toString(port) AS address FROM system.clusters " +
        'WHERE cluster = {cluster:String} AND is_local',
      { cluster },
      { timeoutMs: CHECK_TIMEOUT_MS },
    );
    if (rows.length === 0 || rows.some(({ address }) => address === this.name)) return;
    throw new ClusterError(
      `${this.url} is node ${rows[0].address}, not ${this.name}. Where nodes do not share one HTTP port, list the ` +
        'address of each in --clickhouse (store.clickhouseUrl), with commas between.',
    );
  }

  async #prepare(): Promise<void> {
    const { cluster, database, placement } = this.#options;
    await this.#migrate();
    await notePlacement(this.#admin, database, placement);
    await ensureDistributedTables(this.#admin, cluster, database);
  }

  /** Replicated where the server has a Keeper and says which replica of which shard it is. */
  async #migrate(): Promise<void> {
    const { replicasOfShard } = this.#options;
    const { rows } = await this.#admin.selectJson<{ macro: string }>('SELECT macro FROM system.macros', undefined, {
      timeoutMs: CHECK_TIMEOUT_MS,
    });
    const missing = REPLICATION_MACROS.filter((name) => !rows.some(({ macro }) => macro === name));
    if (missing.length === 0) {
      try {
        return await this.#migrateAs(true);
      } catch (error) {
        if (!(error instanceof ClickHouseError && error.code === NO_ZOOKEEPER)) throw error;
      }
    }
    if (replicasOfShard > 1) {
      const lack = missing.length === 0 ? 'no Keeper' : `no macro ${missing.join(' and no macro ')}`;
      throw replicasDriftError(this.name, replicasOfShard, lack);
    }
    await this.#migrateAs(false);
  }

  async #migrateAs(isReplicated: boolean): Promise<void> {
    const { cluster, database } = this.#options;
    const update = new SchemaUpdate({
      client: migrationClientOf(this.#admin),
      database,
      logger: this.#logger,
      whoAnswers: this.name,
      rewrite: (statement) => withServerCodecs(clusterStatement(statement, cluster, isReplicated)),
    });
    await update.apply();
  }
}

/**
 * Drops what has been kept long enough or does not fit any more, and watches the tables.
 *
 * Several Clews may do this to one store at the same time: every round starts from what is there, and a partition
 * that another has dropped is simply gone. What is dropped and when: docs/operating/retention.md.
 */
import type { StorageStatus } from '@clew/contract';
import type { StageLogger } from '../../telemetry/stage-logger.ts';
import type { StorageMetrics } from '../../telemetry/storage-metrics.ts';
import type { StoreClient } from '../store-client.ts';
import { agePartitions, firstClock, notePartitions } from './age-partitions.ts';
import { dropCatalogueWeek, dropPartition } from './drop-partitions.ts';
import {
  CROWDED_SHARE,
  describeLimit,
  diskKey,
  findClockWarnings,
  findDiskWarnings,
  findTableWarnings,
} from './find-warnings.ts';
import {
  type DiskDrop,
  type HousekeepingState,
  loadHousekeepingState,
  saveHousekeepingState,
} from './housekeeping-state.ts';
import { type Inventory, loadInventory } from './load-inventory.ts';
import { type AgedPartition, type CatalogueWeek, dayOf, formatBytes, formatDay } from './partition.ts';
import { type DiskReading, growthPerHour, planDisk } from './plan-disk.ts';
import { planCatalogue, planRetention } from './plan-retention.ts';
import { RecurringWarnings, type Warning } from './recurring-warnings.ts';
import { loadSenderOffsetMs } from './sender-clocks.ts';
import { buildStorageStatus, type NodeSnapshot } from './storage-snapshot.ts';
import type { StoreTables } from './store-tables.ts';
import {
  advanceClock,
  believe,
  dropTimeMs,
  isJumpHeld,
  JUMP_TOLERANCE_MS,
  type TrustedClock,
} from './trusted-clock.ts';

export interface HousekeepingNode {
  /** For logs and metrics. */
  readonly name: string;
  readonly client: StoreClient;
}

export interface HousekeeperOptions {
  /** Every ClickHouse node that holds rows of its own, as it is now. */
  readonly nodes: () => readonly HousekeepingNode[];
  readonly database: string;
  readonly tables: StoreTables;
  readonly intervalMs: number;
  /** Of live data on each node, the journal included; undefined does not limit. */
  readonly maxDiskBytes: number | undefined;
  /** Kept free on the disks of each node; 0 does not limit. */
  readonly minFreeDiskBytes: number;
  /** Where the journal lies on the store's disk, its bytes. */
  readonly journalBytes: () => number;
  /** Remembers the clock over a restart. */
  readonly statePath: string;
  readonly metrics: StorageMetrics;
  readonly logger: StageLogger;
  /** The wall clock. */
  readonly nowUnixMs?: () => number;
  /** A clock that cannot be set. */
  readonly nowMs?: () => number;
}

interface FoundNode {
  readonly node: HousekeepingNode;
  readonly inventory: Inventory;
}

type DropReason = 'retention' | 'disk';
const MS_PER_HOUR = 3_600_000;
/** Longest groups, relative to the usual, while parts pile up. */
const MOST_INSERT_FACTOR = 8;

export class Housekeeper {
  readonly #options: HousekeeperOptions;
  readonly #nowUnixMs: () => number;
  readonly #nowMs: () => number;
  readonly #warnings: RecurringWarnings;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #isLoaded = false;
  #state: HousekeepingState | undefined;
  #lastMs: number | undefined;
  #storage: StorageStatus | undefined;
  #refusal: string | undefined;
  #insertFactor = 1;
  #lastWarnings: readonly Warning[] = [];
  /** Of this round. */
  #troubles: Warning[] = [];

  constructor(options: HousekeeperOptions) {
    this.#options = options;
    this.#nowUnixMs = options.nowUnixMs ?? Date.now;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#warnings = new RecurringWarnings(options.logger);
  }

  /** As of the last round; undefined before the first. */
  get storage(): StorageStatus | undefined {
    return this.#storage;
  }

  /** Why senders must wait: the disk is full and nothing may be dropped. Undefined when they need not. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** How much larger than usual inserts should be: 1, and more while parts pile up. */
  get insertFactor(): number {
    return this.#insertFactor;
  }

  /** Begins with a round at once. */
  start(): void {
    if (this.#stopping.signal.aborted) return;
    void this.runRound().finally(() => {
      if (this.#stopping.signal.aborted) return;
      this.#timer = setTimeout(() => this.start(), this.#options.intervalMs);
      this.#timer.unref();
    });
  }

  /** Waits for a round under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** One round, after the one under way. Never rejects: what fails is logged, counted and tried again. */
  runRound(): Promise<void> {
    this.#round = this.#round.then(async () => {
      try {
        await this.#keepHouse();
      } catch (error) {
        this.#failed(error, 'housekeeping failed, the next round tries again');
        this.#warnings.report([...this.#lastWarnings, ...this.#troubles], this.#nowMs());
      }
    });
    return this.#round;
  }

  async #keepHouse(): Promise<void> {
    const nodes = this.#options.nodes();
    const warnings: Warning[] = [];
    this.#troubles = [];
    const loaded = await Promise.all(nodes.map((node) => this.#lookAt(node, warnings)));
    const found = loaded.filter((entry) => entry !== undefined);
    if (this.#stopping.signal.aborted) return;
    if (found.length === 0) {
      this.#warnings.report([...this.#lastWarnings, ...warnings], this.#nowMs());
      return;
    }

    const partitions = found.flatMap(({ inventory }) => inventory.partitions);
    const before = await this.#loadState();
    const { clock, isContradicted } = await this.#advanceClock(before?.clock, found, partitions);
    const isComplete = found.length === nodes.length;
    const today = dayOf(dropTimeMs(clock));
    const known = notePartitions(before, partitions, clock, isComplete);
    const recentDrops = (before?.diskDrops ?? []).filter(({ unixMs }) => Math.abs(clock.unixMs - unixMs) < MS_PER_HOUR);
    this.#state = { clock, ...known, diskDrops: recentDrops };
    await this.#saveState();

    warnings.push(...findClockWarnings(clock, isContradicted));
    const snapshots: NodeSnapshot[] = [];
    let refusal: string | undefined;
    for (const { node, inventory } of found) {
      const round = await this.#keepNode(node, inventory, clock, known.late);
      // A span may refer to a row on another node: only what none of them needs goes.
      if (isComplete) await this.#dropCatalogue(node, planCatalogue(inventory.catalogueWeeks, partitions, today));
      snapshots.push(round.snapshot);
      warnings.push(...round.warnings);
      if (round.snapshot.disk.isExhausted)
        refusal = `${describeLimit(round.reading)}, and only the spans of today are left`;
    }
    // What is gone everywhere and comes again has arrived late.
    const left = new Set(snapshots.flatMap((snapshot) => snapshot.partitions.map(({ id }) => id)));
    const gone = [...this.#droppedIds].filter((id) => !left.has(id));
    this.#droppedIds.clear();
    if (gone.length > 0) {
      this.#state = { ...this.#state, seen: this.#state.seen.filter((id) => !gone.includes(id)) };
      await this.#saveState();
    }
    this.#refusal = refusal;
    this.#insertFactor = Math.max(...snapshots.map(({ inventory }) => insertFactorOf(inventory)));
    this.#publish(snapshots, warnings, clock);
  }

  async #lookAt(node: HousekeepingNode, warnings: Warning[]): Promise<FoundNode | undefined> {
    const { database, tables, metrics } = this.#options;
    try {
      return { node, inventory: await loadInventory(node.client, database, tables) };
    } catch (error) {
      metrics.failed();
      const message = `housekeeping cannot look at ${node.name}: ${messageOf(error)}. It drops nothing there until it can.`;
      warnings.push({ key: `away:${node.name}`, level: 'warn', message, fields: { node: node.name } });
      return undefined;
    }
  }

  readonly #droppedIds = new Set<string>();

  async #keepNode(
    node: HousekeepingNode,
    inventory: Inventory,
    clock: TrustedClock,
    late: HousekeepingState['late'],
  ): Promise<{ snapshot: NodeSnapshot; reading: DiskReading; warnings: readonly Warning[] }> {
    const { maxDiskBytes, minFreeDiskBytes, journalBytes } = this.#options;
    const today = dayOf(dropTimeMs(clock));
    const aged = agePartitions(inventory.partitions, late, dayOf(clock.unixMs));
    const gone = new Set<AgedPartition>();
    for (const partition of planRetention(aged, today)) {
      if (await this.#drop(node, partition, 'retention')) gone.add(partition);
    }
    let left = aged.filter((partition) => !gone.has(partition));
    const goneBytes = sumBytes(gone);
    const reading: DiskReading = {
      usedBytes: inventory.tables.reduce((sum, { bytes }) => sum + bytes, journalBytes()) - goneBytes,
      maxBytes: maxDiskBytes,
      freeBytes: inventory.disk.freeBytes,
      pendingBytes: inventory.pendingBytes + goneBytes,
      minFreeBytes: minFreeDiskBytes,
      bytesPerHour: growthPerHour(aged, clock.unixMs),
    };
    const recent = (this.#state?.diskDrops ?? []).filter((drop) => drop.node === node.name);
    const disk = planDisk(
      left,
      reading,
      { days: new Set(recent.map(({ day }) => day)), bytes: recent.reduce((sum, { bytes }) => sum + bytes, 0) },
      today,
    );
    const first = disk.drop[0];
    // What is dropped has been announced a round before.
    if (first !== undefined && this.#warnings.hasSaid(diskKey(node.name), first.id)) {
      for (const partition of disk.drop) {
        if (await this.#drop(node, partition, 'disk', clock, describeLimit(reading))) gone.add(partition);
      }
      left = aged.filter((partition) => !gone.has(partition));
    }
    const warnings = [...findTableWarnings(node.name, inventory), ...findDiskWarnings(node.name, disk, reading)];
    return { snapshot: { node: node.name, inventory, partitions: left, disk }, reading, warnings };
  }

  /** By what was there when the round began: a week goes a round after its last span. */
  async #dropCatalogue({ client, name }: HousekeepingNode, weeks: readonly CatalogueWeek[]): Promise<void> {
    for (const week of weeks) {
      if (this.#stopping.signal.aborted) return;
      try {
        await dropCatalogueWeek(client, this.#options.database, week);
      } catch (error) {
        this.#failed(error, `cannot drop week ${week.id} of ${week.table} on ${name}, the next round tries again`);
      }
    }
  }

  async #drop(
    node: HousekeepingNode,
    partition: AgedPartition,
    reason: DropReason,
    clock?: TrustedClock,
    limit?: string,
  ): Promise<boolean> {
    if (this.#stopping.signal.aborted) return false;
    const { database, tables, metrics, logger } = this.#options;
    const day = formatDay(partition.day);
    const { id, retentionDays, spans, bytes } = partition;
    try {
      await dropPartition(node.client, database, tables, partition);
    } catch (error) {
      this.#failed(error, `cannot drop the spans of ${day} on ${node.name}, the next round tries again`);
      return false;
    }
    this.#droppedIds.add(id);
    metrics.dropped(reason, spans, bytes);
    const fields = { node: node.name, day, retentionDays, spans, bytes };
    const what = `dropped the spans of ${day} (${formatBytes(bytes)}, ${spans} spans)`;
    if (reason === 'retention' || clock === undefined) {
      logger.info(fields, `store: ${what}: they were kept for ${retentionDays} days`);
    } else {
      logger.warn(fields, `store: ${what}: ${limit ?? ''}`);
      this.#noteDiskDrop({ node: node.name, day: partition.keptFrom, bytes, unixMs: clock.unixMs });
    }
    return true;
  }

  #noteDiskDrop(drop: DiskDrop): void {
    if (this.#state === undefined) return;
    this.#state = { ...this.#state, diskDrops: [...this.#state.diskDrops, drop] };
  }

  async #advanceClock(
    before: TrustedClock | undefined,
    found: readonly FoundNode[],
    partitions: Inventory['partitions'],
  ): Promise<{ readonly clock: TrustedClock; readonly isContradicted: boolean }> {
    // Of several clocks the one furthest behind: it drops least.
    const wallUnixMs = Math.min(this.#nowUnixMs(), ...found.map(({ inventory }) => inventory.nowUnixMs));
    const nowMs = this.#nowMs();
    const elapsedMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    const clock = advanceClock(before ?? firstClock(partitions, wallUnixMs), { wallUnixMs, elapsedMs });
    if (!isJumpHeld(clock)) return { clock, isContradicted: false };
    if (await this.#doSendersContradict(found, wallUnixMs)) return { clock, isContradicted: true };
    this.#options.logger.warn(
      { from: new Date(clock.unixMs).toISOString(), to: new Date(wallUnixMs).toISOString() },
      'store: the clock has stayed where it jumped to, housekeeping goes by it from now on',
    );
    return { clock: believe(clock), isContradicted: false };
  }

  async #doSendersContradict(found: readonly FoundNode[], wallUnixMs: number): Promise<boolean> {
    const { database, tables } = this.#options;
    for (const { node } of found) {
      const offsetMs = await loadSenderOffsetMs(node.client, `${database}.${tables.spans}`, wallUnixMs);
      if (offsetMs !== undefined && offsetMs > JUMP_TOLERANCE_MS) return true;
    }
    return false;
  }

  async #loadState(): Promise<HousekeepingState | undefined> {
    if (!this.#isLoaded) {
      this.#isLoaded = true;
      try {
        this.#state = await loadHousekeepingState(this.#options.statePath);
      } catch (error) {
        this.#failed(error, 'housekeeping begins without its memory of the clock');
      }
    }
    return this.#state;
  }

  async #saveState(): Promise<void> {
    if (this.#state === undefined) return;
    try {
      await saveHousekeepingState(this.#options.statePath, this.#state);
    } catch (error) {
      this.#failed(error, 'housekeeping cannot remember its state over a restart');
    }
  }

  #publish(snapshots: readonly NodeSnapshot[], warnings: Warning[], clock: TrustedClock): void {
    const { maxDiskBytes, minFreeDiskBytes, journalBytes, metrics } = this.#options;
    warnings.push(...this.#troubles);
    this.#lastWarnings = warnings.filter(({ key }) => !key.startsWith('away:'));
    this.#warnings.report(warnings, this.#nowMs());
    this.#storage = buildStorageStatus(
      snapshots,
      { maxBytes: maxDiskBytes, journalBytes: journalBytes() },
      clock.unixMs,
      warnings.map(({ message }) => message),
    );
    metrics.observed(
      snapshots.map(({ node, inventory, disk }) => ({
        node,
        ...inventory,
        mostParts: inventory.fullestPartition?.parts ?? 0,
        fullness: disk.fullness,
      })),
      {
        oldestDay: this.#storage.oldestDay,
        newestDay: this.#storage.newestDay,
        limitBytes: maxDiskBytes ?? 0,
        minFreeBytes: minFreeDiskBytes,
        clockAheadMs: clock.doubt?.aheadMs ?? 0,
        isRefusing: this.#refusal !== undefined,
      },
    );
  }

  /** Logged at the end of the round, and not in every round that fails the same way. */
  #failed(error: unknown, what: string): void {
    this.#options.metrics.failed();
    this.#troubles.push({ key: what, level: 'error', message: `${what}: ${messageOf(error)}` });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function sumBytes(partitions: Iterable<AgedPartition>): number {
  let sum = 0;
  for (const { bytes } of partitions) sum += bytes;
  return sum;
}

function insertFactorOf({ fullestPartition, partsToDelay }: Inventory): number {
  if (fullestPartition === undefined || partsToDelay === 0) return 1;
  const crowded = (fullestPartition.parts / partsToDelay - CROWDED_SHARE) / (1 - CROWDED_SHARE);
  return 1 + (MOST_INSERT_FACTOR - 1) * Math.min(1, Math.max(0, crowded));
}

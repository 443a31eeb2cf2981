/** What housekeeping counts: what the store holds, how its tables are doing, and what has been dropped and why. */
import { Counter, Gauge, type Registry } from 'prom-client';

/** One node as the last round saw it. */
export interface ObservedNode {
  readonly node: string;
  readonly tables: readonly {
    readonly table: string;
    readonly rows: number;
    readonly bytes: number;
    readonly parts: number;
  }[];
  readonly pendingBytes: number;
  readonly mostParts: number;
  readonly merges: { readonly running: number; readonly bytes: number };
  readonly mutations: { readonly waiting: number; readonly failing: number };
  readonly detached: { readonly parts: number };
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number };
  /** Share of the nearest limit. */
  readonly fullness: number;
}

export interface ObservedStore {
  /** "2026-11-20" */
  readonly oldestDay: string | null;
  readonly newestDay: string | null;
  readonly limitBytes: number;
  readonly minFreeBytes: number;
  readonly clockAheadMs: number;
  readonly isRefusing: boolean;
}

export interface StorageMetrics {
  observed(nodes: readonly ObservedNode[], store: ObservedStore): void;
  /** One partition. */
  dropped(reason: 'retention' | 'disk', spans: number, bytes: number): void;
  failed(): void;
}

/** Registered once in `registry`. */
export function createStorageMetrics(registry: Registry): StorageMetrics {
  const registers = [registry];
  const gauge = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> =>
    new Gauge({ name, help, labelNames: [...labelNames], registers });
  const counter = <L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> =>
    new Counter({ name, help, labelNames: [...labelNames], registers });

  const perTable = ['node', 'table'] as const;
  const perNode = ['node'] as const;
  const bytes = gauge('clew_store_table_bytes', 'Live data on disk.', perTable);
  const rows = gauge('clew_store_table_rows', 'Live rows.', perTable);
  const parts = gauge('clew_store_table_parts', 'Active parts.', perTable);
  const pending = gauge(
    'clew_store_pending_delete_bytes',
    'Of parts that are dropped or merged, not deleted yet.',
    perNode,
  );
  const mostParts = gauge('clew_store_partition_parts_max', 'Active parts of the partition that has most.', perNode);
  const merges = gauge('clew_store_merges', 'Merges under way.', perNode);
  const mergeBytes = gauge('clew_store_merge_bytes', 'Bytes of the merges under way.', perNode);
  const mutations = gauge('clew_store_mutations_waiting', 'Mutations that are not done.', perNode);
  const failing = gauge('clew_store_mutations_failing', 'Mutations that fail again and again.', perNode);
  const detached = gauge('clew_store_detached_parts', 'Parts that are set aside and not read.', perNode);
  const free = gauge('clew_store_free_disk_bytes', 'Free on the disks of the store.', perNode);
  const total = gauge('clew_store_total_disk_bytes', 'Size of the disks of the store.', perNode);
  const fullness = gauge(
    'clew_store_fullness_ratio',
    'Share used of the disk limit that is nearest; 1 is full.',
    perNode,
  );
  const limit = gauge('clew_store_limit_bytes', 'store.maxDiskBytes; 0 for none.');
  const minFree = gauge('clew_store_min_free_bytes', 'store.minFreeDiskBytes; 0 for none.');
  const oldest = gauge(
    'clew_store_oldest_day_timestamp_seconds',
    'Start of the oldest day with spans; 0 without spans.',
  );
  const newest = gauge(
    'clew_store_newest_day_timestamp_seconds',
    'Start of the newest day with spans; 0 without spans.',
  );
  const ahead = gauge(
    'clew_housekeeping_clock_ahead_seconds',
    'How far the clock has jumped without being believed; 0 while it is.',
  );
  const refusing = gauge('clew_store_full', '1 while senders are refused because the disk is full.');
  const droppedPartitions = counter('clew_dropped_partitions_total', 'Partitions (class and day) dropped.', ['reason']);
  const droppedSpans = counter('clew_dropped_spans_total', 'Stored spans dropped, by retention or for the disk.', [
    'reason',
  ]);
  const droppedBytes = counter('clew_dropped_bytes_total', 'Bytes on disk dropped.', ['reason']);
  const failures = counter(
    'clew_housekeeping_failures_total',
    'Steps of housekeeping that failed and are tried again.',
  );

  return {
    observed(nodes, store) {
      for (const metric of [bytes, rows, parts]) metric.reset();
      for (const observed of nodes) {
        const { node } = observed;
        for (const table of observed.tables) {
          bytes.set({ node, table: table.table }, table.bytes);
          rows.set({ node, table: table.table }, table.rows);
          parts.set({ node, table: table.table }, table.parts);
        }
        pending.set({ node }, observed.pendingBytes);
        mostParts.set({ node }, observed.mostParts);
        merges.set({ node }, observed.merges.running);
        mergeBytes.set({ node }, observed.merges.bytes);
        mutations.set({ node }, observed.mutations.waiting);
        failing.set({ node }, observed.mutations.failing);
        detached.set({ node }, observed.detached.parts);
        free.set({ node }, observed.disk.freeBytes);
        total.set({ node }, observed.disk.totalBytes);
        fullness.set({ node }, observed.fullness);
      }
      limit.set(store.limitBytes);
      minFree.set(store.minFreeBytes);
      oldest.set(secondsOf(store.oldestDay));
      newest.set(secondsOf(store.newestDay));
      ahead.set(store.clockAheadMs / 1000);
      refusing.set(store.isRefusing ? 1 : 0);
    },
    dropped(reason, spans, byteCount) {
      droppedPartitions.inc({ reason });
      droppedSpans.inc({ reason }, spans);
      droppedBytes.inc({ reason }, byteCount);
    },
    failed: () => failures.inc(),
  };
}

function secondsOf(day: string | null): number {
  return day === null ? 0 : Date.parse(`${day}T00:00:00Z`) / 1000;
}

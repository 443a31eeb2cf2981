/** What a round of housekeeping has seen, for the status page and the metrics. Pure. */
import type { StorageStatus } from '@clew/contract';
import type { Inventory } from './load-inventory.ts';
import { type AgedPartition, formatDay, MS_PER_DAY } from './partition.ts';
import { type DiskPlan, WARN_FULLNESS } from './plan-disk.ts';
import { dropDay } from './plan-retention.ts';

/** One node after a round. */
export interface NodeSnapshot {
  readonly node: string;
  readonly inventory: Inventory;
  /** Without what has been dropped. */
  readonly partitions: readonly AgedPartition[];
  readonly disk: DiskPlan;
}

type NextDrop = NonNullable<StorageStatus['nextDrop']>;

/** @param nowUnixMs by the trusted clock. */
export function buildStorageStatus(
  nodes: readonly NodeSnapshot[],
  limits: { readonly maxBytes: number | undefined; readonly journalBytes: number },
  nowUnixMs: number,
  warnings: readonly string[],
): StorageStatus {
  const partitions = nodes.flatMap((node) => node.partitions).filter(({ spans }) => spans > 0);
  const days = partitions.map(({ day }) => day);
  const next = nodes.map((node) => nextDropOf(node, nowUnixMs)).filter((drop) => drop !== undefined);
  const tables = nodes.flatMap(({ inventory }) => inventory.tables);
  return {
    bytes: tables.reduce((sum, { bytes }) => sum + bytes, limits.journalBytes),
    spans: partitions.reduce((sum, { spans }) => sum + spans, 0),
    oldestDay: days.length === 0 ? null : formatDay(days.reduce((a, b) => Math.min(a, b))),
    newestDay: days.length === 0 ? null : formatDay(days.reduce((a, b) => Math.max(a, b))),
    limitBytes: limits.maxBytes === undefined ? null : limits.maxBytes * nodes.length,
    freeBytes: nodes.reduce(
      (least, { inventory }) => Math.min(least, inventory.disk.freeBytes),
      Number.MAX_SAFE_INTEGER,
    ),
    ...(next.length > 0 && { nextDrop: next.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a)) }),
    warnings,
  };
}

function timeOf({ atUnixMs }: NextDrop): number {
  return atUnixMs ?? Number.POSITIVE_INFINITY;
}

function nextDropOf({ partitions, disk }: NodeSnapshot, nowUnixMs: number): NextDrop | undefined {
  let first: AgedPartition | undefined;
  let firstDay = Number.POSITIVE_INFINITY;
  for (const partition of partitions) {
    const day = dropDay(partition);
    if (day === undefined || day >= firstDay || partition.spans === 0) continue;
    first = partition;
    firstDay = day;
  }
  const byRetention = first && describe(first, 'retention', firstDay * MS_PER_DAY);
  if (disk.next === undefined) return byRetention;
  const { partition, inMs } = disk.next;
  const byDisk = describe(partition, 'disk', inMs === undefined ? null : Math.round(nowUnixMs + inMs));
  if (byRetention === undefined) return byDisk.atUnixMs === null && disk.fullness < WARN_FULLNESS ? undefined : byDisk;
  return timeOf(byDisk) < timeOf(byRetention) ? byDisk : byRetention;
}

function describe(partition: AgedPartition, reason: NextDrop['reason'], atUnixMs: number | null): NextDrop {
  const { day, retentionDays, spans, bytes } = partition;
  return { reason, day: formatDay(day), retentionDays, spans, bytes, atUnixMs };
}

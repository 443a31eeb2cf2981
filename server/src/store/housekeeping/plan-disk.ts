/** What to drop when the disk, or the share of it that Clew may use, is full. Pure. */
import type { AgedPartition } from './partition.ts';

export interface DiskReading {
  /** Live data of the store, and of the journal where it lies on the same disk. */
  readonly usedBytes: number;
  /** `store.maxDiskBytes`. */
  readonly maxBytes: number | undefined;
  readonly freeBytes: number;
  /** Of parts that are dropped or merged and not deleted yet: free soon. */
  readonly pendingBytes: number;
  /** `store.minFreeDiskBytes`; 0 for none. */
  readonly minFreeBytes: number;
  /** What the store grows by. */
  readonly bytesPerHour: number;
}

export interface DiskPlan {
  /** Bytes beyond the limit that is exceeded most; 0 or less when none is. */
  readonly excessBytes: number;
  /** Share of the limit that is nearest: 1 is full. 0 without a limit. */
  readonly fullness: number;
  /** Oldest first. */
  readonly drop: readonly AgedPartition[];
  /** What would go next, and after how much more growth. */
  readonly next: { readonly partition: AgedPartition; readonly inMs: number | undefined } | undefined;
  /** A limit is exceeded and nothing is left that may be dropped: senders must wait. */
  readonly isExhausted: boolean;
}

/** Dropped for the disk within the last hour. */
export interface RecentDrops {
  readonly days: ReadonlySet<number>;
  readonly bytes: number;
}

/** Share of the limit from which on it is said what will be dropped. */
export const WARN_FULLNESS = 0.8;
const MS_PER_HOUR = 3_600_000;

/**
 * Drops the oldest day first, over all classes and those that are kept for ever, and of one day what would have gone
 * first anyway. The day of today is never dropped: senders that are told to wait lose less than those whose spans are
 * acknowledged and gone.
 *
 * One day an hour is enough for whatever Clew writes itself, since a day's spans take a day to come; more are dropped
 * only as far as the store has grown by more. So nobody's large file on the same disk, and no slip in a limit, costs
 * all spans before anybody has read the warning.
 */
export function planDisk(
  partitions: readonly AgedPartition[],
  reading: DiskReading,
  recent: RecentDrops,
  today: number,
): DiskPlan {
  const { excessBytes, fullness } = measure(reading);
  const candidates = partitions.filter(({ keptFrom }) => keptFrom < today).sort(byAge);
  const drop: AgedPartition[] = [];
  const days = new Set(recent.days);
  let dropped = 0;
  for (const partition of candidates) {
    if (dropped >= excessBytes) break;
    const isPaced = days.size === 0 || days.has(partition.keptFrom);
    if (!isPaced && recent.bytes + dropped >= 2 * reading.bytesPerHour) break;
    days.add(partition.keptFrom);
    drop.push(partition);
    dropped += partition.bytes;
  }
  const first = candidates[drop.length];
  const isLimited = reading.maxBytes !== undefined || reading.minFreeBytes > 0;
  return {
    excessBytes,
    fullness,
    drop,
    next: first === undefined || !isLimited ? undefined : { partition: first, inMs: timeUntil(reading, excessBytes) },
    isExhausted: excessBytes > 0 && candidates.length === 0,
  };
}

function measure({ usedBytes, maxBytes, freeBytes, pendingBytes, minFreeBytes }: DiskReading): {
  readonly excessBytes: number;
  readonly fullness: number;
} {
  const soonFree = freeBytes + pendingBytes;
  const ofFree = minFreeBytes === 0 ? Number.NEGATIVE_INFINITY : minFreeBytes - soonFree;
  const ofMax = maxBytes === undefined ? Number.NEGATIVE_INFINITY : usedBytes - maxBytes;
  // What is there for Clew: what it has and what it may still take.
  const room = usedBytes + Math.max(0, soonFree - minFreeBytes);
  const limit = Math.min(maxBytes ?? Number.POSITIVE_INFINITY, minFreeBytes === 0 ? Number.POSITIVE_INFINITY : room);
  const excessBytes = Math.max(ofFree, ofMax);
  const share = Number.isFinite(limit) && limit > 0 ? usedBytes / limit : 0;
  return { excessBytes, fullness: excessBytes > 0 ? Math.max(1, share) : share };
}

function timeUntil({ bytesPerHour }: DiskReading, excessBytes: number): number | undefined {
  if (excessBytes >= 0) return 0;
  if (bytesPerHour <= 0 || !Number.isFinite(excessBytes)) return undefined;
  return (-excessBytes / bytesPerHour) * MS_PER_HOUR;
}

/** Oldest day first; of one day the shortest class, those that are kept for ever last. */
function byAge(a: AgedPartition, b: AgedPartition): number {
  if (a.keptFrom !== b.keptFrom) return a.keptFrom - b.keptFrom;
  return (a.retentionDays || Number.MAX_SAFE_INTEGER) - (b.retentionDays || Number.MAX_SAFE_INTEGER);
}

/**
 * What the store grows by, from what yesterday and today have brought.
 * @param nowUnixMs by the trusted clock.
 */
export function growthPerHour(partitions: readonly AgedPartition[], nowUnixMs: number): number {
  const today = Math.floor(nowUnixMs / (24 * MS_PER_HOUR));
  const recent = partitions.filter(({ keptFrom }) => keptFrom === today || keptFrom === today - 1);
  const firstDay = Math.min(today, ...recent.map(({ keptFrom }) => keptFrom));
  const hours = Math.max(1, nowUnixMs / MS_PER_HOUR - firstDay * 24);
  return recent.reduce((sum, { bytes }) => sum + bytes, 0) / hours;
}

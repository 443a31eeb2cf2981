/** From which day each partition's time is counted. Pure. */
import { type AgedPartition, dayOf, MS_PER_DAY, type Partition } from './partition.ts';
import { tryLateDay } from './plan-retention.ts';
import type { TrustedClock } from './trusted-clock.ts';

export interface KnownPartitions {
  readonly seen: readonly string[];
  readonly late: Readonly<Record<string, number>>;
}

/**
 * @param known undefined where nothing is remembered: then every partition is taken as it stands.
 * @param isComplete whether every node has answered; else what is not there is not forgotten.
 */
export function notePartitions(
  known: KnownPartitions | undefined,
  partitions: readonly Partition[],
  clock: TrustedClock,
  isComplete: boolean,
): KnownPartitions {
  const ids = new Set(partitions.map(({ id }) => id));
  if (known === undefined) return { seen: [...ids], late: {} };
  const before = new Set(known.seen);
  const late: Record<string, number> = {};
  for (const [id, day] of Object.entries(known.late)) if (ids.has(id) || !isComplete) late[id] = day;
  for (const partition of partitions) {
    if (before.has(partition.id)) continue;
    const day = tryLateDay(partition, dayOf(clock.unixMs));
    if (day !== undefined) late[partition.id] = day;
  }
  return { seen: isComplete ? [...ids] : [...new Set([...before, ...ids])], late };
}

export function agePartitions(
  partitions: readonly Partition[],
  late: KnownPartitions['late'],
  today: number,
): readonly AgedPartition[] {
  return partitions.map((partition) => ({
    ...partition,
    // Never beyond today: a day noted by a clock that was ahead would keep it until that clock is right.
    keptFrom: Math.max(partition.day, Math.min(late[partition.id] ?? partition.day, today)),
  }));
}

/**
 * The clock to begin with where none is remembered: the wall clock, unless the newest spans are so much older that
 * it may have jumped; then the end of their day, and the jump has to last.
 */
export function firstClock(partitions: readonly Partition[], wallUnixMs: number): TrustedClock {
  const past = partitions.map(({ day }) => (day + 1) * MS_PER_DAY).filter((end) => end <= wallUnixMs);
  const hasToday = partitions.some(({ day }) => day === dayOf(wallUnixMs));
  return { unixMs: hasToday || past.length === 0 ? wallUnixMs : Math.max(...past) };
}

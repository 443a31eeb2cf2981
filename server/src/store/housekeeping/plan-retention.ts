/** Which partitions have been kept for as long as their class says. Pure. */
import { MAX_START_OFFSET_DAYS } from '../encode/day.ts';
import type { AgedPartition, CatalogueWeek, Partition } from './partition.ts';

/** A span lies at most this many days from its reception, and its catalogue rows on the day of the reception. */
const CATALOGUE_REACH_DAYS = MAX_START_OFFSET_DAYS + 1;
/** Catalogue weeks this young stay, whatever refers to them: spans may wait in a journal. */
const CATALOGUE_GRACE_DAYS = 14;
const DAYS_PER_WEEK = 7;

/** Partitions whose last day was more than their class's days ago: each is kept for at least its days in full. */
export function planRetention(partitions: readonly AgedPartition[], today: number): readonly AgedPartition[] {
  return partitions.filter((partition) => isOver(partition, today));
}

function isOver({ retentionDays, keptFrom }: AgedPartition, today: number): boolean {
  return retentionDays > 0 && today - keptFrom > retentionDays;
}

/** The day on which a partition will be dropped; undefined for one that is kept for ever. */
export function dropDay({ retentionDays, keptFrom }: AgedPartition): number | undefined {
  return retentionDays === 0 ? undefined : keptFrom + retentionDays + 1;
}

/**
 * Catalogue weeks that no stored span can refer to. By what is stored and not by what is configured: a span keeps its
 * resource for as long as it is there, whatever its class.
 */
export function planCatalogue(
  weeks: readonly CatalogueWeek[],
  partitions: readonly Partition[],
  today: number,
): readonly CatalogueWeek[] {
  let oldest = today - CATALOGUE_GRACE_DAYS;
  for (const { day } of partitions) oldest = Math.min(oldest, day);
  return weeks.filter(({ monday }) => monday + DAYS_PER_WEEK - 1 + CATALOGUE_REACH_DAYS < oldest);
}

/**
 * The day a newly seen partition is kept from, where that is not its own: spans that waited long in the journal, or
 * came while the clock was set back, would else be dropped as soon as they are in.
 * @param today the trusted clock's.
 */
export function tryLateDay({ day }: Partition, today: number): number | undefined {
  return day < today - CATALOGUE_REACH_DAYS ? today : undefined;
}

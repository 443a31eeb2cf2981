/** What an operator should know of a node's tables before it hurts. Pure. */
import type { Inventory } from './load-inventory.ts';
import { formatAbout, formatBytes, formatDay, MS_PER_DAY } from './partition.ts';
import { type DiskPlan, type DiskReading, WARN_FULLNESS } from './plan-disk.ts';
import type { Warning } from './recurring-warnings.ts';
import { JUMP_HOLD_MS, type TrustedClock } from './trusted-clock.ts';

/** Share of parts_to_delay_insert, from which on inserts are made larger and this is worth a line. */
export const CROWDED_SHARE = 0.3;
/** A merge or mutation this old does not get on. */
const STUCK_SECONDS = 3 * 3600;

export function findTableWarnings(node: string, inventory: Inventory): readonly Warning[] {
  const { fullestPartition, partsToDelay, partsToThrow, merges, mutations, detached } = inventory;
  const warnings: Warning[] = [];
  const add = (kind: string, level: Warning['level'], message: string) =>
    warnings.push({ key: `${kind}:${node}`, level, message, fields: { node } });
  if (fullestPartition !== undefined && partsToDelay > 0 && fullestPartition.parts > partsToDelay * CROWDED_SHARE) {
    const { table, id, parts } = fullestPartition;
    add(
      'parts',
      parts > partsToDelay ? 'error' : 'warn',
      `partition ${id} of ${table} has ${parts} parts (inserts are slowed down at ${partsToDelay}, refused at ` +
        `${partsToThrow}). Merges do not keep up: Clew inserts larger groups; give the store more CPU or faster disks.`,
    );
  }
  if (merges.longestSeconds > STUCK_SECONDS) {
    const age = formatAbout(merges.longestSeconds * 1000);
    add('merge', 'warn', `a merge has been running for ${age}. See system.merges and the load on the disks.`);
  }
  if (mutations.failing > 0) {
    add(
      'mutation',
      'error',
      `${mutations.failing} mutations fail again and again: ${mutations.reason}. See system.mutations; KILL MUTATION ends one.`,
    );
  }
  if (detached.parts > 0) {
    add(
      'detached',
      'warn',
      `${detached.parts} detached parts use ${formatBytes(detached.bytes)}. They are not read: attach or drop them by hand, ` +
        'see system.detached_parts.',
    );
  }
  return warnings;
}

export function findDiskWarnings(node: string, plan: DiskPlan, reading: DiskReading): readonly Warning[] {
  if (plan.fullness < WARN_FULLNESS) return [];
  const fields = { node, usedBytes: reading.usedBytes, freeBytes: reading.freeBytes };
  const limit = describeLimit(reading);
  if (plan.isExhausted) {
    return [
      {
        key: `disk-full:${node}`,
        level: 'error',
        fields,
        message: `${limit}, and only the spans of today are left: senders are asked to wait. Free space, or raise the limit.`,
      },
    ];
  }
  const partition = plan.drop[0] ?? plan.next?.partition;
  if (partition === undefined) return [];
  const { day, bytes, spans } = partition;
  const inMs = plan.drop.length > 0 ? 0 : plan.next?.inMs;
  const when = inMs === undefined ? 'when it is full' : inMs === 0 ? 'soon' : `in about ${formatAbout(inMs)}`;
  return [
    {
      key: diskKey(node),
      subject: partition.id,
      level: 'warn',
      fields,
      message:
        `${limit}. Will drop the spans of ${formatDay(day)} (${formatBytes(bytes)}, ${spans} spans) ${when}` +
        `${inMs ? ' at the present rate' : ''}. Raise the limit, free space or lower the retention to keep newer ones longer.`,
    },
  ];
}

/** The key of the warning that says which partition is to go; its id is the subject. */
export function diskKey(node: string): string {
  return `disk:${node}`;
}

export function describeLimit({ usedBytes, maxBytes, freeBytes, pendingBytes, minFreeBytes }: DiskReading): string {
  const isMax = maxBytes !== undefined && usedBytes - maxBytes >= minFreeBytes - freeBytes - pendingBytes;
  return isMax
    ? `the store has ${formatBytes(usedBytes)} (limit ${formatBytes(maxBytes)}, store.maxDiskBytes)`
    : `the disk has ${formatBytes(freeBytes)} free (limit ${formatBytes(minFreeBytes)}, store.minFreeDiskBytes)`;
}

export function findClockWarnings(clock: TrustedClock, isContradicted: boolean): readonly Warning[] {
  const { doubt } = clock;
  if (doubt === undefined) return [];
  const wall = new Date(clock.unixMs + doubt.aheadMs).toISOString();
  const days = Math.round(Math.abs(doubt.aheadMs) / MS_PER_DAY);
  const jump = `the clock says ${wall}, ${days} days ${doubt.aheadMs > 0 ? 'later' : 'earlier'} than expected`;
  const why = isContradicted
    ? 'The spans that arrive say otherwise, so nothing is dropped by that clock. Correct it.'
    : `Nothing is dropped by it until it has stayed for ${formatAbout(JUMP_HOLD_MS)} of running. ` +
      'If Clew was off for so long, all is well; else correct the clock.';
  return [{ key: 'clock', level: 'error', message: `${jump}. ${why}`, fields: { aheadMs: doubt.aheadMs } }];
}

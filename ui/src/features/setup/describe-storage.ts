import type { StorageStatus } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { formatBytes } from '../../text/format-bytes.ts';
import { formatCompact } from '../../text/format-count.ts';
import { formatShortInstant } from '../../text/format-time.ts';

const MS_PER_DAY = 86_400_000;

/** What the store holds, in one line: "1.2M spans, 80 MB on disk, from 2026-10-21 to 2026-11-20, …". */
export function describeStorage(storage: StorageStatus): string {
  const words = text.setup.storage;
  const { spans, bytes, oldestDay, newestDay, limitBytes, freeBytes } = storage;
  const parts = [words.stored(formatCompact(spans), formatBytes(bytes))];
  if (oldestDay !== null && newestDay !== null) parts.push(words.since(oldestDay, newestDay));
  parts.push(words.room(limitBytes === null ? undefined : formatBytes(limitBytes), formatBytes(freeBytes)));
  return parts.join(', ');
}

/** The drop that is worth a line: of the disk always, of retention when it comes within a day. */
export function describeNextDrop({ nextDrop }: StorageStatus, nowMs: number): string | undefined {
  if (nextDrop === undefined) return undefined;
  const words = text.setup.storage;
  const { reason, day, bytes, atUnixMs } = nextDrop;
  const soon = atUnixMs !== null && atUnixMs <= nowMs ? words.soon : undefined;
  const when = soon ?? (atUnixMs === null ? words.whenFull : words.at(formatShortInstant(atUnixMs, nowMs)));
  if (reason === 'disk') return words.fullSoon(day, formatBytes(bytes), when);
  return atUnixMs !== null && atUnixMs - nowMs < MS_PER_DAY ? words.keptFor(day, when) : undefined;
}

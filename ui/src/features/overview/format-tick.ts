import { formatClock, formatShortInstant } from '../../text/format-time.ts';

/** The label of a tick of the time axis: as exact as the ticks are apart. */
export function formatTick(tick: number, ticks: readonly number[], nowMs: number): string {
  const apartMs = ticks.length > 1 ? ticks[1] - ticks[0] : 60_000;
  if (apartMs < 1000) return formatClock(tick);
  if (apartMs < 60_000) return formatClock(tick).slice(0, 8);
  return formatShortInstant(tick, nowMs);
}

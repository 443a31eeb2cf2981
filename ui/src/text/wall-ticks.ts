import { instantOfWallTime, zoneOffsetMs } from './time-zone.ts';

/**
 * Instants within the range at which clocks of the zone in use show multiples of a step counted from midnight (days
 * from 1970 on), in order. All unix milliseconds. Midnight stays midnight on both sides of a change of daylight saving.
 */
export function wallTicks(fromMs: number, toMs: number, stepMs: number): number[] {
  const ticks: number[] = [];
  const lastWall = toMs + zoneOffsetMs(toMs);
  for (let wall = Math.ceil((fromMs + zoneOffsetMs(fromMs)) / stepMs) * stepMs; wall <= lastWall; wall += stepMs) {
    const at = instantOfWallTime(wall);
    if (at >= fromMs && at <= toMs && at > (ticks.at(-1) ?? Number.NEGATIVE_INFINITY)) ticks.push(at);
  }
  return ticks;
}

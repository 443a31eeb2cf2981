/**
 * The time by which spans are dropped. A wall clock that jumps a year ahead must not drop a year of spans, so a jump
 * is believed only after it has lasted, while the program ran, for JUMP_HOLD_MS. See docs/operating/retention.md.
 */
import { MS_PER_DAY } from './partition.ts';

/** A clock this far from where it should be is believed at once: NTP, a nap of a laptop, a short stop. */
export const JUMP_TOLERANCE_MS = MS_PER_DAY;
/** Running time for which a larger jump must last. */
export const JUMP_HOLD_MS = 6 * 3_600_000;

export interface TrustedClock {
  readonly unixMs: number;
  /** Present while the wall clock is somewhere else and not believed yet. */
  readonly doubt?: ClockDoubt;
}

export interface ClockDoubt {
  /** Wall clock minus trusted clock. */
  readonly aheadMs: number;
  /** Running time for which the wall clock has been there. */
  readonly heldMs: number;
}

export interface ClockReading {
  readonly wallUnixMs: number;
  /** Since the clock was advanced last, by a clock that cannot be set; 0 after a start. */
  readonly elapsedMs: number;
}

/**
 * Pure. A doubt whose `heldMs` has reached JUMP_HOLD_MS stays until `believe` ends it: the caller may know of
 * evidence against the wall clock.
 */
export function advanceClock(clock: TrustedClock, { wallUnixMs, elapsedMs }: ClockReading): TrustedClock {
  const expectedMs = clock.unixMs + elapsedMs;
  const aheadMs = wallUnixMs - expectedMs;
  if (Math.abs(aheadMs) <= JUMP_TOLERANCE_MS) return { unixMs: wallUnixMs };
  const before = clock.doubt;
  // Nights of a laptop move the wall clock on while it is in doubt; another jump starts the wait anew.
  const isSame = before !== undefined && Math.abs(aheadMs - before.aheadMs) <= JUMP_TOLERANCE_MS;
  return { unixMs: expectedMs, doubt: { aheadMs, heldMs: isSame ? before.heldMs + elapsedMs : 0 } };
}

/** Whether the wall clock has been where it is for long enough. */
export function isJumpHeld({ doubt }: TrustedClock): boolean {
  return doubt !== undefined && doubt.heldMs >= JUMP_HOLD_MS;
}

/** The clock after its doubt has been given up. */
export function believe(clock: TrustedClock): TrustedClock {
  return { unixMs: clock.unixMs + (clock.doubt?.aheadMs ?? 0) };
}

/** The time drops are planned by: neither clock may be behind it. */
export function dropTimeMs(clock: TrustedClock): number {
  return clock.unixMs + Math.min(0, clock.doubt?.aheadMs ?? 0);
}

/**
 * Shares of a room that many use at once, tenants or clients, of which none is to crowd out another.
 *
 * - Nobody holds more than four times what is left, so that nobody alone has all of it (4/5 at most), several who want
 *   more have the same each, and there is always room for one that comes new (the dynamic threshold of shared-memory
 *   switches, Choudhury and Hahne 1998).
 * - What somebody has just given back counts as held for a moment more, up to an equal part of half the room: senders
 *   whose requests are answered together come back together, and would find the place taken by who never pauses.
 * - Whoever holds less than an equal part of all is within it, whatever others hold.
 */
export class FairShares {
  readonly #nowMs: () => number;
  readonly #byKey = new Map<string, Share>();
  #capacity: number;
  #held = 0;
  /** What is kept for those who have given it back. */
  #kept = 0;
  #windowEndMs = 0;

  /** @param capacity the room, in any unit. */
  constructor(capacity: number, nowMs = () => performance.now()) {
    this.#capacity = capacity;
    this.#nowMs = nowMs;
  }

  get capacity(): number {
    return this.#capacity;
  }

  /** What is held beyond a new capacity stays held. What is kept goes by the old one for the rest of a window. */
  set capacity(capacity: number) {
    this.#capacity = capacity;
  }

  get held(): number {
    return this.#held;
  }

  heldBy(key: string): number {
    return this.#byKey.get(key)?.held ?? 0;
  }

  /** Whether `key` would hold no more than an equal part, one left over for whoever comes next. */
  isWithinPart(key: string, amount: number): boolean {
    if (this.#nowMs() >= this.#windowEndMs) this.#startWindow();
    const share = this.#byKey.get(key);
    const parts = this.#byKey.size + (share === undefined ? 2 : 1);
    return (share?.held ?? 0) + amount <= this.#capacity / parts;
  }

  /** Whether `key` may hold so much more for all that others hold. That all hold too much is to be asked before. */
  hasRoom(key: string, amount: number): boolean {
    if (this.isWithinPart(key, amount)) return true;
    const share = this.#byKey.get(key);
    const keptForOthers = this.#kept - (share === undefined ? 0 : keptFor(share));
    const free = this.#capacity - this.#held - amount - keptForOthers;
    return (share?.held ?? 0) + amount <= free * SHARE_OF_FREE;
  }

  /** @param amount what `key` holds more, or less when it is negative. */
  change(key: string, amount: number): void {
    let share = this.#byKey.get(key);
    if (share === undefined) {
      share = { held: 0, peak: 0, keep: 0 };
      this.#byKey.set(key, share);
    }
    this.#held += amount;
    this.#kept -= keptFor(share);
    share.held += amount;
    if (share.held > share.peak) share.peak = share.held;
    if (share.held === 0 && this.#byKey.size > MAX_REMEMBERED) this.#byKey.delete(key);
    else this.#kept += keptFor(share);
  }

  #startWindow(): void {
    this.#windowEndMs = this.#nowMs() + WINDOW_MS;
    this.#kept = 0;
    for (const [key, { peak }] of this.#byKey) if (peak === 0) this.#byKey.delete(key);
    const most = (this.#capacity * KEPT_PART) / this.#byKey.size;
    for (const share of this.#byKey.values()) {
      share.keep = Math.min(share.peak, most);
      share.peak = share.held;
      this.#kept += keptFor(share);
    }
  }
}

interface Share {
  held: number;
  /** Most that was held in this window. */
  peak: number;
  /** Most that is kept: what was held at most in the window before. */
  keep: number;
}

function keptFor({ keep, held }: Share): number {
  return keep > held ? keep - held : 0;
}

const SHARE_OF_FREE = 4;
/** Part of the room that is kept for those who come back, at most: many who come seldom would keep all of it. */
const KEPT_PART = 1 / 2;
/** How long it is kept, twice that at most: longer than a request takes. */
const WINDOW_MS = 500;
/** Those beyond hold what they hold, and nothing is kept for them. */
const MAX_REMEMBERED = 10_000;

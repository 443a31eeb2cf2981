/**
 * How `memory.limitBytes` is divided when nobody divides it by hand. What is left is what the processes need besides:
 * pages of programs and libraries are 290 MiB, what the engine's process has beside what it reckons with is 100 MiB, and
 * Node with two workers needs 200 MiB of its own when little is under way. See docs/internals/memory.md.
 */

const MIB = 2 ** 20;
/** Of the engine's process and of Node, whatever the limit. */
const ENGINE_BESIDES_BYTES = 280 * MIB;

export const MEMORY_SHARES = {
  engine: (limitBytes: number): number => share(limitBytes, 0.68, 256 * MIB, ENGINE_BESIDES_BYTES),
  /** Never above the engine's, which a small limit leaves little of. */
  query: (limitBytes: number): number => Math.min(share(limitBytes, 0.4, 128 * MIB), MEMORY_SHARES.engine(limitBytes)),
  /** Never below the largest body there is by default. */
  inFlight: (limitBytes: number): number => share(limitBytes, 0.07, 64 * MIB),
  journal: (limitBytes: number): number => share(limitBytes, 0.05, 16 * MIB),
} as const;

function share(limitBytes: number, part: number, leastBytes: number, lessBytes = 0): number {
  return Math.max(leastBytes, Math.floor((limitBytes * part - lessBytes) / MIB) * MIB);
}

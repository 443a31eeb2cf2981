/**
 * How `memory.limitBytes` is divided when nobody divides it by hand. What is left over, about a quarter, is what two
 * Node processes with their threads, code and garbage need.
 */

const MIB = 2 ** 20;

export const MEMORY_SHARES = {
  engine: (limitBytes: number): number => share(limitBytes, 0.58, 256 * MIB),
  query: (limitBytes: number): number => share(limitBytes, 0.4, 128 * MIB),
  /** Never below the largest body there is by default. */
  inFlight: (limitBytes: number): number => share(limitBytes, 0.1, 64 * MIB),
  journal: (limitBytes: number): number => share(limitBytes, 0.06, 16 * MIB),
} as const;

function share(limitBytes: number, part: number, leastBytes: number): number {
  return Math.max(leastBytes, Math.floor((limitBytes * part) / MIB) * MIB);
}

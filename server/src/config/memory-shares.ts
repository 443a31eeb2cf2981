/**
 * How `memory.limitBytes` is divided when nobody divides it by hand. What is left is what the processes need besides:
 * measured under overload, the engine's resident memory is 120 MiB above what it reckons with, and Node with two workers
 * is at 330 MiB with bodies and journal in it.
 */

const MIB = 2 ** 20;
/** Of the engine's process and of Node, whatever the limit. */
const ENGINE_BESIDES_BYTES = 240 * MIB;

export const MEMORY_SHARES = {
  engine: (limitBytes: number): number => share(limitBytes, 0.68, 256 * MIB, ENGINE_BESIDES_BYTES),
  query: (limitBytes: number): number => share(limitBytes, 0.4, 128 * MIB),
  /** Never below the largest body there is by default. */
  inFlight: (limitBytes: number): number => share(limitBytes, 0.07, 64 * MIB),
  journal: (limitBytes: number): number => share(limitBytes, 0.05, 16 * MIB),
} as const;

function share(limitBytes: number, part: number, leastBytes: number, lessBytes = 0): number {
  return Math.max(leastBytes, Math.floor((limitBytes * part - lessBytes) / MIB) * MIB);
}

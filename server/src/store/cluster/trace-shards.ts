/**
 * Which shard a trace is on. Workers, readers and ClickHouse itself must agree: a Distributed table takes the shard of
 * slot `sharding key % sum of weights`, where each shard has as many slots in a row as its weight.
 *
 * xxHash32 since both sides compute it cheaply, and all 16 bytes of the id count: ids whose low or high half is a
 * time or a counter spread as evenly as random ones.
 */
import type { TraceId } from '@clew/model';

/** The sharding key of the Distributed tables. */
export const SHARDING_KEY_SQL = 'xxHash32(trace_id)';

/** Slots in all; weights are small numbers. */
const MAX_SLOTS = 65_536;

const PRIME_1 = 0x9e3779b1;
const PRIME_2 = 0x85ebca77;
const PRIME_3 = 0xc2b2ae3d;

/**
 * xxHash32 with seed 0 of 16 bytes, as four little-endian words; an unsigned number.
 * Source: github.com/Cyan4973/xxHash, doc/xxhash_spec.md.
 */
export function hashTraceId(a: number, b: number, c: number, d: number): number {
  let hash =
    rotate(round((PRIME_1 + PRIME_2) | 0, a), 1) +
    rotate(round(PRIME_2 | 0, b), 7) +
    rotate(round(0, c), 12) +
    rotate(round(-PRIME_1 | 0, d), 18);
  hash = (hash + 16) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), PRIME_2);
  hash = Math.imul(hash ^ (hash >>> 13), PRIME_3);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function round(lane: number, word: number): number {
  return Math.imul(rotate((lane + Math.imul(word, PRIME_2)) | 0, 13), PRIME_1);
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/**
 * The shard (from 0) of each slot. A shard of weight 0 gets no new spans.
 * @throws RangeError when no shard has a weight, or the weights are too large to list.
 */
export function slotsOf(weights: readonly number[]): Uint16Array<ArrayBuffer> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total < 1 || total > MAX_SLOTS) {
    throw new RangeError(
      `cluster: the weights of its shards add up to ${total} (1 to ${MAX_SLOTS}). Use small whole numbers.`,
    );
  }
  const slots = new Uint16Array(total);
  let from = 0;
  for (const [shard, weight] of weights.entries()) {
    slots.fill(shard, from, from + weight);
    from += weight;
  }
  return slots;
}

export function shardOfTrace(traceId: TraceId, slots: Uint16Array): number {
  const bytes = Buffer.from(traceId, 'hex');
  const hash = hashTraceId(bytes.readInt32LE(0), bytes.readInt32LE(4), bytes.readInt32LE(8), bytes.readInt32LE(12));
  return slots[hash % slots.length];
}

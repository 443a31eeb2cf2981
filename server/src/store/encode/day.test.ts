import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { dayOfReception, MAX_START_OFFSET_DAYS, PartitionDay } from './day.ts';

const NANO_PER_DAY = 86_400_000_000_000n;
const RECEIVED_UNIX_MS = Date.UTC(2025, 9, 9, 12);
const RECEIVED_DAY = BigInt(dayOfReception(RECEIVED_UNIX_MS));

function dayOf(partitionDay: PartitionDay, startUnixNano: bigint): bigint {
  const low = Number(BigInt.asIntN(32, startUnixNano));
  const high = Number(BigInt.asIntN(32, startUnixNano >> 32n));
  return BigInt(partitionDay.dayOf(low, high, RECEIVED_UNIX_MS));
}

describe('PartitionDay', () => {
  it('is the day of the start, exact to the nanosecond at midnight', () => {
    const partitionDay = new PartitionDay();
    for (let day = RECEIVED_DAY - 2n; day <= RECEIVED_DAY + 2n; day++) {
      const midnight = day * NANO_PER_DAY;
      expect(dayOf(partitionDay, midnight)).toBe(day);
      expect(dayOf(partitionDay, midnight - 1n)).toBe(day - 1n);
      expect(dayOf(partitionDay, midnight + 1n)).toBe(day);
      expect(dayOf(partitionDay, midnight + NANO_PER_DAY - 1n)).toBe(day);
    }
  });

  it('agrees with big integers on random starts within the plausible days', () => {
    const seed = 7;
    const random = new Random(seed);
    const partitionDay = new PartitionDay();
    const span = NANO_PER_DAY * BigInt(MAX_START_OFFSET_DAYS) - 1000n;
    for (let i = 0; i < 2000; i++) {
      const offset = (random.uint64() % (span * 2n)) - span;
      const start = BigInt(RECEIVED_UNIX_MS) * 1_000_000n + offset;
      expect(dayOf(partitionDay, start), `seed ${seed}, start ${start}`).toBe(start / NANO_PER_DAY);
    }
  });

  it.each([0n, 1n, 2n ** 63n, 2n ** 64n - 1n, BigInt(RECEIVED_UNIX_MS) * 1_000_000n - 4n * NANO_PER_DAY])(
    'is the day of the reception for the implausible start %s',
    (start) => {
      expect(dayOf(new PartitionDay(), start)).toBe(RECEIVED_DAY);
    },
  );
});

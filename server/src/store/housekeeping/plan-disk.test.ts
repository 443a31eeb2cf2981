import { describe, expect, it } from 'vitest';
import { findDiskWarnings } from './find-warnings.ts';
import { type AgedPartition, MS_PER_DAY } from './partition.ts';
import { type DiskReading, growthPerHour, planDisk } from './plan-disk.ts';

const GB = 1e9;
const TODAY = 20_777;
const NOTHING_YET = { days: new Set<number>(), bytes: 0 };
const ROOMY: DiskReading = {
  usedBytes: 50 * GB,
  maxBytes: undefined,
  freeBytes: 500 * GB,
  pendingBytes: 0,
  minFreeBytes: GB,
  bytesPerHour: GB,
};

function partition(retentionDays: number, keptFrom: number, gigabytes = 10): AgedPartition {
  return {
    id: `${retentionDays}-${keptFrom}`,
    retentionDays,
    day: keptFrom,
    keptFrom,
    spans: 1e6,
    bytes: gigabytes * GB,
  };
}
const FIVE_DAYS = [0, -4, -1, -3, -2].map((offset) => partition(30, TODAY + offset));
const ids = (partitions: readonly AgedPartition[]) => partitions.map(({ id }) => id);

describe('the disk plan', () => {
  it('drops nothing while there is room, and knows what would go next', () => {
    const plan = planDisk(FIVE_DAYS, { ...ROOMY, maxBytes: 60 * GB }, NOTHING_YET, TODAY);
    expect(plan).toMatchObject({ excessBytes: -10 * GB, drop: [], isExhausted: false });
    expect(plan.next).toMatchObject({ partition: { keptFrom: TODAY - 4 }, inMs: 10 * 3_600_000 });
    expect(plan.fullness).toBeCloseTo(50 / 60);
  });

  it('drops nothing without a limit', () => {
    const plan = planDisk(FIVE_DAYS, { ...ROOMY, freeBytes: 0, minFreeBytes: 0 }, NOTHING_YET, TODAY);
    expect(plan).toMatchObject({ drop: [], fullness: 0, next: undefined, isExhausted: false });
  });

  it('drops the oldest day first, over all classes, those for ever last of their day', () => {
    const partitions = [...FIVE_DAYS, partition(0, TODAY - 4), partition(7, TODAY - 4), partition(0, TODAY - 3)];
    const plan = planDisk(partitions, { ...ROOMY, usedBytes: 80 * GB, maxBytes: 55 * GB }, NOTHING_YET, TODAY);
    expect(ids(plan.drop)).toEqual([`7-${TODAY - 4}`, `30-${TODAY - 4}`, `0-${TODAY - 4}`]);
  });

  it('drops no more than it must', () => {
    const partitions = [...FIVE_DAYS, partition(7, TODAY - 4)];
    const plan = planDisk(partitions, { ...ROOMY, usedBytes: 60 * GB, maxBytes: 55 * GB }, NOTHING_YET, TODAY);
    expect(ids(plan.drop)).toEqual([`7-${TODAY - 4}`]);
  });

  it('counts what is about to be deleted as free', () => {
    const reading = { ...ROOMY, freeBytes: 0.2 * GB, minFreeBytes: GB };
    expect(ids(planDisk(FIVE_DAYS, reading, NOTHING_YET, TODAY).drop)).toEqual([`30-${TODAY - 4}`]);
    expect(planDisk(FIVE_DAYS, { ...reading, pendingBytes: 10 * GB }, NOTHING_YET, TODAY).drop).toEqual([]);
  });

  it('takes one day an hour, whatever the limit says', () => {
    const tiny = { ...ROOMY, maxBytes: GB, bytesPerHour: GB };
    expect(ids(planDisk(FIVE_DAYS, tiny, NOTHING_YET, TODAY).drop)).toEqual([`30-${TODAY - 4}`]);
    const recent = { days: new Set([TODAY - 5]), bytes: 10 * GB };
    expect(planDisk(FIVE_DAYS, tiny, recent, TODAY)).toMatchObject({ drop: [], isExhausted: false });
  });

  it('takes more where the store itself grows faster than that', () => {
    const fast = { ...ROOMY, maxBytes: GB, bytesPerHour: 12 * GB };
    expect(planDisk(FIVE_DAYS, fast, NOTHING_YET, TODAY).drop).toHaveLength(3);
    const recent = { days: new Set([TODAY - 5]), bytes: 20 * GB };
    expect(planDisk(FIVE_DAYS, fast, recent, TODAY).drop).toHaveLength(1);
  });

  it('never drops today or a day to come, and says when nothing is left', () => {
    const partitions = [partition(30, TODAY), partition(30, TODAY + 1), partition(1, TODAY + 365)];
    const plan = planDisk(partitions, { ...ROOMY, maxBytes: GB, freeBytes: 0 }, NOTHING_YET, TODAY);
    expect(plan).toMatchObject({ drop: [], next: undefined, isExhausted: true });
    expect(plan.fullness).toBeGreaterThanOrEqual(1);
  });

  it('is at its limit on a full disk although it holds next to nothing', () => {
    const plan = planDisk([], { ...ROOMY, usedBytes: 0, freeBytes: 0 }, NOTHING_YET, TODAY);
    expect(plan).toMatchObject({ fullness: 1, isExhausted: true });
  });
});

describe('growth', () => {
  it('is what yesterday and today have brought', () => {
    expect(growthPerHour(FIVE_DAYS, TODAY * MS_PER_DAY + MS_PER_DAY / 2)).toBeCloseTo((20 * GB) / 36);
    expect(growthPerHour([partition(30, TODAY)], TODAY * MS_PER_DAY + MS_PER_DAY / 2)).toBeCloseTo((10 * GB) / 12);
    expect(growthPerHour([partition(30, TODAY - 9)], TODAY * MS_PER_DAY)).toBe(0);
  });
});

describe('disk warnings', () => {
  const warn = (reading: DiskReading, partitions = FIVE_DAYS) =>
    findDiskWarnings('one', planDisk(partitions, reading, NOTHING_YET, TODAY), reading).map(({ message }) => message);

  it('say from 80 % on what will be dropped and about when', () => {
    expect(warn({ ...ROOMY, maxBytes: 63 * GB })).toEqual([]);
    const [message] = warn({ ...ROOMY, maxBytes: 60 * GB });
    expect(message).toMatch(
      /^the store has 50\.0 GB \(limit 60\.0 GB, store\.maxDiskBytes\)\. Will drop the spans of 2026-11-16 \(10\.0 GB, 1000000 spans\) in about 10 hours at the present rate/,
    );
  });

  it('name the limit that is nearest', () => {
    expect(warn({ ...ROOMY, freeBytes: 0.5 * GB })[0]).toMatch(
      /^the disk has 500 MB free \(limit 1\.0 GB, store\.minFreeDiskBytes\)\. Will drop the spans of 2026-11-16 .* soon\./,
    );
  });

  it('say that senders wait when only today is left', () => {
    expect(warn({ ...ROOMY, maxBytes: GB }, [partition(30, TODAY)])[0]).toContain('senders are asked to wait');
  });
});

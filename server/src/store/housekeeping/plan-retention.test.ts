import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { agePartitions, firstClock, notePartitions } from './age-partitions.ts';
import { formatDay, MS_PER_DAY, type Partition, tryParseDay, tryParsePartitionId } from './partition.ts';
import { dropDay, planCatalogue, planRetention } from './plan-retention.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? Date.now() % 1_000_000_000);
const TODAY = tryParseDay('20261120') ?? 0;
const week = (monday: number) => ({ table: 'resources', id: formatDay(monday).replaceAll('-', ''), monday, bytes: 1 });

function partition(retentionDays: number, day: number): Partition {
  return { id: `${retentionDays}-${formatDay(day).replaceAll('-', '')}`, retentionDays, day, spans: 10, bytes: 1000 };
}

function aged(partitions: readonly Partition[], late: Readonly<Record<string, number>> = {}) {
  return agePartitions(partitions, late, TODAY);
}

describe('partition names', () => {
  it('are read back, and anything else is not taken for one', () => {
    expect(tryParsePartitionId('30-20261120')).toEqual({ retentionDays: 30, day: TODAY });
    for (const id of ['all', '20261120', '30-20261331', '30-20260230', '-1-20261120', '30-20261120-1', "('x')"]) {
      expect(tryParsePartitionId(id)).toBeUndefined();
    }
  });
});

describe('retention', () => {
  it('keeps every span for its days in full, and classes apart', () => {
    const partitions = [
      partition(1, TODAY),
      partition(1, TODAY - 1),
      partition(1, TODAY - 2),
      partition(30, TODAY - 30),
      partition(30, TODAY - 31),
      partition(0, TODAY - 4000),
    ];
    expect(planRetention(aged(partitions), TODAY).map(({ id }) => id)).toEqual(['1-20261118', '30-20261020']);
    for (const one of aged(partitions)) {
      const day = dropDay(one);
      if (day === undefined) continue;
      expect(planRetention([one], day - 1)).toEqual([]);
      expect(planRetention([one], day)).toEqual([one]);
    }
  });

  it(`never drops a partition that is within its days or for ever (seed ${SEED})`, () => {
    const random = new Random(SEED);
    for (let i = 0; i < 2000; i++) {
      const one = partition(random.between(0, 400), TODAY - random.between(0, 800) + 10);
      const isOver = one.retentionDays > 0 && TODAY > one.day + one.retentionDays;
      expect(planRetention(aged([one]), TODAY)).toHaveLength(isOver ? 1 : 0);
    }
  });

  it('counts from the arrival for spans that waited or came while the clock was set back', () => {
    const old = partition(30, TODAY - 400);
    const before = notePartitions(undefined, [partition(30, TODAY)], { unixMs: TODAY * MS_PER_DAY }, true);
    const known = notePartitions(before, [partition(30, TODAY), old], { unixMs: TODAY * MS_PER_DAY }, true);
    expect(known.late).toEqual({ [old.id]: TODAY });
    const partitions = aged([old], known.late);
    expect(planRetention(partitions, TODAY + 30)).toEqual([]);
    expect(planRetention(partitions, TODAY + 31)).toEqual(partitions);
  });

  it('does not take what was there before for late, nor what a silent node holds', () => {
    const old = partition(30, TODAY - 400);
    const clock = { unixMs: TODAY * MS_PER_DAY };
    const first = notePartitions(undefined, [old], clock, true);
    expect(first).toEqual({ seen: [old.id], late: {} });
    const silent = notePartitions(first, [], clock, false);
    expect(notePartitions(silent, [old], clock, true).late).toEqual({});
  });

  it('does not believe a day noted by a clock that was ahead', () => {
    const late = { [partition(30, TODAY - 400).id]: TODAY + 20_000 };
    expect(agePartitions([partition(30, TODAY - 400)], late, TODAY)[0].keptFrom).toBe(TODAY);
  });
});

describe('the first clock', () => {
  const wall = TODAY * MS_PER_DAY + 1000;

  it('is the wall clock for an empty store and for one with spans of today', () => {
    expect(firstClock([], wall)).toEqual({ unixMs: wall });
    expect(firstClock([partition(30, TODAY - 100), partition(30, TODAY)], wall)).toEqual({ unixMs: wall });
  });

  it('is the end of the newest day where spans end long ago', () => {
    const partitions = [partition(30, TODAY - 401), partition(30, TODAY - 400)];
    expect(firstClock(partitions, wall)).toEqual({ unixMs: (TODAY - 399) * MS_PER_DAY });
  });
});

describe('the catalogue', () => {
  const monday = TODAY - ((TODAY + 3) % 7);

  it('keeps every week that a stored span may refer to', () => {
    expect(new Date(monday * MS_PER_DAY).getUTCDay()).toBe(1);
    const weeks = Array.from({ length: 20 }, (_, i) => week(monday - 7 * i));
    const oldest = TODAY - 60;
    const dropped = planCatalogue(weeks, [partition(90, oldest), partition(30, TODAY)], TODAY);
    expect(dropped.length).toBeGreaterThan(5);
    for (const one of weeks) {
      // A span of the oldest day was received up to three days before or after.
      const mayBeNeeded = one.monday + 6 >= oldest - 3;
      if (mayBeNeeded) expect(dropped).not.toContain(one);
    }
  });

  it('stays for ever while a span is kept for ever, and for two weeks when nothing is stored', () => {
    const weeks = Array.from({ length: 200 }, (_, i) => week(monday - 7 * i));
    expect(planCatalogue(weeks, [partition(0, TODAY - 1390), partition(1, TODAY)], TODAY)).toEqual([]);
    const left = weeks.filter((one) => !planCatalogue(weeks, [], TODAY).includes(one));
    expect(left.map((one) => one.monday)).toEqual([monday, monday - 7, monday - 14]);
  });
});

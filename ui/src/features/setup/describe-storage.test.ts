import type { StorageStatus } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { describeNextDrop, describeStorage } from './describe-storage.ts';

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR = 3_600_000;
const STORAGE: StorageStatus = {
  bytes: 80_000_000,
  spans: 1_234_567,
  oldestDay: '2026-10-21',
  newestDay: '2026-11-20',
  limitBytes: null,
  freeBytes: 500e9,
  warnings: [],
};
const drop = (reason: 'retention' | 'disk', atUnixMs: number | null): StorageStatus => ({
  ...STORAGE,
  nextDrop: { reason, day: '2026-10-21', retentionDays: 30, spans: 10, bytes: 12e9, atUnixMs },
});

describe('the storage line', () => {
  it('says how much there is, of when, and how much room is left', () => {
    expect(describeStorage(STORAGE)).toBe(
      '1.2M spans, 80 MB on disk, from 2026-10-21 to 2026-11-20, 500 GB of the disk are free',
    );
    expect(describeStorage({ ...STORAGE, spans: 0, oldestDay: null, newestDay: null, limitBytes: 50e9 })).toBe(
      '0 spans, 80 MB on disk, the limit is 50 GB',
    );
  });

  it('names what the disk drops next, and what retention drops within a day', () => {
    expect(describeNextDrop(drop('disk', NOW - 1), NOW)).toBe(
      'The disk fills up: the spans of 2026-10-21 (12 GB) will be dropped soon.',
    );
    expect(describeNextDrop(drop('disk', null), NOW)).toContain('when it is full');
    expect(describeNextDrop(drop('retention', NOW + 3 * HOUR), NOW)).toMatch(
      /^The time of the spans of 2026-10-21 is over: they will be dropped at /,
    );
    expect(describeNextDrop(drop('retention', NOW + 30 * HOUR), NOW)).toBeUndefined();
    expect(describeNextDrop(STORAGE, NOW)).toBeUndefined();
  });
});

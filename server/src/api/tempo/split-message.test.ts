import { encodeMessage } from '@clew/wire/tempo/encode-message-protobuf';
import { QUERY_INSTANT_RESPONSE, QUERY_RANGE_RESPONSE, TAG_VALUES_RESPONSE } from '@clew/wire/tempo/tempo-messages';
import { describe, expect, it } from 'vitest';
import { MAX_MESSAGE_BYTES, splitMessage } from './split-message.ts';

const labels = (i: number): object[] => [{ key: 'k'.repeat(2_000), value: { type: 'int', value: BigInt(i) } }];

describe('a large answer', () => {
  it('becomes messages within the limit that hold all of it in order', () => {
    const tagValues = Array.from({ length: 3_000 }, (_, i) => `${i} `.padEnd(1_000, 'x'));
    const parts = splitMessage(TAG_VALUES_RESPONSE, { tagValues, metrics: { totalJobs: 1 } });
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.flatMap((part) => Reflect.get(part, 'tagValues') as string[])).toEqual(tagValues);
    for (const part of parts) {
      expect(encodeMessage(TAG_VALUES_RESPONSE, part).length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
      expect(part).toMatchObject({ metrics: { totalJobs: 1 } });
    }
  });

  it('of series over time is cut, and of one value a series is not', () => {
    const rest = { metrics: {}, status: 0, message: '' };
    const range = Array.from({ length: 1_000 }, (_, i) => ({ labels: labels(i), samples: [], exemplars: [] }));
    expect(splitMessage(QUERY_RANGE_RESPONSE, { series: range, ...rest }).length).toBeGreaterThan(1);
    const instant = Array.from({ length: 1_000 }, (_, i) => ({ labels: labels(i), value: i }));
    expect(splitMessage(QUERY_INSTANT_RESPONSE, { series: instant, ...rest })).toHaveLength(1);
  });

  it('of one element cannot be cut', () => {
    expect(splitMessage(TAG_VALUES_RESPONSE, { tagValues: ['x'.repeat(2 ** 21)], metrics: {} })).toHaveLength(1);
  });
});

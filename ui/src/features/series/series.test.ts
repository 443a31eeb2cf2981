import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { timeTicks, valueTicks } from './chart-axis.ts';
import { layoutChart, linePath } from './chart-layout.ts';
import { formatMetric } from './format-metric.ts';
import { placeExamples } from './series-examples.ts';
import { figuresOf, shownSeries, wholeBuckets } from './series-figures.ts';
import { seriesLabel } from './series-label.ts';

const one = (values: readonly (number | null)[], ...labels: FoundSeries['labels']): FoundSeries => ({ labels, values });
const label = (name: string, value: string) => ({ name, type: 'string', value }) as const;

const answer = (pointCount: number, storedUntilUnixMs?: number): MetricsAnswer => ({
  startUnixNano: '1790000000000000000',
  stepNano: '60000000000',
  pointCount,
  series: [],
  statistics: {
    rowsRead: 0,
    bytesRead: 0,
    elapsedMs: 0,
    complete: true,
    source: 'spans',
    ...(storedUntilUnixMs !== undefined && { storedUntilUnixMs }),
  },
});

describe('the axes', () => {
  it.each([
    [0, 1, [0, 0.25, 0.5, 0.75, 1]],
    [0, 51, [0, 20, 40, 60]],
    [0, 0.0012, [0, 0.0005, 0.001, 0.0015]],
    [-3, 7, [-5, -2.5, 0, 2.5, 5, 7.5]],
    [0, 0, [0, 0.25, 0.5, 0.75, 1]],
  ])('have round numbers from %d to %d', (low, high, ticks) => {
    expect(valueTicks(low, high)).toEqual(ticks);
  });

  it('have round times, as many as there is room for', () => {
    const from = new Date(2026, 10, 20, 13, 58, 7).getTime();
    const ticks = timeTicks(from, from + 3_600_000, 6);
    expect(ticks.map((at) => [new Date(at).getHours(), new Date(at).getMinutes()])).toEqual([
      [14, 0],
      [14, 10],
      [14, 20],
      [14, 30],
      [14, 40],
      [14, 50],
    ]);
    const days = timeTicks(from, from + 5 * 86_400_000, 5);
    expect(days.every((at) => new Date(at).getHours() === 0)).toBe(true);
  });
});

describe('a line', () => {
  it('runs from bucket to bucket and is interrupted where there is no value', () => {
    const series = [one([0, 4, null, 2, null])];
    const layout = layoutChart(answer(5), series, 64 + 12 + 400, 10 + 24 + 100);
    expect(linePath(series[0], layout)).toBe('M64.0 110.0L164.0 10.0M364.0 60.0h3');
    expect(layout.bucketAt(0)).toBe(0);
    expect(layout.bucketAt(215)).toBe(2);
    expect(layout.bucketAt(9_999)).toBe(4);
  });
});

describe('series', () => {
  it('are named by their values where that is enough', () => {
    expect(seriesLabel(one([], label('resource.service.name', 'cart')))).toBe('cart');
    expect(
      seriesLabel(one([], label('__name__', 'quantile_over_time'), { name: 'p', type: 'double', value: '0.9' })),
    ).toBe('p=0.9');
    expect(seriesLabel(one([], label('a', 'x'), { name: 'b', type: 'nil', value: '' }))).toBe('a=x b=nil');
    expect(seriesLabel(one([], label('__name__', 'rate')))).toBe('rate');
  });

  it('come by their mean, and their last value is of a bucket that is over', () => {
    const [small, large] = [one([1, 1, 0]), one([null, 5, 0])];
    expect(shownSeries([small, large])).toEqual([large, small]);
    const whole = wholeBuckets(answer(3, 1_790_000_000_000 + 150_000));
    expect(whole).toBe(2);
    expect(figuresOf(large, whole)).toEqual({ last: 5, min: 0, avg: 2.5, max: 5 });
    expect(figuresOf(one([null])).last).toBeUndefined();
  });

  it('have the unit of what was measured', () => {
    expect(formatMetric(0.0451, 'seconds')).toBe('45.1 ms');
    expect(formatMetric(12.345, 'per-second')).toBe('12.35/s');
    expect(formatMetric(null, 'count')).toBe('–');
  });
});

describe('examples', () => {
  const minute = 60_000_000_000n;
  const start = 1_790_000_000_000_000_000n;
  const exemplar = (spanId: string, at: bigint, value: number | null = null) => ({
    ...{ traceId: 't', spanId, startTimeUnixNano: String(start + at), value },
  });
  const shown = [one([1, null, 3], label('name', 'a')), one([4, 5, 6], label('name', 'b'))];

  it('lie on the line of their series, in the bucket that counts them, newest first', () => {
    const measured = [
      { ...one([4, 5, 6], label('name', 'b')), exemplars: [exemplar('1', minute), exemplar('2', minute + 1n, 0.5)] },
      { ...one([1, null, 3], label('name', 'a')), exemplars: [exemplar('3', 3n * minute)] },
    ];
    const placed = placeExamples(answer(3), shown, measured);
    expect(
      placed.map(({ spanId, series, bucket, value, measured: own }) => [spanId, series, bucket, value, own]),
    ).toEqual([
      ['3', 0, 2, 3, null],
      ['1', 1, 0, 4, null],
      ['2', 1, 1, 5, 0.5],
    ]);
  });

  it('of other series, other times or buckets without a value are left out', () => {
    const measured = [
      { ...one([], label('name', 'c')), exemplars: [exemplar('1', 1n)] },
      {
        ...one([], label('name', 'a')),
        exemplars: [
          exemplar('2', minute + 1n),
          exemplar('3', 3n * minute + 1n),
          exemplar('4', 0n),
          exemplar('5', -minute),
        ],
      },
    ];
    expect(placeExamples(answer(3), shown, measured)).toEqual([]);
  });
});

import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { Random } from '@clew/testkit/random';
import { describe, expect, it } from 'vitest';
import { histogramQuantile } from './histogram-quantile.ts';
import { buildOverview, highOfRow, ROWS_PER_DOUBLING } from './overview-model.ts';
import { stepOf } from './overview-step.ts';
import { tableOf } from './table-rows.ts';

const START_MS = 1_790_000_000_000;

function answer(series: readonly FoundSeries[], pointCount: number, storedUntilUnixMs?: number): MetricsAnswer {
  return {
    startUnixNano: `${START_MS}000000`,
    stepNano: '60000000000',
    pointCount,
    series,
    statistics: {
      rowsRead: 0,
      bytesRead: 0,
      elapsedMs: 0,
      complete: true,
      source: 'spans',
      ...(storedUntilUnixMs !== undefined && { storedUntilUnixMs }),
    },
  };
}

/** @param nanos the bucket's bound */
function series(status: string, nanos: number, values: readonly (number | null)[]): FoundSeries {
  return {
    labels: [
      { name: 'status', type: 'status', value: status },
      { name: '__bucket', type: 'double', value: String(nanos / 1e9) },
    ],
    values,
  };
}

describe('the overview', () => {
  it('has spans and errors by time and duration, with the sums of each column', () => {
    const overview = buildOverview(
      answer(
        [
          series('unset', 2 ** 20, [1, 0, null]),
          series('error', 2 ** 20, [2, 0, 0]),
          series('unset', 2 ** 21, [0, 4, 0]),
        ],
        3,
        START_MS + 150_000,
      ),
    );
    expect(overview.rows).toBe(ROWS_PER_DOUBLING + 2);
    expect(highOfRow(overview, 1)).toBe(2 ** 20);
    expect(highOfRow(overview, overview.rows - 1)).toBe(2 ** 21);
    expect([...overview.columnSpans]).toEqual([3, 4, 0]);
    expect([...overview.columnErrors]).toEqual([2, 0, 0]);
    expect(overview.spans[1]).toBe(3);
    expect(overview.errors[1]).toBe(2);
    expect(overview).toMatchObject({ total: 7, totalErrors: 2, startMs: START_MS, stepMs: 60_000, wholeColumns: 2 });
    expect([...overview.quantiles[0]].map(Number.isNaN)).toEqual([false, false, true]);
  });

  it('puts what took no time into the lowest row, and has no durations where spans were only counted', () => {
    const none = buildOverview(answer([series('unset', 0, [5]), series('unset', 2 ** 20, [1])], 1));
    expect(none.spans[0]).toBe(5);
    expect(none.hasDurations).toBe(true);
    const labels = [{ name: 'status', type: 'status', value: 'error' }] as const;
    const counted = buildOverview(answer([{ labels, values: [3, 4] }], 2));
    expect(counted).toMatchObject({ hasDurations: false, total: 7, totalErrors: 7 });
    expect(counted.totalQuantiles.every(Number.isNaN)).toBe(true);
    expect(buildOverview(answer([], 4))).toMatchObject({ total: 0, rows: 1 });
  });

  it('has quantiles within a row of the exact ones', () => {
    const random = new Random(11);
    for (let round = 0; round < 50; round++) {
      const durations = random.list(1, 400, () => Math.round(10 ** (3 + 6 * (random.between(0, 1_000) / 1_000))));
      const steps = durations.map((nanos) => Math.ceil(Math.log2(nanos) * ROWS_PER_DOUBLING - 1e-9));
      const weights = new Float64Array(40 * ROWS_PER_DOUBLING);
      for (const step of steps) weights[step]++;
      const sorted = durations.toSorted((a, b) => a - b);
      for (const q of [0.5, 0.95, 0.99]) {
        const exact = sorted[Math.max(0, Math.ceil(q * sorted.length - 1e-9) - 1)];
        const read = histogramQuantile(weights, 0, weights.length, q, (row) => 2 ** (row / ROWS_PER_DOUBLING));
        expect(Math.abs(Math.log2(read / exact))).toBeLessThanOrEqual(1 / ROWS_PER_DOUBLING + 1e-6);
      }
    }
    expect(histogramQuantile(new Float64Array(4), 0, 4, 0.5, () => 1)).toBeNaN();
  });

  it('is a table of at most thirty times, with every span in one of its bands', () => {
    const random = new Random(12);
    const all = Array.from({ length: 90 }, (_, step) =>
      series(
        step % 7 === 0 ? 'error' : 'unset',
        2 ** (10 + step / ROWS_PER_DOUBLING),
        random.list(100, 100, () => random.between(0, 9)),
      ),
    );
    const overview = buildOverview(answer(all, 100));
    const { bands, rows } = tableOf(overview);
    expect(rows.length).toBe(25);
    expect(rows.reduce((sum, row) => sum + row.spans, 0)).toBe(overview.total);
    expect(rows.reduce((sum, row) => sum + row.errors, 0)).toBe(overview.totalErrors);
    for (const row of rows) expect(row.bands.reduce((a, b) => a + b, 0)).toBe(row.spans);
    expect(bands.at(-1)).toBeGreaterThanOrEqual(highOfRow(overview, overview.rows - 1));
    expect(rows.at(-1)?.toMs).toBe(START_MS + 100 * 60_000);
  });
});

describe('the columns of the charts', () => {
  it.each([
    [3_600_000, 30_000],
    [300_000, 5_000],
    [86_400_000, 900_000],
    [30 * 86_400_000, 6 * 3_600_000],
    [40, 1],
    [0, 1],
  ])('of %d ms are %d ms each', (length, step) => {
    expect(stepOf({ fromMs: START_MS, toMs: START_MS + length }, 120)).toBe(step);
  });
});

import type { FoundSeries } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { chartStepMs, hasErrors, quantileSeries, statusSeries } from './chart-series.ts';

const series = (name: string, value: string): FoundSeries => ({
  labels: [{ name, type: 'string', value }],
  values: [],
});
const values = (all: readonly FoundSeries[]): readonly string[] => all.map(({ labels }) => labels[0].value);

describe('the charts of a service', () => {
  it('have about sixty buckets of whole minutes', () => {
    expect(chartStepMs(3_600_000)).toBe(60_000);
    expect(chartStepMs(24 * 3_600_000)).toBe(24 * 60_000);
    expect(chartStepMs(3_700_000)).toBe(120_000);
    expect(chartStepMs(300_000)).toBe(15_000);
  });

  it('have errors first, and quantiles from the smallest', () => {
    const byStatus = ['unset', 'error', 'ok'].map((status) => series('status', status));
    expect(values(statusSeries(byStatus))).toEqual(['error', 'ok', 'unset']);
    expect(hasErrors(byStatus)).toBe(true);
    expect(hasErrors(byStatus.slice(0, 1))).toBe(false);
    expect(values(quantileSeries(['0.99', '0.5'].map((p) => series('p', p))))).toEqual(['0.5', '0.99']);
  });
});

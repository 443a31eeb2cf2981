import type { FoundSeries, MetricsAnswer } from '@clew/contract';
import { describe, expect, it } from 'vitest';
import { findDeployments, MAX_DEPLOYMENTS } from './deployments.ts';

const of = (service: string, version: string, values: readonly (number | null)[]): FoundSeries => ({
  labels: [
    { name: 'resource.service.name', type: 'string', value: service },
    { name: 'resource.service.version', type: version === '' ? 'nil' : 'string', value: version },
  ],
  values,
});
const answer = (...series: readonly FoundSeries[]): MetricsAnswer => ({
  startUnixNano: '1790000000000000000',
  stepNano: '60000000000',
  pointCount: 4,
  series,
  statistics: { rowsRead: 0, bytesRead: 0, elapsedMs: 0, complete: true, source: 'spans' },
});

describe('deployments', () => {
  it('are versions that begin while their service was there before', () => {
    const found = findDeployments(
      answer(
        of('cart', '1.0', [4, 4, 1, 0]),
        of('cart', '1.1', [0, null, 3, 4]),
        of('shop', '7.0', [0, 0, 2, 2]),
        of('mail', '', [1, 1, 0, 0]),
        of('mail', '2.0', [0, 0, 0, 1]),
        of('bank', '3.0', [1, 0, 0, 0]),
        of('bank', '3.1', [0, 5, 0, 0]),
      ),
    );
    expect(found).toEqual([
      { service: 'bank', version: '3.1', column: 1, atMs: 1_790_000_060_000 },
      { service: 'cart', version: '1.1', column: 2, atMs: 1_790_000_120_000 },
    ]);
  });

  it('are so many at most', () => {
    const versions = Array.from({ length: 60 }, (_, at) => of('cart', `1.${at}`, at === 0 ? [1] : [0, 1]));
    expect(findDeployments(answer(...versions)).length).toBe(MAX_DEPLOYMENTS);
  });
});

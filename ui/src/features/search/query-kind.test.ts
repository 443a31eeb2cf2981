import { describe, expect, it } from 'vitest';
import { queryKindOf } from './query-kind.ts';

describe('what the page shows for a query', () => {
  it.each([
    ['', { kind: 'traces', hasSets: false }],
    ['{ status = error }', { kind: 'traces', hasSets: false }],
    ['{ status =', { kind: 'traces', hasSets: false }],
    ['{ } >> { status = error }', { kind: 'traces', hasSets: true }],
    ['{ } | select(span.http.route)', { kind: 'traces', hasSets: true }],
    ['{ } | rate() by(name)', { kind: 'metrics', unit: 'per-second' }],
    ['{ } | quantile_over_time(duration, .9)', { kind: 'metrics', unit: 'seconds' }],
    ['{ } | max_over_time(span.size)', { kind: 'metrics', unit: 'number' }],
    ['{ } | histogram_over_time(duration)', { kind: 'metrics', unit: 'count' }],
  ])('%s', (query, kind) => {
    expect(queryKindOf(query)).toEqual(kind);
  });
});

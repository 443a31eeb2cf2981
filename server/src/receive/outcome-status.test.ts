import { describe, expect, test } from 'vitest';
import { refusalOf } from './outcome-status.ts';
import { DEFAULT_RECEIVE_LIMITS } from './receive-limits.ts';

describe('a refusal that may be retried', () => {
  test('says 429 and RESOURCE_EXHAUSTED for a limit of the tenant, 503 and UNAVAILABLE for one of Clew', () => {
    const limited = refusalOf({ kind: 'limited', message: 'm', retryAfterMs: 1 }, DEFAULT_RECEIVE_LIMITS);
    expect(limited).toMatchObject({ httpStatus: 429, grpcStatus: 8, reason: 'limited' });
    const overloaded = refusalOf({ kind: 'overloaded', message: 'm', retryAfterMs: 1 }, DEFAULT_RECEIVE_LIMITS);
    expect(overloaded).toMatchObject({ httpStatus: 503, grpcStatus: 14, reason: 'overloaded' });
  });

  test('is spread over time, and never invites before its wait is over', () => {
    const waits = Array.from(
      { length: 500 },
      () => refusalOf({ kind: 'limited', message: '', retryAfterMs: 700 }, DEFAULT_RECEIVE_LIMITS).retryAfterMs ?? 0,
    );
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(700);
    expect(Math.max(...waits)).toBeLessThanOrEqual(700 + DEFAULT_RECEIVE_LIMITS.retrySpreadMs);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });
});

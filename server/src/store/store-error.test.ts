import { ClickHouseError } from '@clickhouse/client';
import { expect, it } from 'vitest';
import { isNotConnected, isRetryableStoreError, StoreAbortedError, StoreUnavailableError } from './store-error.ts';

const engineError = (code: number) => new ClickHouseError({ code: String(code), type: 'X', message: 'x' });

it('calls retryable what is about the state of the store', () => {
  for (const code of [60, 202, 210, 241, 242, 243, 252, 319, 999]) {
    expect(isRetryableStoreError(engineError(code)), String(code)).toBe(true);
  }
  for (const code of ['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE']) {
    expect(isRetryableStoreError(Object.assign(new Error('x'), { code })), code).toBe(true);
  }
  expect(isRetryableStoreError(new StoreUnavailableError('x'))).toBe(true);
});

it('calls final what is wrong with the request, and what is not the store', () => {
  for (const code of [33, 47, 53, 62, 117, 394]) {
    expect(isRetryableStoreError(engineError(code)), String(code)).toBe(false);
  }
  expect(isRetryableStoreError(new StoreAbortedError())).toBe(false);
  expect(isRetryableStoreError(new TypeError('x'))).toBe(false);
  expect(isRetryableStoreError('x')).toBe(false);
});

it('calls a request unsent when its connection was never made, and not when one that was made broke', () => {
  const failed = (code: string, syscall: string) => Object.assign(new Error('x'), { code, syscall });
  expect(isNotConnected(failed('ECONNREFUSED', 'connect'))).toBe(true);
  expect(isNotConnected(failed('ENOENT', 'connect'))).toBe(true);
  expect(isNotConnected(failed('ECONNRESET', 'connect'))).toBe(true);
  expect(isNotConnected(failed('ECONNRESET', 'read'))).toBe(false);
  expect(isNotConnected(failed('EPIPE', 'write'))).toBe(false);
});

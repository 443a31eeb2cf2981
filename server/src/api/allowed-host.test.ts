import { describe, expect, it } from 'vitest';
import { isAllowedHost } from './allowed-host.ts';

describe('isAllowedHost', () => {
  it.each([
    '127.0.0.1:8317',
    '127.0.0.1',
    '[::1]:8317',
    'localhost',
    'LOCALHOST:8317',
    'clew.localhost',
    'localhost.',
    '10.0.0.7:80',
    undefined,
    '',
  ])('lets %s in', (host) => {
    expect(isAllowedHost(host, [])).toBe(true);
  });

  it.each([
    'evil.example',
    'evil.example:8317',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'xlocalhost',
    '127.0.0.1@evil.example',
  ])('keeps %s out', (host) => {
    expect(isAllowedHost(host, [])).toBe(false);
  });

  it('lets in what is allowed by name, in any case, and everything for *', () => {
    expect(isAllowedHost('Clew.Example:8317', ['clew.example'])).toBe(true);
    expect(isAllowedHost('other.example', ['clew.example'])).toBe(false);
    expect(isAllowedHost('other.example', ['*'])).toBe(true);
  });
});

import type { TraceId } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor, type SearchCursor } from './cursor.ts';

const CURSOR: SearchCursor = {
  range: { fromUnixNano: 0n, toUnixNano: 18_446_744_073_709_551_615n },
  after: { newestMatchUnixNano: 1_760_000_000_123_456_789n, traceId: '00ff'.repeat(8) as TraceId },
};
const QUERY = '{ name = "x" }';

describe('a cursor', () => {
  it('comes back as it was made', () => {
    expect(decodeCursor(encodeCursor(CURSOR, 't', QUERY), 't', QUERY)).toEqual(CURSOR);
  });

  it('fits into a URL as it is', () => {
    expect(encodeCursor(CURSOR, 't', QUERY)).toMatch(/^[A-Za-z0-9_-]{71}$/);
  });

  it.each([
    ['another query', 't', '{ name = "y" }'],
    ['another tenant', 'u', QUERY],
    ['tenant and query cut elsewhere', `t${QUERY}`, ''],
  ])('is refused for %s', (_, tenant, query) => {
    expect(() => decodeCursor(encodeCursor(CURSOR, 't', QUERY), tenant, query)).toThrow(
      expect.objectContaining({ code: 'QUERY_CURSOR_MISMATCH' }),
    );
  });

  it('is refused when any character is changed, left out or added', () => {
    const text = encodeCursor(CURSOR, 't', QUERY);
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'A' ? 'B' : 'A';
      for (const changed of [
        text.slice(0, i) + other + text.slice(i + 1),
        text.slice(0, i) + text.slice(i + 1),
        `${text.slice(0, i)}A${text.slice(i)}`,
        `${text.slice(0, i)}!${text.slice(i)}`,
      ]) {
        if (changed === text) continue;
        expect(() => decodeCursor(changed, 't', QUERY), changed).toThrow(
          expect.objectContaining({ code: 'QUERY_CURSOR_INVALID' }),
        );
      }
    }
  });

  it.each(['', '!', 'AQ', 'cursor', '\u0000'])("is refused when it is '%s'", (text) => {
    expect(() => decodeCursor(text, 't', QUERY)).toThrow(expect.objectContaining({ code: 'QUERY_CURSOR_INVALID' }));
  });
});

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { gunzipBody } from './gunzip-body.ts';

const MIB = 2 ** 20;

function noisy(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 2654435761) >>> 13;
  return bytes;
}

describe('a gzip body', () => {
  test.each([0, 1, 1000, 65_536, MIB, 3 * MIB + 7])('of %d bytes comes back as it was', (length) => {
    const content = noisy(length);
    expect(Buffer.compare(gunzipBody(gzipSync(content), 4 * MIB), content)).toBe(0);
  });

  test('of several members is one body', () => {
    const body = Buffer.concat([gzipSync(noisy(100_000)), gzipSync(noisy(50))]);
    expect(Buffer.compare(gunzipBody(body, MIB), Buffer.concat([noisy(100_000), noisy(50)]))).toBe(0);
  });

  test('at the limit is taken, one byte more is not', () => {
    expect(gunzipBody(gzipSync(noisy(MIB)), MIB)).toHaveLength(MIB);
    expect(() => gunzipBody(gzipSync(noisy(MIB + 1)), MIB)).toThrow(
      expect.objectContaining({ code: 'BODY_TOO_LARGE', message: expect.stringContaining('1048576 bytes') }),
    );
  });

  test('of a bomb stops at the limit, whatever its trailer says', () => {
    const bomb = gzipSync(Buffer.alloc(200 * MIB));
    for (const promised of [200 * MIB, 0, 1, 0xffffffff]) {
      bomb.writeUInt32LE(promised, bomb.length - 4);
      expect(() => gunzipBody(bomb, MIB)).toThrow(expect.objectContaining({ code: 'BODY_TOO_LARGE' }));
    }
  });

  test('with a wrong trailer is damaged, not trusted', () => {
    const body = gzipSync(noisy(1000));
    body.writeUInt32LE(0xfffffff0, body.length - 4);
    expect(() => gunzipBody(body, MIB)).toThrow(expect.objectContaining({ code: 'BODY_DAMAGED' }));
  });

  test('that is cut, empty or no gzip at all is damaged', () => {
    const body = gzipSync(noisy(100_000));
    for (const damagedBody of [body.subarray(0, body.length - 9), Buffer.alloc(0), noisy(5000), Buffer.alloc(18)]) {
      expect(() => gunzipBody(damagedBody, MIB)).toThrow(expect.objectContaining({ code: 'BODY_DAMAGED' }));
    }
  });
});

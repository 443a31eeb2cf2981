import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { loadUnzstd, loadWasmUnzstd } from './unzstd-body.ts';
import { zstdContentBound } from './zstd-frames.ts';

const MIB = 2 ** 20;

// Made by zstd 1.5 of the 1612 bytes below; the second and third without a content size, as a stream has none.
const WITH_SIZE =
  'KLUv/WRMBa0FAJJMHhSQq9gAWn7wnt1tPJG9aad0xPo/xmwrtnloPqdSSZnVkcmPLunjVH+Tp3i7X5FQcaw9j51I06pN5mykzlNdps3Z6+hlGntX' +
  'MZOmc5dG6lZEVnPWE8qR1d720PC/DxW5XjUbjxcQgCJhYByEwaGxIDCOQuKQAyFQMAJCqBGAGH7/M7BXqgMRJBgivEdAhPkBAY3htwEUfKPfS5hE' +
  '7gYJjPW3AGwTYBX4oAYhGB4nGBwDpArdluwL';
const STREAMED =
  'KLUv/QRYzQYAEk0gGJAnaQMAELfwo7Jf7A6YrOxNO6XLrP9zDAS3FdMsNDR/aaRsVTL+xET+OFXf9ZCXOxWdasbcK4VI09cjY5vWeRIX0X42dX5N' +
  'Uq5kPs3MXaoUrYSM5t45sRzLKnuLPTT870NFrlfNxuONQ4EoCAJAFAwUwxBAcGBgKIZAwZBxKBBFdaghkNr978Cjcg4QjBIvPRGlCMMbOQgKyFbD' +
  'Uopg+wC05uPQYOYQbigpRnQXkYGAKHwxFHC9O2g0ESgTcZBznPCBaDzBVoxQxYgT9rKJLzsQFz+tCt2W7As=';
/** 300,000 zeros, then the same text. */
const STREAMED_ZEROS_FIRST =
  'KLUv/QBYVAAAEAAAAQD7/znAAgIAEAANBwDSjB8YkCdpAwAQNx+/trf/L52ye9NO6TLr/8oohNuKaRYamr80UrYqGX9iIn+cqu96yMudik41Y+6V' +
  'QqTp65GxTes8iYtoP5s6vyYpVzKfZuYuVYpWQkZz75xYjmWVvcUeGv73oSLXq2bj8QgJOBgKilEYMEhAKBSDwDBkHAgcCoB3qCGM2f3PwKNyDhJI' +
  '4CuCl/H7//8bEZ0l7y25EL6VWQNJFtHiocfN3+Fb1zqIUcLsbjPiD4Movaes8312AOsi+gTdJe8t6w+xw45D2UT1OELcxibVFTjeSH8MyD1p2SQ=';
const TEXT = Array.from({ length: 60 }, (_, i) => `span ${(i * 7919) % 1000} of service shop-${i % 7};`).join('');

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

/** A frame of a megabyte window without a content size, out of raw blocks (bytes) and run blocks (byte, times). */
function frameOf(blocks: readonly (Buffer | readonly [number, number])[]): Buffer {
  const parts: Buffer[] = [Buffer.from([...MAGIC, 0x00, 10 << 3])];
  for (const [index, block] of blocks.entries()) {
    const last = index === blocks.length - 1 ? 1 : 0;
    const raw = Buffer.isBuffer(block);
    const size = raw ? block.length : block[1];
    const header = (size << 3) | ((raw ? 0 : 1) << 1) | last;
    parts.push(Buffer.from([header & 255, (header >> 8) & 255, header >> 16]));
    parts.push(raw ? block : Buffer.from([block[0]]));
  }
  return Buffer.concat(parts);
}

const bomb = frameOf(Array.from({ length: 1024 }, () => [65, 128 * 1024] as const)); // 4 KiB to 128 MiB

describe.each([
  ['the decoder of this Node', loadUnzstd],
  ['the WebAssembly decoder', loadWasmUnzstd],
])('%s', (_, load) => {
  test('reads what zstd wrote, with and without a content size', async () => {
    const unzstd = await load();
    for (const fixture of [WITH_SIZE, STREAMED]) {
      expect(Buffer.from(unzstd(Buffer.from(fixture, 'base64'), MIB)).toString()).toBe(TEXT);
    }
    const zerosFirst = unzstd(Buffer.from(STREAMED_ZEROS_FIRST, 'base64'), MIB);
    const expected = createHash('sha1').update(Buffer.alloc(300_000)).update(TEXT).digest('hex');
    expect(createHash('sha1').update(zerosFirst).digest('hex')).toBe(expected);
  });

  test('reads raw and run blocks, several frames and skippable ones', async () => {
    const unzstd = await load();
    const skippable = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]);
    const body = Buffer.concat([frameOf([Buffer.from('ab'), [99, 5]]), skippable, frameOf([Buffer.from('!')])]);
    expect(Buffer.from(unzstd(body, 100)).toString()).toBe('abccccc!');
  });

  test('takes a body at the limit and refuses one byte more', async () => {
    const unzstd = await load();
    const body = frameOf([
      [1, 1000],
      [2, 24],
    ]);
    expect(unzstd(body, 1024)).toHaveLength(1024);
    expect(() => unzstd(body, 1023)).toThrow(expect.objectContaining({ code: 'BODY_TOO_LARGE' }));
  });

  test('refuses a bomb, again and again', async () => {
    const unzstd = await load();
    for (let i = 0; i < 5; i++) {
      expect(() => unzstd(bomb, MIB)).toThrow(expect.objectContaining({ code: 'BODY_TOO_LARGE' }));
    }
    expect(Buffer.from(unzstd(Buffer.from(STREAMED, 'base64'), MIB)).toString()).toBe(TEXT);
  });

  test('survives every cut and every flipped byte of a real frame', async () => {
    const unzstd = await load();
    const good = Buffer.from(WITH_SIZE, 'base64');
    for (let cut = 0; cut < good.length; cut++) {
      if (cut > 0) expect(() => unzstd(good.subarray(0, cut), MIB)).toThrow(/^zstd body: /);
    }
    for (let i = 0; i < good.length; i++) {
      const bad = Buffer.from(good);
      bad[i] ^= 0xff;
      // A flipped literal may give other text, but never more than the limit and never another kind of error.
      try {
        expect(unzstd(bad, MIB).length).toBeLessThanOrEqual(MIB);
      } catch (error) {
        expect(error).toMatchObject({ name: 'DecompressError' });
      }
    }
    expect(Buffer.from(unzstd(good, MIB)).toString()).toBe(TEXT);
  });

  test('refuses what is no zstd', async () => {
    const unzstd = await load();
    expect(() => unzstd(Buffer.from('{"resourceSpans":[]}'), MIB)).toThrow('no zstd frame at byte 0');
  });
});

describe('the bound read from frame headers', () => {
  test('is the declared size where there is one', () => {
    expect(zstdContentBound(Buffer.from(WITH_SIZE, 'base64'))).toBe(TEXT.length);
  });

  test('is never below the truth where there is none', () => {
    expect(zstdContentBound(Buffer.from(STREAMED_ZEROS_FIRST, 'base64'))).toBeGreaterThanOrEqual(300_000 + TEXT.length);
    expect(zstdContentBound(bomb)).toBe(128 * MIB);
  });

  test('refuses a reserved block type', () => {
    expect(() => zstdContentBound(Buffer.from([...MAGIC, 0, 80, 7, 0, 0]))).toThrow('reserved type');
  });
});

import { describe, expect, test } from 'vitest';
import { BodyBudget } from './body-budget.ts';
import { GrpcMessageReader } from './grpc-message-reader.ts';

function readerOf(maxBytes = 1000): GrpcMessageReader {
  return new GrpcMessageReader(new BodyBudget(100_000, () => {}).open('shop', '127.0.0.1'), maxBytes);
}

function framed(message: readonly number[], flag = 0): Uint8Array {
  return Uint8Array.from([flag, 0, 0, message.length >> 8, message.length & 255, ...message]);
}

describe('a gRPC message', () => {
  const message = Array.from({ length: 300 }, (_, i) => i & 255);

  test('is the same wherever the stream is cut', () => {
    const bytes = framed(message);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = readerOf();
      expect(reader.add(bytes.subarray(0, cut))).toBe('ok');
      expect(reader.add(bytes.subarray(cut))).toBe('ok');
      expect(reader.end()).toBe('ok');
      expect([...reader.take()]).toEqual(message);
    }
  });

  test('may come byte by byte', () => {
    const reader = readerOf();
    for (const byte of framed(message, 1)) expect(reader.add(Uint8Array.of(byte))).toBe('ok');
    expect(reader.end()).toBe('ok');
    expect(reader.compressed).toBe(true);
    expect([...reader.take()]).toEqual(message);
  });

  test('may be empty', () => {
    const reader = readerOf();
    expect(reader.add(framed([]))).toBe('ok');
    expect(reader.end()).toBe('ok');
    expect(reader.length).toBe(0);
  });

  test('is refused from its prefix when it is over the limit', () => {
    expect(readerOf(299).add(framed(message).subarray(0, 5))).toBe('too-large');
    expect(readerOf(300).add(framed(message).subarray(0, 5))).toBe('ok');
  });

  test('is refused with four gigabytes promised', () => {
    expect(readerOf().add(Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff))).toBe('too-large');
  });
});

describe('malformed framing', () => {
  test('a second message is not part of a unary call', () => {
    const reader = readerOf();
    reader.add(framed([1, 2]));
    expect(reader.add(framed([3]))).toBe('malformed');
    expect(reader.problem).toContain('more than one message');
  });

  test('a second message in the same chunk is found too', () => {
    expect(readerOf().add(Uint8Array.from([...framed([1, 2]), ...framed([3])]))).toBe('malformed');
  });

  test('bytes after an empty message are found too', () => {
    expect(readerOf().add(Uint8Array.from([...framed([]), 7]))).toBe('malformed');
  });

  test.each([
    [[], 'no message'],
    [[0, 0], 'inside a message prefix'],
    [[0, 0, 0, 0, 9, 1, 2], 'after 2 of 9'],
  ])('a stream that ends after %j is named', (bytes, problem) => {
    const reader = readerOf();
    expect(reader.add(Uint8Array.from(bytes))).toBe('ok');
    expect(reader.end()).toBe('malformed');
    expect(reader.problem).toContain(problem);
  });

  test('a flag other than 0 and 1 is refused', () => {
    const reader = readerOf();
    expect(reader.add(framed([1], 2))).toBe('malformed');
    expect(reader.problem).toContain('flag of the message is 2');
  });
});

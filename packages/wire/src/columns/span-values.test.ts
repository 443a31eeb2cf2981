import type { SpanValues } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { decodeSpanValues, encodeSpanValues, SpanValuesError } from './span-values.ts';

const WITH_VALUES: SpanValues = {
  count: 3,
  start: BigInt64Array.of(1n, -5n, 2n ** 62n),
  spanId: Int32Array.of(1, 2, -3, 4, 5, -6),
  values: ['GET', 'naïve "名前"', ''],
  value: Uint32Array.of(2, 0, 1),
};

describe('spans with values in binary form', () => {
  it('read back as written, with values and without', () => {
    const { count, start, spanId } = WITH_VALUES;
    for (const spans of [WITH_VALUES, { count, start, spanId }]) {
      expect(decodeSpanValues(encodeSpanValues(spans).buffer)).toEqual(spans);
    }
    const none = { count: 0, start: new BigInt64Array(0), spanId: new Int32Array(0) };
    expect(decodeSpanValues(encodeSpanValues(none).buffer)).toEqual(none);
  });

  it('are refused when cut at any byte, of another version, or with a value that is not there', () => {
    const body = encodeSpanValues(WITH_VALUES);
    for (let length = 0; length < body.length; length++) {
      expect(() => decodeSpanValues(body.slice(0, length).buffer)).toThrow(SpanValuesError);
    }
    const changed = (at: number, value: number): ArrayBuffer => {
      const copy = body.slice();
      new DataView(copy.buffer).setUint32(at, value, true);
      return copy.buffer;
    };
    expect(() => decodeSpanValues(changed(0, 7))).toThrow(/starts with/);
    expect(() => decodeSpanValues(changed(4, 2))).toThrow(/version 2/);
    expect(() => decodeSpanValues(changed(body.length - 16, 9))).toThrow(/value 9 of 3/);
  });
});

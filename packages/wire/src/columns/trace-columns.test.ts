import { spanIdAt, type TraceColumns, type TraceId } from '@clew/model';
import { describe, expect, it } from 'vitest';
import { decodeTraceColumns, TraceColumnsError } from './decode-trace-columns.ts';
import { encodeTraceColumns } from './encode-trace-columns.ts';

function sample(spanCount: number): TraceColumns {
  const row = (_: unknown, index: number): number => index;
  return {
    traceId: '0123456789abcdef0123456789abcdef' as TraceId,
    spanCount,
    omittedSpanCount: 7,
    startTimeUnixNano: 18_446_744_073_709_551_615n,
    durationNano: 1234.5,
    names: ['GET /', 'naïve "quoted" 名前', ''],
    services: ['cart', 'zahlung-ü'],
    start: Float64Array.from({ length: spanCount }, (_, index) => index * 1e9 + 0.25),
    duration: Float64Array.from({ length: spanCount }, row),
    parent: Int32Array.from({ length: spanCount }, (_, index) => index - 1),
    spanId: Int32Array.from({ length: spanCount * 2 }, (_, index) => -index),
    name: Uint32Array.from({ length: spanCount }, (_, index) => index % 3),
    service: Uint16Array.from({ length: spanCount }, (_, index) => index % 2),
    eventCount: Uint16Array.from({ length: spanCount }, () => 65_535),
    kind: Uint8Array.from({ length: spanCount }, (_, index) => index % 6),
    statusCode: Uint8Array.from({ length: spanCount }, (_, index) => index % 3),
    flags: Uint8Array.from({ length: spanCount }, row),
    missing: {
      spanId: Int32Array.from({ length: 2 * Math.min(1, spanCount) }, (_, index) => index - 9),
      first: Int32Array.from({ length: Math.min(1, spanCount) }, () => spanCount - 1),
      end: Int32Array.from({ length: Math.min(1, spanCount) }, () => spanCount),
    },
  };
}

function damaged(change: (body: Uint8Array<ArrayBuffer>, view: DataView) => void): ArrayBuffer {
  const body = encodeTraceColumns(sample(5));
  change(body, new DataView(body.buffer));
  return body.buffer;
}

describe('trace columns in binary form', () => {
  for (const count of [0, 1, 2, 3, 7, 8, 1000]) {
    it(`read back as written with ${count} spans`, () => {
      const columns = sample(count);
      expect(decodeTraceColumns(encodeTraceColumns(columns).buffer)).toEqual(columns);
    });
  }

  it('are views into the body, not copies', () => {
    const body = encodeTraceColumns(sample(9));
    const columns = decodeTraceColumns(body.buffer);
    for (const array of [columns.start, columns.parent, columns.service, columns.flags]) {
      expect(array.buffer).toBe(body.buffer);
    }
  });

  it('are written right when the arrays are views into a larger buffer', () => {
    const columns = { ...sample(4), start: new Float64Array([9, 1, 2, 3, 4, 9]).subarray(1, 5) };
    expect([...decodeTraceColumns(encodeTraceColumns(columns).buffer).start]).toEqual([1, 2, 3, 4]);
  });

  it('take at most 40 bytes a span', () => {
    const bytes = encodeTraceColumns(sample(1000)).length - encodeTraceColumns(sample(0)).length;
    expect(bytes / 1000).toBeLessThanOrEqual(40);
  });

  it('keep span ids readable as hex', () => {
    const columns = { ...sample(1), spanId: new Int32Array(Uint8Array.of(1, 2, 3, 4, 0xfa, 0xfb, 0xfc, 0xfd).buffer) };
    expect(spanIdAt(decodeTraceColumns(encodeTraceColumns(columns).buffer), 0)).toBe('01020304fafbfcfd');
  });

  it.each([
    ['another magic', damaged((_, view) => view.setUint32(0, 0x12345678, true)), /not trace columns/],
    ['a later version', damaged((_, view) => view.setUint32(4, 3, true)), /format version 3/],
    ['a header beyond the body', damaged((_, view) => view.setUint32(8, 1 << 20, true)), /header of/],
    ['a header that is no JSON', damaged((body) => body.fill(0x7b, 16, 20)), /not JSON/],
    ['a parent after its child', damaged((_, view) => view.setInt32(view.byteLength - 112, 4, true)), /parent row 4/],
    [
      'a missing parent above rows that are not there',
      damaged((_, view) => view.setInt32(view.byteLength - 8, 9, true)),
      /missing parent 0/,
    ],
    ['no bytes at all', new ArrayBuffer(0), /0 bytes/],
  ])('are refused with %s', (_, buffer, message) => {
    expect(() => decodeTraceColumns(buffer)).toThrow(TraceColumnsError);
    expect(() => decodeTraceColumns(buffer)).toThrow(message);
  });

  it('are refused when cut at any byte', () => {
    const body = encodeTraceColumns(sample(5));
    for (let length = 0; length < body.length; length++) {
      expect(() => decodeTraceColumns(body.slice(0, length).buffer)).toThrow(TraceColumnsError);
    }
  });
});

import type { TraceColumns, TraceId } from '@clew/model';
import { decodeTraceColumns, TraceColumnsError } from '@clew/wire/columns/decode-trace-columns';
import { encodeTraceColumns } from '@clew/wire/columns/encode-trace-columns';
import { type FuzzTarget, magnitude, shapeOf } from '../fuzz-target.ts';
import { checkSame } from './check-batch.ts';

/** decodeTraceColumns, which the browser reads answers with. */
export const traceColumnsTarget: FuzzTarget = {
  name: 'trace-columns',
  style: 'bytes',
  seeds: () => [0, 1, 5].map((count) => ({ name: `spans-${count}`, bytes: encodeTraceColumns(columnsOf(count)) })),
  repair(input) {
    const copy = Uint8Array.from(input);
    if (copy.length >= 16) new DataView(copy.buffer).setUint32(12, copy.length, true);
    return copy;
  },
  check(input) {
    try {
      const columns = decodeTraceColumns(Uint8Array.from(input).buffer);
      checkSame(decodeTraceColumns(encodeTraceColumns(columns).buffer), columns, 'through the columns');
      return `accepted ${magnitude(columns.spanCount)}`;
    } catch (error) {
      if (!(error instanceof TraceColumnsError)) throw error;
      return shapeOf(error.message.replace(/\([\s\S]*/, ''));
    }
  },
};

function columnsOf(spanCount: number): TraceColumns {
  const rows = Array.from({ length: spanCount }, (_, row) => row);
  return {
    traceId: '5b8efff798038103d269b633813fc60c' as TraceId,
    spanCount,
    omittedSpanCount: 0,
    startTimeUnixNano: 1_760_000_000_000_000_000n,
    durationNano: 1_000_000,
    names: ['GET /', 'é'],
    services: ['cart'],
    start: Float64Array.from(rows, (row) => row * 1000),
    duration: Float64Array.from(rows, () => 500),
    spanId: Int32Array.from(rows.flatMap((row) => [row + 1, -row])),
    parent: Int32Array.from(rows, (row) => row - 1),
    name: Uint32Array.from(rows, (row) => row % 2),
    service: Uint16Array.from(rows, () => 0),
    eventCount: Uint16Array.from(rows),
    kind: Uint8Array.from(rows, (row) => row % 6),
    statusCode: Uint8Array.from(rows, (row) => row % 3),
    flags: Uint8Array.from(rows),
    // The last rows of a trace that is large enough are the children of a span that was not stored.
    missing:
      spanCount < 5
        ? { spanId: new Int32Array(0), first: new Int32Array(0), end: new Int32Array(0) }
        : { spanId: Int32Array.of(9, 9), first: Int32Array.of(3), end: Int32Array.of(5) },
  };
}

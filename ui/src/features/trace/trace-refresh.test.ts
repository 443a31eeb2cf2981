import { describe, expect, it } from 'vitest';
import { buildTestTrace, FAMILY } from '../../timeline/build-test-trace.ts';
import { isSameTrace, refreshAfterMs } from './trace-refresh.ts';

const columns = buildTestTrace(FAMILY);
const endMs = Number(columns.startTimeUnixNano / 1_000_000n);

describe('looking again at a trace', () => {
  it('is worth it for two minutes after its end', () => {
    expect(refreshAfterMs(columns, endMs + 1_000)).toBe(5_000);
    expect(refreshAfterMs(columns, endMs + 119_000)).toBe(5_000);
    expect(refreshAfterMs(columns, endMs + 121_000)).toBeUndefined();
    expect(refreshAfterMs(columns, endMs - 600_000)).toBeUndefined();
  });

  it('costs more the more spans there are: less often, then never', () => {
    expect(refreshAfterMs({ ...columns, spanCount: 100_000 }, endMs)).toBe(25_000);
    expect(refreshAfterMs({ ...columns, spanCount: 1_000_000 }, endMs)).toBeUndefined();
  });

  it('brings nothing new while the number of spans and the bounds stay', () => {
    expect(isSameTrace(columns, { ...columns })).toBe(true);
    expect(isSameTrace(columns, { ...columns, spanCount: 9 })).toBe(false);
    expect(isSameTrace(columns, { ...columns, durationNano: 200 })).toBe(false);
  });
});

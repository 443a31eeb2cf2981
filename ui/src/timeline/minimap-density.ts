import type { TraceModel } from './trace-model.ts';

/** The trace in as many slices as the minimap has pixels. */
export interface MinimapDensity {
  /** Spans in flight in the slice, at most. */
  readonly concurrent: Uint32Array;
  /** 1 when a span with an error is in flight in the slice. */
  readonly errors: Uint8Array;
  readonly peak: number;
}

/** Counts spans in flight per slice from their starts and ends: one pass, whatever their length. */
export function computeDensity(trace: TraceModel, slices: number): MinimapDensity {
  const { columns, errorRows } = trace;
  const scale = slices / Math.max(1, columns.durationNano);
  const change = new Int32Array(slices + 1);
  const errorChange = new Int32Array(slices + 1);
  const sliceOf = (nano: number): number => Math.min(slices - 1, Math.max(0, Math.floor(nano * scale)));
  for (let row = 0; row < columns.spanCount; row++) {
    change[sliceOf(columns.start[row])]++;
    change[sliceOf(columns.start[row] + columns.duration[row]) + 1]--;
  }
  for (const row of errorRows) {
    errorChange[sliceOf(columns.start[row])]++;
    errorChange[sliceOf(columns.start[row] + columns.duration[row]) + 1]--;
  }
  const concurrent = new Uint32Array(slices);
  const errors = new Uint8Array(slices);
  let inFlight = 0;
  let failing = 0;
  let peak = 1;
  for (let slice = 0; slice < slices; slice++) {
    inFlight += change[slice];
    failing += errorChange[slice];
    concurrent[slice] = inFlight;
    errors[slice] = failing > 0 ? 1 : 0;
    peak = Math.max(peak, inFlight);
  }
  return { concurrent, errors, peak };
}

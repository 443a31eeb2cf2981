import type { TraceColumns } from '@clew/model';

/** Slices of the trace: more than any screen has pixels in a row, so that it is counted once. */
export const DENSITY_SLICES = 4_096;

/** The trace in slices of equal length. */
export interface TraceDensity {
  /** Spans in flight in the slice, at most. */
  readonly concurrent: Uint32Array;
  /** 1 when a span with an error is in flight in the slice. */
  readonly errors: Uint8Array;
}

/** The same in as many slices as the minimap has pixels. */
export interface MinimapDensity extends TraceDensity {
  readonly peak: number;
}

/** Counts spans in flight per slice from their starts and ends: one pass, whatever their length. */
export function computeDensity(
  columns: Pick<TraceColumns, 'spanCount' | 'start' | 'duration' | 'durationNano'>,
  errorRows: Int32Array,
  slices = DENSITY_SLICES,
): TraceDensity {
  const { spanCount, start, duration } = columns;
  const scale = slices / Math.max(1, columns.durationNano);
  const change = new Int32Array(slices + 1);
  const errorChange = new Int32Array(slices + 1);
  const sliceOf = (nano: number): number => Math.min(slices - 1, Math.max(0, Math.floor(nano * scale)));
  for (let row = 0; row < spanCount; row++) {
    change[sliceOf(start[row])]++;
    change[sliceOf(start[row] + duration[row]) + 1]--;
  }
  for (const row of errorRows) {
    errorChange[sliceOf(start[row])]++;
    errorChange[sliceOf(start[row] + duration[row]) + 1]--;
  }
  const concurrent = new Uint32Array(slices);
  const errors = new Uint8Array(slices);
  let inFlight = 0;
  let failing = 0;
  for (let slice = 0; slice < slices; slice++) {
    inFlight += change[slice];
    failing += errorChange[slice];
    concurrent[slice] = inFlight;
    errors[slice] = failing > 0 ? 1 : 0;
  }
  return { concurrent, errors };
}

/** Fewer and wider slices: of those that fall into one the most that was in flight, and any error. */
export function widenDensity({ concurrent, errors }: TraceDensity, pixels: number): MinimapDensity {
  const wide = { concurrent: new Uint32Array(pixels), errors: new Uint8Array(pixels) };
  let peak = 1;
  for (let x = 0; x < pixels; x++) {
    const from = Math.floor((x * concurrent.length) / pixels);
    const to = Math.max(from + 1, Math.floor(((x + 1) * concurrent.length) / pixels));
    for (let slice = from; slice < to; slice++) {
      if (concurrent[slice] > wide.concurrent[x]) wide.concurrent[x] = concurrent[slice];
      if (errors[slice] === 1) wide.errors[x] = 1;
    }
    if (wide.concurrent[x] > peak) peak = wide.concurrent[x];
  }
  return { ...wide, peak };
}

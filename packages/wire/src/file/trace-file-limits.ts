import type { DecodeLimits } from '../otlp/decode-limits.ts';

/** What one file may unfold to in the memory of a browser: a trace of a million spans, and no more than 1 GiB. */
export const TRACE_FILE_LIMITS: DecodeLimits = {
  maxSpans: 1_000_000,
  maxRecords: 24_000_000,
  maxNestingDepth: 64,
};

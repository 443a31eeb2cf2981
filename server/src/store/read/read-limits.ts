/** Limits of reads. Every statement runs under them. */
export interface ReadLimits {
  /** Wall time of a read that names none. */
  readonly timeoutMs: number;
  /** Most wall time a read may ask for. */
  readonly maxTimeoutMs: number;
  /** Memory the engine may take for one statement. */
  readonly maxMemoryBytes: number;
  /** Of a tenant with fewer spans a search reads its range at once, not slice by slice. */
  readonly sliceAboveSpans: number;
  /** Of a tenant with fewer spans traces are found by the index over ids alone: their times are not looked up. */
  readonly timesAboveSpans: number;
  /** Spans of one trace as columns; more are counted in `omittedSpanCount`. */
  readonly maxTraceSpans: number;
  /** Spans of one trace as objects (about 2 kB each); a larger trace is to be read as columns. */
  readonly maxTraceObjects: number;
  /** Spans whose values are counted to answer "which values does this attribute have". */
  readonly valueSampleSpans: number;
  /** Bytes of a value in such an answer; longer ones are left out: nobody picks them from a list. */
  readonly maxValueBytes: number;
  /** Rows read for such an answer. */
  readonly valueReadRows: number;
  /** Traces with a match that are put in order by whole-trace facts: 16 bytes of memory each, and the set around. */
  readonly maxOrderedTraces: number;
}

export const DEFAULT_READ_LIMITS: ReadLimits = {
  timeoutMs: 10_000,
  maxTimeoutMs: 300_000,
  maxMemoryBytes: 1_000_000_000,
  sliceAboveSpans: 100_000,
  // Of more, 20 ids are taken to be in so many granules that hold none of them that it costs more than the times.
  timesAboveSpans: 400_000,
  maxTraceSpans: 1_000_000,
  maxTraceObjects: 250_000,
  valueSampleSpans: 100_000,
  maxValueBytes: 4_096,
  valueReadRows: 5_000_000,
  maxOrderedTraces: 5_000_000,
};

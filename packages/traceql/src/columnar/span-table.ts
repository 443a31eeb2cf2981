import type { PlainValue } from '../evaluate/plain-value.ts';

/** Values to group by: few different ones, so that each is kept once. */
export interface GroupColumn {
  /** Index into `values` of each row. */
  readonly ids: Uint32Array;
  readonly values: readonly PlainValue[];
}

/** What a number of a row is: nothing, an int, a float, a duration. */
export const NO_NUMBER = 0;
export const INT_NUMBER = 1;
export const FLOAT_NUMBER = 2;
export const DURATION_NUMBER = 3;

/** Values to calculate with. */
export interface NumberColumn {
  /** `NO_NUMBER` … `DURATION_NUMBER` of each row. */
  readonly kinds: Uint8Array;
  /** Where the kind is int or duration. */
  readonly ints: BigInt64Array;
  /** Where the kind is float. */
  readonly floats: Float64Array;
}

/**
 * Spans of several traces as columns: what a pipeline needs of them, as `planColumns` says. The rows of a trace follow
 * one another.
 */
export interface SpanTable {
  /** First row of each trace, then the number of rows. */
  readonly traceStarts: Uint32Array;
  /** Two words a row; zero is no id. */
  readonly spanIds: Int32Array;
  readonly parentIds: Int32Array;
  /** Not 0 where the condition holds. */
  readonly conditions: readonly Uint8Array[];
  readonly groups: readonly GroupColumn[];
  readonly numbers: readonly NumberColumn[];
}

/** Rows of one trace, ascending. */
export type Rows = Int32Array;

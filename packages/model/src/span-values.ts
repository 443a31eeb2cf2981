/** Some spans of a trace, each told by its id and, where several share one, its start. */
export interface SpanValues {
  readonly count: number;
  /** Signed nanoseconds since 1970. */
  readonly start: BigInt64Array;
  /** 2 words a span: the 8 id bytes as little-endian int32. */
  readonly spanId: Int32Array;
  /** Different values as text; absent where only the spans are asked for. */
  readonly values?: readonly string[];
  /** Index into `values`. */
  readonly value?: Uint32Array;
}

/** What a span, a trace, an attribute, an id and a batch of spans are. Imports nothing. */
export { Dictionary } from './dictionary.ts';
export {
  bytesFromHex,
  hexFromBytes,
  NO_SPAN_ID,
  parseSpanId,
  parseTraceId,
  type SpanId,
  type TraceId,
} from './ids.ts';
export * from './span-batch.ts';
export type { SpanValues } from './span-values.ts';
export * from './trace-columns.ts';
export * from './trace-data.ts';

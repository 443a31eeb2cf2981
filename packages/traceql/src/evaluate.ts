/**
 * TraceQL over traces in memory: small and obvious, the judge of the SQL compiler, and the server's way to answer
 * what SQL cannot. Every rule is in SEMANTICS.md. Imported as `@clew/traceql/evaluate`; brings the regex engine.
 */
export { evaluateFilter } from './evaluate/evaluate-filter.ts';
export {
  collectMetrics,
  evaluateMetrics,
  type MetricsCollector,
  type MetricsOptions,
  type MetricsResult,
} from './evaluate/evaluate-metrics.ts';
export {
  type EvaluateOptions,
  type EvaluateTraces,
  evaluateQuery,
  prepareQuery,
  type SelectedSpan,
  type SpansetResult,
  selectedFields,
  type TraceResult,
} from './evaluate/evaluate-query.ts';
export type { TimeRange } from './evaluate/is-in-range.ts';
export { attributeText, type PlainValue, valueKey, valueText } from './evaluate/plain-value.ts';
export type { Exemplar, Series, SeriesLabel } from './evaluate/series.ts';
export { labelsText } from './evaluate/series.ts';
export { spanWeight } from './evaluate/span-weight.ts';
export type { NamedValue } from './evaluate/spanset.ts';
export type { SpanInContext } from './evaluate/trace-spans.ts';

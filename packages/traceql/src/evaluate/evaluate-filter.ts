import type { TraceData } from '@clew/model';
import type { FieldExpression } from '../tree.ts';
import { compileCondition } from './compile-expression.ts';
import { isInRange, type TimeRange } from './is-in-range.ts';
import { listSpans, type SpanInContext, splitTraces } from './trace-spans.ts';

/**
 * The spans that satisfy a filter, in the order of the data; `data` may hold several traces, each is taken whole.
 * Only spans in the range are tested; the facts of a trace still come from all its spans.
 * @throws TraceqlError TRACEQL_TYPE for a regular expression that is invalid or no literal.
 */
export function evaluateFilter(
  filter: FieldExpression,
  data: TraceData,
  { range }: { readonly range?: TimeRange } = {},
): SpanInContext[] {
  const test = compileCondition(filter);
  const spans = listSpans(data);
  const found = new Set<SpanInContext>();
  for (const trace of splitTraces(data, spans)) {
    for (const [position, subject] of trace.spans.entries()) {
      if (isInRange(subject.span, range) && test(trace, position)) found.add(subject);
    }
  }
  return spans.filter((subject) => found.has(subject));
}

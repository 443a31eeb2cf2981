import type { InstrumentationScope, Resource, Span, TraceData } from '@clew/model';

/** A span with what it belongs to: what dialects without resources and scopes write from. */
export interface SpanInContext {
  readonly span: Span;
  readonly scope: InstrumentationScope;
  /** The same object for all spans of one resource. */
  readonly resource: Resource;
}

/** The spans of a trace one after another, in the order of the data. */
export function* spansInContext(data: TraceData): Generator<SpanInContext> {
  for (const { resource, scopeSpans } of data.resourceSpans) {
    for (const { scope, spans } of scopeSpans) for (const span of spans) yield { span, scope, resource };
  }
}

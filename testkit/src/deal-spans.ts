import type { TraceData } from '@clew/model';
import type { Random } from './random.ts';

/** The spans at random in `count` parts, as requests would bring them: one trace comes in several. */
export function dealSpans(random: Random, data: TraceData, count: number): readonly TraceData[] {
  const parts = Array.from({ length: count }, () => new Set<object>());
  const spans = data.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans: own }) => own));
  for (const span of spans) parts[random.below(count)].add(span);
  return parts.map((part) => ({
    resourceSpans: data.resourceSpans
      .map((resource) => ({
        ...resource,
        scopeSpans: resource.scopeSpans
          .map((scope) => ({ ...scope, spans: scope.spans.filter((span) => part.has(span)) }))
          .filter((scope) => scope.spans.length > 0),
      }))
      .filter(({ scopeSpans }) => scopeSpans.length > 0),
  }));
}

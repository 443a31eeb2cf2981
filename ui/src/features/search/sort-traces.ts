import type { FoundTrace } from '@clew/contract';
import type { Sort } from './explore-search.ts';

/** The loaded traces in another order; `newest` is the order they come in. */
export function sortTraces(traces: readonly FoundTrace[], sort: Sort): readonly FoundTrace[] {
  if (sort === 'longest') return traces.toSorted((a, b) => Number(BigInt(b.durationNano) - BigInt(a.durationNano)));
  if (sort === 'errors') return traces.toSorted((a, b) => b.errorCount - a.errorCount);
  if (sort === 'spans') return traces.toSorted((a, b) => b.spanCount - a.spanCount);
  return traces;
}

/** Services of all traces, most spans first: the order they get their colours in. */
export function servicesBySpans(traces: readonly FoundTrace[]): readonly string[] {
  const spans = new Map<string, number>();
  for (const trace of traces) {
    for (const service of trace.services) spans.set(service.name, (spans.get(service.name) ?? 0) + service.spanCount);
  }
  return [...spans].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
}

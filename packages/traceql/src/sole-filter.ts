import type { Query, SpansetFilter } from './tree.ts';

/** The filter of a query that is one filter and nothing else; hints do not count. Undefined for every other query. */
export function soleFilter(query: Query): SpansetFilter | undefined {
  if (query.kind !== 'spanset-query') return undefined;
  const [first, second] = query.pipeline.stages;
  return first?.kind === 'spanset-filter' && second === undefined ? first : undefined;
}

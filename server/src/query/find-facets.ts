import type { FacetsAnswer, FoundFacet, TotalsAnswer } from '@clew/contract';
import { printAttribute } from '@clew/traceql';
import type { SpanFacet } from '../store/span-order.ts';
import type { ReadOptions, SpanStore, TimeRange } from '../store/span-store.ts';
import { planSearch } from './search/plan-search.ts';
import { parseSearch } from './search.ts';

export interface MatchRequest {
  readonly tenant: string;
  readonly text: string;
  readonly range: TimeRange;
  readonly options?: ReadOptions;
}

/** How much a query finds, where the engine decides it alone. @throws TraceqlError */
export async function countMatches(store: SpanStore, request: MatchRequest): Promise<TotalsAnswer> {
  const { tenant, text, range, options } = request;
  const search = store.openSearch(tenant, options);
  const plan = planSearch(parseSearch(text), search);
  if (plan.tier !== 'sql') return { statistics: search.statistics() };
  const { value, statistics } = await store.matchTotals(tenant, plan.filter, range, options);
  return { ...(value && { totals: value }), statistics };
}

/** What the matching spans have, where the engine decides alone which they are. @throws TraceqlError */
export async function findFacets(store: SpanStore, request: MatchRequest): Promise<FacetsAnswer> {
  const { tenant, text, range, options } = request;
  const search = store.openSearch(tenant, options);
  const plan = planSearch(parseSearch(text), search);
  if (plan.tier !== 'sql') return { spanCount: 0, isSample: false, statistics: search.statistics() };
  const { value, statistics } = await store.spanFacets(tenant, plan.filter, range, options);
  const { spanCount, isSample, facets } = value;
  const first = FIRST_FACETS.flatMap((name) => facets.filter((facet) => nameOf(facet) === name));
  const others = facets.filter((facet) => !first.includes(facet));
  return { facets: [...first, ...others].map(foundFacet), spanCount, isSample, statistics };
}

const FIRST_FACETS = ['resource.service.name', 'name', 'status', 'kind'];

function foundFacet(facet: SpanFacet): FoundFacet {
  const { spanCount, valueCount, values } = facet;
  return { name: nameOf(facet), spanCount, valueCount, values };
}

function nameOf({ scope, key }: SpanFacet): string {
  if (scope !== 'intrinsic') return printAttribute(scope, key);
  return key === 'service' ? 'resource.service.name' : key;
}

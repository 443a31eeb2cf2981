import type { FoundTrace } from '@clew/contract';
import type { OrderedTrace, TraceOrder } from '../../store/span-order.ts';
import type { FilterMatch, SpanSearch, TimeRange } from '../../store/span-store.ts';
import { FilterJudge } from './filter-judge.ts';
import type { Found } from './find-newest.ts';
import type { SearchPlan } from './plan-search.ts';

export interface OrderRequest {
  readonly order: TraceOrder;
  readonly range: TimeRange;
  readonly limit: number;
  readonly spansPerTrace: number;
  readonly after: OrderedTrace | undefined;
}

export interface OrderedPage {
  readonly found: Found<FilterMatch>;
  readonly traces: readonly FoundTrace[];
  /** Where the next page begins; undefined at the end. */
  readonly next: OrderedTrace | undefined;
}

/**
 * A page of an answer that is in an order of whole-trace facts. The engine puts all matching traces of the range in
 * order, whatever the page: only for a plan whose filter the engine decides alone. A limit leaves the page empty.
 */
export async function orderTraces(search: SpanSearch, plan: SearchPlan, request: OrderRequest): Promise<OrderedPage> {
  const { order, range, limit, spansPerTrace, after } = request;
  const { filter } = plan;
  try {
    const ordered = await search.orderedTraces({ filter, range, order, after, limit: limit + 1 });
    const shown = ordered.slice(0, limit);
    const next = ordered.length > limit ? shown[shown.length - 1] : undefined;
    const fields = [...plan.fields.named, ...plan.fields.selected];
    const judge = new FilterJudge({ search, filter, range, spansPerTrace, fields });
    const positions = shown.map(({ traceId }) => ({ traceId, newestMatchUnixNano: 0n }));
    const { findings, spansInspected, stoppedBy } = await judge.decide(positions);
    if (stoppedBy !== undefined) return nothing(stoppedBy);
    const places = new Map(shown.map(({ traceId }, at) => [traceId, at]));
    const inOrder = findings.toSorted((a, b) => (places.get(a.traceId) ?? 0) - (places.get(b.traceId) ?? 0));
    const found = { findings: inOrder, next: undefined, tracesInspected: shown.length, spansInspected };
    const traces = await judge.show(inOrder);
    return { found: { ...found, stoppedBy: undefined, leftOut: undefined }, traces, next };
  } catch (error) {
    const reason = search.limitReason(error);
    if (reason === undefined) throw error;
    return nothing(reason);
  }
}

function nothing(stoppedBy: string): OrderedPage {
  const found = { findings: [], next: undefined, tracesInspected: 0, spansInspected: 0, stoppedBy, leftOut: undefined };
  return { found, traces: [], next: undefined };
}

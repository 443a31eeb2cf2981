import type { FoundSpanRow, SpansAnswer } from '@clew/contract';
import { printQuery } from '@clew/traceql';
import type { SpanOrder, SpanPosition } from '../store/span-order.ts';
import type { ReadOptions, SpanSearch, SpanStore, TimeRange } from '../store/span-store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { QueryError } from './query-error.ts';
import { foundStoredSpan } from './search/found-span.ts';
import { planSearch, type SearchPlan } from './search/plan-search.ts';
import { namedFields } from './search/shown-fields.ts';
import { noteUnknownAttributes } from './search/unknown-attributes.ts';
import { parseSearch, searchTraces } from './search.ts';

export interface SpansRequest {
  readonly tenant: string;
  /** TraceQL. */
  readonly text: string;
  /** With a cursor the range of its first page is used instead. */
  readonly range: TimeRange;
  /** Spans of a page; a few more where several cannot be told apart. */
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly order: SpanOrder;
  readonly options?: ReadOptions;
}

/** Traces of a page, and spans of each, where they are found trace by trace. */
const TRACES_PER_PAGE = 20;
const SPANS_PER_TRACE = 50;

/**
 * A page of matching spans. A query that the engine decides alone is answered in the order asked for, exactly, over the
 * whole range; any other one trace by trace.
 * @throws TraceqlError, QueryError QUERY_CURSOR_…
 */
export async function searchSpans(store: SpanStore, request: SpansRequest): Promise<SpansAnswer> {
  const { tenant, options } = request;
  const query = parseSearch(request.text);
  const search = store.openSearch(tenant, options);
  const plan = planSearch(query, search);
  if (plan.tier !== 'sql') return spansOfTraces(store, request);
  const { order } = request;
  const answered = `spans of ${printQuery(query)} in order ${order}`;
  const position = request.cursor === undefined ? undefined : decodeSpanCursor(request.cursor, tenant, answered);
  const range = position?.range ?? request.range;
  const asked = { ...request, range, after: position?.after };
  const { spans, next, stoppedBy } = await loadPage(search, plan, asked);
  const isNothing = spans.length === 0 && stoppedBy === undefined && position === undefined;
  const notes = isNothing ? await noteUnknownAttributes(namedFields(query.pipeline), search) : [];
  return {
    spans,
    order,
    omittedSpanCount: 0,
    ...(next && { cursor: encodeSpanCursor(range, next, tenant, answered) }),
    statistics: search.statistics(stoppedBy),
    ...(notes.length > 0 && { notes }),
  };
}

interface Page {
  readonly spans: readonly FoundSpanRow[];
  readonly next: SpanPosition | undefined;
  readonly stoppedBy: string | undefined;
}

/** Finds the spans by few columns, then reads what is shown of them. */
async function loadPage(
  search: SpanSearch,
  { filter, fields }: SearchPlan,
  { range, order, limit, after }: SpansRequest & { readonly after: SpanPosition | undefined },
): Promise<Page> {
  try {
    const positions = await search.matchingSpans({ filter, range, order, after, limit });
    const last = positions[positions.length - 1];
    const shown = [...fields.named, ...fields.selected];
    const rows = await search.spanRows({
      columns: { conditions: [], groups: [], numbers: [], needsAllSpans: true },
      traceIds: [...new Set(positions.map(({ traceId }) => traceId))],
      required: [],
      spanIds: [...new Set(positions.map(({ spanId }) => spanId))],
      shown,
    });
    const stored = new Map<string, FoundSpanRow[]>();
    for (let row = 0; row < (rows?.starts.length ?? 0); row++) {
      const span = rows?.span(row);
      if (span === undefined) continue;
      const key = `${span.traceId} ${span.spanId}`;
      stored.set(key, [...(stored.get(key) ?? []), { traceId: span.traceId, ...foundStoredSpan(span, shown) }]);
    }
    // One that was dropped in between is left out; of several with one id each position takes the next.
    const spans = positions.flatMap(({ traceId, spanId }) => stored.get(`${traceId} ${spanId}`)?.shift() ?? []);
    return { spans, next: positions.length >= limit ? last : undefined, stoppedBy: undefined };
  } catch (error) {
    const stoppedBy = search.limitReason(error);
    if (stoppedBy === undefined) throw error;
    return { spans: [], next: undefined, stoppedBy };
  }
}

/** What relates, groups or counts spans: the matching spans of a page of traces. */
async function spansOfTraces(store: SpanStore, request: SpansRequest): Promise<SpansAnswer> {
  const { tenant, text, range, cursor, options } = request;
  const answer = await searchTraces(store, {
    tenant,
    text,
    range,
    limit: TRACES_PER_PAGE,
    spansPerTrace: SPANS_PER_TRACE,
    cursor,
    ...(options && { options }),
  });
  const spans = answer.traces.flatMap(({ traceId, matched }) => matched.map((span) => ({ traceId, ...span })));
  const matchedCount = answer.traces.reduce((sum, trace) => sum + trace.matchedCount, 0);
  return {
    spans,
    order: 'newest-traces',
    omittedSpanCount: Math.max(0, matchedCount - spans.length),
    ...(answer.cursor !== undefined && { cursor: answer.cursor }),
    statistics: answer.statistics,
    ...(answer.notes && { notes: answer.notes }),
  };
}

const SPAN_CURSOR = /^([\w-]+)\.([0-9a-f]{16})$/;

function encodeSpanCursor(range: TimeRange, after: SpanPosition, tenant: string, query: string): string {
  const { traceId, spanId, value } = after;
  const position = { traceId, newestMatchUnixNano: BigInt.asUintN(64, value) };
  return `${encodeCursor({ range, after: position }, tenant, query)}.${spanId}`;
}

function decodeSpanCursor(
  text: string,
  tenant: string,
  query: string,
): { readonly range: TimeRange; readonly after: SpanPosition } {
  const parts = SPAN_CURSOR.exec(text);
  if (parts === null) {
    throw new QueryError(
      'QUERY_CURSOR_INVALID',
      'cursor: it is none of spans. Send the cursor of the answer before unchanged, or start without one.',
    );
  }
  const { range, after } = decodeCursor(parts[1], tenant, query);
  const { traceId, newestMatchUnixNano } = after;
  return {
    range,
    after: { traceId, spanId: parts[2] as SpanPosition['spanId'], value: BigInt.asIntN(64, newestMatchUnixNano) },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { FoundTrace, QueryPlan, Sampling, SearchAnswer, SearchStatistics } from '@clew/contract';
import { parseQuery, printQuery, type SpansetQuery, TraceqlError } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import type { TraceOrder } from '../store/span-order.ts';
import type {
  ReadOptions,
  SampledMatch,
  SpanSearch,
  SpanStore,
  StoredData,
  TimeRange,
  TracePosition,
} from '../store/span-store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { FilterJudge } from './search/filter-judge.ts';
import { type Found, findNewest } from './search/find-newest.ts';
import type { Judge } from './search/judge.ts';
import { orderTraces } from './search/order-traces.ts';
import { planSearch, type SearchPlan } from './search/plan-search.ts';
import { RowsJudge } from './search/rows-judge.ts';
import { namedFields } from './search/shown-fields.ts';
import { partitionsOf } from './search/stored-partitions.ts';
import { TraceJudge } from './search/trace-judge.ts';
import { noteUnknownAttributes } from './search/unknown-attributes.ts';

export interface SearchRequest {
  readonly tenant: string;
  /** TraceQL. */
  readonly text: string;
  /** With a cursor the range of its first page is used instead. */
  readonly range: TimeRange;
  /** Traces of a page. */
  readonly limit: number;
  /** Matching spans shown of each trace, and of each of its spansets; 0 for none. */
  readonly spansPerTrace: number;
  readonly cursor?: string | undefined;
  /** Newest first where it is left out. Another one is of the whole answer, or is not followed: the answer tells. */
  readonly order?: TraceOrder | 'newest';
  readonly options?: ReadOptions;
  /** Say how the answer was found. */
  readonly explain?: boolean;
  /** Called with traces of the answer in its order, as soon as they are certain; together they are the answer's. */
  readonly onFound?: ((traces: readonly FoundTrace[]) => void) | undefined;
  /** Somebody looks at what `onFound` is given: the first traces are to come soon, though all may take longer. */
  readonly isWatched?: boolean | undefined;
}

/** What showing a page may take at least, however long finding it took. */
const MIN_DETAILS_MS = 2_000;
/** How long a finished answer waits for what is known of the store besides. */
const MAX_STORED_WAIT_MS = 200;
/** Traces that come first where somebody waits for them. */
const FIRST_WATCHED = 10;

/**
 * A page of traces, newest first. An answer that a limit cut short says so, holds what is certain, and has a cursor
 * that goes on where it stopped.
 * @throws TraceqlError, QueryError QUERY_CURSOR_…
 */
export async function searchTraces(store: SpanStore, request: SearchRequest): Promise<SearchAnswer> {
  const { tenant, options = {}, explain = false } = request;
  const query = parseSearch(request.text);
  const canonical = printQuery(query);
  const search = store.openSearch(tenant, { ...options, explain });
  const plan = planSearch(query, search);
  // What relates spans is found trace by trace: all of it would have to be found before it could be put in order.
  const order = plan.tier === 'sql' ? (request.order ?? 'newest') : 'newest';
  const answered = order === 'newest' ? canonical : `${canonical} in order ${order}`;
  const position = request.cursor === undefined ? undefined : decodeCursor(request.cursor, tenant, answered);
  const range = position?.range ?? request.range;
  // Asked beside the search: a first answer waits for the slower of both.
  const stored = search.stored();
  const paged = { ...request, range, after: position?.after };
  const page = order === 'newest' ? await runPlan(plan, search, paged) : await runOrdered(plan, search, order, paged);
  const { found, traces } = page;
  const isNothing = traces.length === 0 && found.stoppedBy === undefined && position === undefined;
  const notes = isNothing ? await noteUnknownAttributes(namedFields(query.pipeline), search) : [];
  const answer = {
    traces,
    ...(request.order !== undefined && request.order !== 'newest' && { order }),
    ...(notes.length > 0 && { notes }),
    ...(found.next && { cursor: encodeCursor({ range, after: found.next }, tenant, answered) }),
    statistics: statisticsOf(search, found, range, await withinMoment(stored)),
  };
  return explain ? { ...answer, plan: explained(plan, canonical, search) } : answer;
}

/** @throws TraceqlError, TRACEQL_TYPE for a metrics query. */
export function parseSearch(text: string): SpansetQuery {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'spanset-query') return query;
  const message =
    'search: a metrics query yields series, not traces. Ask /api/v1/metrics, or leave out the metrics function.';
  throw new TraceqlError('TRACEQL_TYPE', message, query.at);
}

interface PageRequest extends SearchRequest {
  readonly after: TracePosition | undefined;
}

interface Page {
  readonly found: Found<SampledMatch>;
  readonly traces: readonly FoundTrace[];
}

/** A cursor of an order has the trace's fact where others have a time. */
async function runOrdered(
  plan: SearchPlan,
  search: SpanSearch,
  order: TraceOrder,
  { range, limit, spansPerTrace, after: position }: PageRequest,
): Promise<Page> {
  const after = position && { traceId: position.traceId, value: BigInt.asIntN(64, position.newestMatchUnixNano) };
  const { found, traces, next } = await orderTraces(search, plan, { order, range, limit, spansPerTrace, after });
  if (next === undefined) return { found, traces };
  const { traceId, value } = next;
  return { found: { ...found, next: { traceId, newestMatchUnixNano: BigInt.asUintN(64, value) } }, traces };
}

function runPlan(plan: SearchPlan, search: SpanSearch, request: PageRequest): Promise<Page> {
  const { range, spansPerTrace } = request;
  if (plan.tier === 'sql') {
    const fields = [...plan.fields.named, ...plan.fields.selected];
    const judge = new FilterJudge({ search, filter: plan.filter, range, spansPerTrace, fields });
    return loadPage(judge, plan, search, request);
  }
  const { query, required, columns } = plan;
  if (plan.tier === 'rows') {
    const fields = [...plan.fields.named, ...plan.fields.selected];
    const { pipeline } = query;
    const judge = new RowsJudge({ search, pipeline, columns, required, range, spansPerTrace, fields });
    return loadPage(judge, plan, search, request);
  }
  const judge = new TraceJudge({ search, query, required, range, spansPerTrace, fields: plan.fields.named });
  return loadPage(judge, plan, search, request);
}

async function loadPage<F extends SampledMatch>(
  judge: Judge<F>,
  plan: SearchPlan,
  search: SpanSearch,
  { range, limit, after, onFound, isWatched = false }: PageRequest,
): Promise<Page> {
  // One more than asked for tells whether there is a next page; behind a cursor some belong to earlier pages.
  const wholePage = after === undefined ? limit + 1 : 2 * limit;
  const shown: FoundTrace[] = [];
  const { required, link, perFinding } = plan;
  const found = await findNewest<F>({
    search,
    walk: search.candidates({
      condition: plan.filter,
      ...{ required, link, perFinding },
      range,
      after,
      isStepwise: isWatched,
    }),
    judge,
    limit,
    after,
    firstRound: isWatched ? Math.min(wholePage, FIRST_WATCHED) : wholePage,
    onFound:
      onFound === undefined
        ? undefined
        : async (findings) => {
            const traces = await judge.show(findings);
            shown.push(...traces);
            onFound(traces);
          },
  });
  if (onFound !== undefined) return { found, traces: shown };
  search.allowAtLeast(MIN_DETAILS_MS);
  return { found, traces: found.findings.length === 0 ? [] : await judge.show(found.findings) };
}

/** Of a large store it takes a while for the first time: an answer does not wait for that. */
async function withinMoment<T>(known: Promise<T | undefined>): Promise<T | undefined> {
  const waiting = new AbortController();
  const moment = sleep(MAX_STORED_WAIT_MS, undefined, { signal: waiting.signal }).catch(() => undefined);
  const first = await Promise.race([known, moment]);
  waiting.abort();
  return first;
}

function statisticsOf(
  search: SpanSearch,
  found: Found<SampledMatch>,
  range: TimeRange,
  stored: StoredData | undefined,
): SearchStatistics {
  const { tracesInspected, spansInspected } = found;
  const cut = [found.stoppedBy, found.leftOut].filter((reason) => reason !== undefined).join('; ');
  return {
    ...search.statistics(cut === '' ? undefined : cut),
    tracesInspected,
    spansInspected,
    sampling: samplingOf(found.findings),
    ...(stored && { partitions: partitionsOf(stored, range) }),
    ...(stored?.receivedUntilUnixMs !== undefined && { storedUntilUnixMs: stored.receivedUntilUnixMs }),
  };
}

function samplingOf(findings: readonly SampledMatch[]): Sampling {
  let [spans, sampled, weight] = [0, 0, 0];
  for (const { matchedCount, sampledCount, matchedWeight } of findings) {
    spans += matchedCount;
    sampled += sampledCount;
    weight += matchedWeight;
  }
  return { spans, sampled, weight };
}

function explained({ tier, reasons }: SearchPlan, query: string, { steps }: SpanSearch): QueryPlan {
  return { query, tier, reasons, steps };
}

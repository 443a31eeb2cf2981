import type { FoundSpan, FoundTrace, ReadStatistics, SearchAnswer } from '@clew/contract';
import { parseQuery, printQuery, soleFilter, TraceqlError } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import type { MatchedSpan, ReadOptions, SpanStore, TimeRange, TraceMatch, TraceSummary } from '../store/span-store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';

export interface SearchRequest {
  readonly tenant: string;
  /** TraceQL. */
  readonly text: string;
  /** With a cursor the range of its first page is used instead. */
  readonly range: TimeRange;
  /** Traces of a page. */
  readonly limit: number;
  /** Matching spans shown of each trace; 0 for none. */
  readonly spansPerTrace: number;
  readonly cursor?: string | undefined;
  readonly options?: ReadOptions;
}

/** What the details of a page may take at least, however long finding its traces took. */
const MIN_DETAILS_MS = 2_000;

/**
 * A page of traces, newest first. An answer that a limit cut short says so and holds what is certain.
 * @throws TraceqlError, QueryError QUERY_CURSOR_…
 */
export async function searchTraces(store: SpanStore, request: SearchRequest): Promise<SearchAnswer> {
  const startedAt = performance.now();
  const { tenant, limit, options = {} } = request;
  const query = parseQuery(request.text, { checkRegex });
  const filter = soleFilter(query);
  if (filter === undefined) {
    const message = 'search takes one filter { … }; more is not supported yet.';
    throw new TraceqlError('TRACEQL_NOT_YET', message, query.at);
  }
  const canonical = printQuery(query);
  const position = request.cursor === undefined ? undefined : decodeCursor(request.cursor, tenant, canonical);
  const range = position?.range ?? request.range;

  // One more than asked for tells whether there is a next page.
  const matches = await store.findTraces(tenant, filter.expression, range, limit + 1, position?.after, options);
  const page = matches.value.slice(0, limit);
  const traceIds = page.map(({ traceId }) => traceId);
  const detailsOptions = withTimeLeft(options, startedAt);
  const [summaries, matched] = await Promise.all([
    store.summarizeTraces(tenant, traceIds, detailsOptions),
    request.spansPerTrace === 0
      ? undefined
      : store.matchedSpans(tenant, filter.expression, range, traceIds, request.spansPerTrace, detailsOptions),
  ]);
  const statistics = sumOf([matches.statistics, summaries.statistics, matched?.statistics], startedAt);
  const answer = {
    // A trace without summary has been dropped since, or its summary was cut: then what is known is shown.
    traces: page
      .filter(({ traceId }) => summaries.value.has(traceId) || !summaries.statistics.complete)
      .map((match) => foundTrace(match, summaries.value.get(match.traceId), matched?.value.get(match.traceId) ?? [])),
    statistics,
  };
  const last = page[page.length - 1];
  const hasMore = matches.value.length > limit || !matches.statistics.complete;
  if (last === undefined || !hasMore) return answer;
  return { ...answer, cursor: encodeCursor({ range, after: last }, tenant, canonical) };
}

function withTimeLeft(options: ReadOptions, startedAt: number): ReadOptions {
  if (options.timeoutMs === undefined) return options;
  const leftMs = options.timeoutMs - (performance.now() - startedAt);
  return { ...options, timeoutMs: Math.max(leftMs, MIN_DETAILS_MS) };
}

function sumOf(parts: readonly (ReadStatistics | undefined)[], startedAt: number): ReadStatistics {
  const known = parts.filter((part) => part !== undefined);
  const reason = known.find((part) => !part.complete)?.incompleteReason;
  return {
    rowsRead: known.reduce((sum, part) => sum + part.rowsRead, 0),
    bytesRead: known.reduce((sum, part) => sum + part.bytesRead, 0),
    elapsedMs: Math.round(performance.now() - startedAt),
    complete: known.every((part) => part.complete),
    ...(reason === undefined ? {} : { incompleteReason: reason }),
  };
}

function foundTrace(match: TraceMatch, summary: TraceSummary | undefined, matched: readonly MatchedSpan[]): FoundTrace {
  return {
    traceId: match.traceId,
    rootService: summary?.rootService ?? '',
    rootName: summary?.rootName ?? '',
    startTimeUnixNano: (summary?.startUnixNano ?? match.newestMatchUnixNano).toString(),
    durationNano: (summary?.durationNano ?? 0n).toString(),
    spanCount: summary?.spanCount ?? match.matchedCount,
    errorCount: summary?.errorCount ?? 0,
    services: summary?.services ?? [],
    matchedCount: match.matchedCount,
    matched: matched.map(foundSpan),
  };
}

function foundSpan(span: MatchedSpan): FoundSpan {
  return {
    spanId: span.spanId,
    name: span.name,
    service: span.service,
    kind: span.kind,
    statusCode: span.statusCode,
    startTimeUnixNano: span.startUnixNano.toString(),
    durationNano: span.durationNano.toString(),
  };
}

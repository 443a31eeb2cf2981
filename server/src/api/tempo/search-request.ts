import type { Message } from '@clew/wire/tempo/message-shape';
import type { TimeRange } from '../../store/span-store.ts';
import { tryGoDuration } from './go-duration.ts';
import { parseLogfmt } from './logfmt.ts';
import { tagsToTraceql } from './tags-to-traceql.ts';
import { badTempoRequest } from './tempo-error.ts';
import { parseSeconds, secondsRange } from './tempo-time.ts';

/** A search, checked. */
export interface TempoSearch {
  /** TraceQL. */
  readonly text: string;
  readonly range: TimeRange;
  /** Traces. */
  readonly limit: number;
  /** Matching spans shown of each spanset. */
  readonly spansPerSpanSet: number;
}

const DEFAULT_LIMIT = 20;
/** Most traces of one answer. */
export const MAX_TEMPO_LIMIT = 5_000;
const DEFAULT_SPANS_PER_SPAN_SET = 3;
const MAX_SPANS_PER_SPAN_SET = 100;
const RESERVED = new Set(['q', 'tags', 'minDuration', 'maxDuration', 'limit', 'spss', 'start', 'end', 'mode']);

/** @throws ApiError 400 */
export function searchFromQuery(query: Readonly<Record<string, string>>, nowUnixMs: number): TempoSearch {
  const start = parseSeconds(query.start, 'start');
  const end = parseSeconds(query.end, 'end');
  const { q = '', tags = '' } = query;
  if (q !== '' && tags !== '') throw badTempoRequest("invalid request: can't specify tags and q in the same query");
  return {
    text: q === '' ? tagsToTraceql({ tags: tagsOf(query, start + end > 0), ...durationsOf(query) }) : q,
    range: secondsRange(start, end, nowUnixMs),
    limit: checkedLimit(query.limit === undefined || query.limit === '' ? DEFAULT_LIMIT : countOf(query, 'limit')),
    spansPerSpanSet: checkedSpans(
      query.spss === undefined || query.spss === '' ? DEFAULT_SPANS_PER_SPAN_SET : countOf(query, 'spss'),
    ),
  };
}

/** The same of a SearchRequest. @throws ApiError 400 */
export function searchFromMessage(message: Message, nowUnixMs: number): TempoSearch {
  const { Tags, Query, Limit, SpansPerSpanSet, MinDurationMs, MaxDurationMs, start, end } = message;
  const text = typeof Query === 'string' ? Query : '';
  const tags = Tags instanceof Map ? (Tags as ReadonlyMap<string, string>) : new Map<string, string>();
  const limit = numberOf(Limit);
  return {
    text:
      text === ''
        ? tagsToTraceql({ tags, minDurationMs: numberOf(MinDurationMs), maxDurationMs: numberOf(MaxDurationMs) })
        : text,
    range: secondsRange(numberOf(start), numberOf(end), nowUnixMs),
    // The message cannot tell 0 from absent.
    limit: checkedLimit(limit === 0 ? DEFAULT_LIMIT : limit),
    spansPerSpanSet:
      SpansPerSpanSet === undefined ? DEFAULT_SPANS_PER_SPAN_SET : checkedSpans(numberOf(SpansPerSpanSet)),
  };
}

export function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}

/** Without a range tags may also stand as parameters of their own, as the first Grafana versions sent them. */
function tagsOf(query: Readonly<Record<string, string>>, hasRange: boolean): ReadonlyMap<string, string> {
  if (query.tags !== undefined && query.tags !== '') return parseLogfmt(query.tags);
  if (hasRange) return new Map();
  return new Map(Object.entries(query).filter(([name, value]) => !RESERVED.has(name) && value !== ''));
}

function durationsOf(query: Readonly<Record<string, string>>): { minDurationMs: number; maxDurationMs: number } {
  return { minDurationMs: durationMsOf(query, 'minDuration'), maxDurationMs: durationMsOf(query, 'maxDuration') };
}

function durationMsOf(query: Readonly<Record<string, string>>, name: string): number {
  const text = query[name];
  if (text === undefined || text === '') return 0;
  const nano = tryGoDuration(text);
  if (nano === undefined) {
    throw badTempoRequest(`invalid ${name}: '${text.slice(0, 40)}' is not a duration such as 100ms or 1m30s.`);
  }
  return Number(nano / 1_000_000n);
}

function countOf(query: Readonly<Record<string, string>>, name: string): number {
  const text = query[name] ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw badTempoRequest(`invalid ${name}: '${text.slice(0, 40)}' is not a whole number.`);
}

function checkedLimit(limit: number): number {
  if (limit === 0) throw badTempoRequest('invalid limit: must be a positive number');
  if (limit > MAX_TEMPO_LIMIT) throw badTempoRequest(`limit ${limit} exceeds max limit ${MAX_TEMPO_LIMIT}`);
  return limit;
}

/** 0 is "as many as there may be". */
function checkedSpans(spans: number): number {
  if (spans > MAX_SPANS_PER_SPAN_SET) {
    throw badTempoRequest(`spans per span set exceeds ${MAX_SPANS_PER_SPAN_SET}. received ${spans}`);
  }
  return spans === 0 ? MAX_SPANS_PER_SPAN_SET : spans;
}

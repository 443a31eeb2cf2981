import {
  type AttributesAnswer,
  type AttributeValuesAnswer,
  type CompareAnswer,
  type DependenciesAnswer,
  type FacetsAnswer,
  type MetricsAnswer,
  type OperationsAnswer,
  type QualityAnswer,
  type SearchAnswer,
  type ServiceAnswer,
  type ServicesAnswer,
  type ServicesOverviewAnswer,
  SPAN_VALUES_MEDIA_TYPE,
  type SpanAnswer,
  type SpansAnswer,
  type StatusAnswer,
  type TotalsAnswer,
  TRACE_COLUMNS_MEDIA_TYPE,
} from '@clew/contract';
import type { SpanValues } from '@clew/model';
import { decodeSpanValues } from '@clew/wire/columns/span-values';
import { text } from '../text/catalogue.ts';
import { ProblemError, problemOf } from './problem-error.ts';

const BASE = '/api/v1';

type Parameters = Readonly<Record<string, string | number | undefined>>;

/** Instants as the API takes them: RFC 3339, unix numbers, or relative such as `now-1h`. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

export interface SearchRequest extends TimeRange {
  readonly query: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Newest first where it is left out. */
  readonly order?: 'newest' | 'longest' | 'errors' | 'spans' | undefined;
}

export function loadStatus(signal?: AbortSignal): Promise<StatusAnswer> {
  return loadJson('/status', {}, signal);
}

export function loadServices(range: TimeRange, signal?: AbortSignal): Promise<ServicesAnswer> {
  return loadJson('/services', { start: range.from, end: range.to }, signal);
}

export function loadServicesOverview(range: TimeRange, signal?: AbortSignal): Promise<ServicesOverviewAnswer> {
  return loadJson('/services-overview', { start: range.from, end: range.to }, signal);
}

export function loadService(service: string, range: TimeRange, signal?: AbortSignal): Promise<ServiceAnswer> {
  const path = `/services/${encodeURIComponent(service)}/overview`;
  return loadJson(path, { start: range.from, end: range.to, points: 60 }, signal);
}

export function loadDependencies(range: TimeRange, signal?: AbortSignal): Promise<DependenciesAnswer> {
  return loadJson('/dependencies', { start: range.from, end: range.to }, signal);
}

export function loadOperations(service: string, signal?: AbortSignal): Promise<OperationsAnswer> {
  return loadJson(`/services/${encodeURIComponent(service)}/operations`, {}, signal);
}

export function loadAttributes(contains: string, range: TimeRange, signal?: AbortSignal): Promise<AttributesAnswer> {
  return loadJson('/attributes', { contains, limit: 100, start: range.from, end: range.to }, signal);
}

/** @param name as TraceQL writes it: `resource.service.name`, `.http.method`, `name`, `status` */
export function loadAttributeValues(
  name: string,
  prefix: string,
  query: string | undefined,
  range: TimeRange,
  signal?: AbortSignal,
): Promise<AttributeValuesAnswer> {
  const parameters = { prefix, limit: 100, q: query, start: range.from, end: range.to };
  return loadJson(`/attributes/${encodeURIComponent(name)}/values`, parameters, signal);
}

export function loadSearch(request: SearchRequest, signal?: AbortSignal): Promise<SearchAnswer> {
  const { query, from, to, limit, cursor, order } = request;
  return loadJson('/search', { q: query, start: from, end: to, limit, cursor, order, spss: 3 }, signal);
}

/** Matching spans one by one, with what select() of the query names. */
export function loadSpans(request: SearchRequest, signal?: AbortSignal): Promise<SpansAnswer> {
  const { query, from, to, limit, cursor, order } = request;
  return loadJson('/search/spans', { q: query, start: from, end: to, limit, cursor, order }, signal);
}

export function loadTotals(query: string, range: TimeRange, signal?: AbortSignal): Promise<TotalsAnswer> {
  return loadJson('/search/totals', { q: query, start: range.from, end: range.to }, signal);
}

export function loadFacets(query: string, range: TimeRange, signal?: AbortSignal): Promise<FacetsAnswer> {
  return loadJson('/search/facets', { q: query, start: range.from, end: range.to }, signal);
}

/** Where a query is followed live, as server-sent events. */
export function tailUrl(query: string, tracesPerSecond: number, spansPerTrace: number): string {
  const rates = { rate: String(tracesPerSecond), spss: String(spansPerTrace) };
  return `${BASE}/tail?${new URLSearchParams({ q: query, ...rates })}`;
}

export interface MetricsRequest extends TimeRange {
  readonly query: string;
  /** Length of a bucket; absent: about 240 of them. */
  readonly stepMs?: number;
  /** Most spans to show beside the series. */
  readonly exemplars?: number;
  /** Buckets of histogram_over_time for each doubling of the value. */
  readonly resolution?: number;
}

/** Series of a metrics query. */
export function loadMetrics(
  { query, from, to, stepMs, exemplars, resolution }: MetricsRequest,
  signal?: AbortSignal,
): Promise<MetricsAnswer> {
  const step = stepMs === undefined ? undefined : `${stepMs}ms`;
  return loadJson('/metrics', { q: query, start: from, end: to, step, exemplars, resolution }, signal);
}

/** One number of a metrics query over the whole range: undefined where no span matches. */
export async function loadMetricTotal(
  query: string,
  range: TimeRange,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const parameters = { q: query, start: range.from, end: range.to, instant: 'true' };
  const answer = await loadJson<MetricsAnswer>('/metrics', parameters, signal);
  return answer.series[0]?.values[0] ?? undefined;
}

/** A whole trace as columns in binary form; rejects with status 404 when the store does not hold it. */
export async function loadTraceBody(traceId: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  const answer = await load(`/traces/${encodeURIComponent(traceId)}`, {}, TRACE_COLUMNS_MEDIA_TYPE, signal);
  return answer.arrayBuffer();
}

/** The spans of a trace that a TraceQL query finds. */
export async function loadTraceMatch(traceId: string, query: string, signal?: AbortSignal): Promise<SpanValues> {
  const path = `/traces/${encodeURIComponent(traceId)}/match`;
  const answer = await load(path, { q: query }, SPAN_VALUES_MEDIA_TYPE, signal);
  return decodeSpanValues(await answer.arrayBuffer());
}

/** One attribute of every span of a trace that has it; `name` as TraceQL writes it. */
export async function loadTraceValues(traceId: string, name: string, signal?: AbortSignal): Promise<SpanValues> {
  const path = `/traces/${encodeURIComponent(traceId)}/values`;
  const answer = await load(path, { name }, SPAN_VALUES_MEDIA_TYPE, signal);
  return decodeSpanValues(await answer.arrayBuffer());
}

/** A whole trace with everything it carries, as OTLP protobuf. */
export async function loadTraceProtobuf(traceId: string, signal?: AbortSignal): Promise<Uint8Array> {
  const answer = await load(`/traces/${encodeURIComponent(traceId)}`, {}, 'application/x-protobuf', signal);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Two sets of spans, each a query with its range. */
export function loadCompare(
  { a, b }: { readonly a: TimeRange & { readonly query: string }; readonly b: TimeRange & { readonly query: string } },
  signal?: AbortSignal,
): Promise<CompareAnswer> {
  const ranges = { start: a.from, end: a.to, bstart: b.from, bend: b.to };
  return loadJson('/compare', { a: a.query, b: b.query, ...ranges }, signal);
}

export function loadSpan(traceId: string, spanId: string, signal?: AbortSignal): Promise<SpanAnswer> {
  return loadJson(`/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`, {}, signal);
}

/** What is odd about the spans of a range. */
export function loadQuality(range: TimeRange, signal?: AbortSignal): Promise<QualityAnswer> {
  return loadJson('/quality', { start: range.from, end: range.to }, signal);
}

/** The server's own metrics, in the Prometheus text format. */
export async function loadMetricsText(signal?: AbortSignal): Promise<string> {
  const answer = await loadUrl('/metrics', 'text/plain', signal);
  return answer.text();
}

/** Where a trace is to be had as OTLP JSON, for a link. */
export function traceExportUrl(traceId: string): string {
  return `${BASE}/traces/${encodeURIComponent(traceId)}`;
}

async function loadJson<Answer>(
  path: string,
  parameters: Parameters,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const answer = await load(path, parameters, 'application/json', signal);
  return (await answer.json()) as Answer;
}

async function load(
  path: string,
  parameters: Parameters,
  accept: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return loadUrl(search.size > 0 ? `${BASE}${path}?${search}` : `${BASE}${path}`, accept, signal);
}

/** Sends OTLP JSON the way every sender does; the main port takes it as the OTLP port does. */
export async function postTraces(otlpJson: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await request('/v1/traces', { method: 'POST', headers, body: otlpJson });
}

function loadUrl(url: string, accept: string, signal: AbortSignal | undefined): Promise<Response> {
  return request(url, { headers: { accept }, signal: signal ?? null });
}

async function request(url: string, options: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(url, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ProblemError({
      status: 0,
      code: 'NETWORK_UNREACHABLE',
      title: text.problem.unreachable,
      detail: text.problem.unreachableWhy(`${options.method ?? 'GET'} ${url.split('?')[0]}`),
    });
  }
  if (!answer.ok) throw await problemOf(answer);
  return answer;
}

/**
 * The native HTTP API as one table: the server checks parameters with it, the OpenAPI document is made from it.
 * Times are RFC 3339, Unix seconds, milliseconds, microseconds or nanoseconds (told apart by magnitude), or
 * relative (`now`, `now-1h`).
 */
import { z } from 'zod';

/** Most traces in one page of a search answer. */
export const MAX_SEARCH_LIMIT = 1_000;
/** Most matched spans shown for one trace of a search answer. */
export const MAX_SPANS_PER_TRACE = 100;
/** Most exemplars in an answer of metrics. */
export const MAX_EXEMPLARS = 10_000;
/** Most buckets of a histogram for each doubling of the value. */
export const MAX_HISTOGRAM_RESOLUTION = 16;
/** Most buckets of the series of services. */
export const MAX_SERVICE_POINTS = 240;
/** Most traces a second that a tail tells of. */
export const MAX_TAIL_RATE = 100;
/** Most traces of each side that a comparison merges. */
export const MAX_COMPARED_TRACES = 500;
/** Longest query text, in UTF-16 units. */
export const MAX_QUERY_LENGTH = 16_384;

const time = (what: string) =>
  z.string().max(64).optional().describe(`${what}: RFC 3339, Unix s, ms, µs or ns, or relative such as now-1h.`);

const range = {
  start: time('Start of the range, inclusive (default: one hour before the end)'),
  end: time('End of the range, exclusive (default: now)'),
};

const limit = (most: number, byDefault: number) =>
  z.coerce.number().int().min(1).max(most).default(byDefault).describe(`A whole number from 1 to ${most}.`);

const query = z
  .string()
  .max(MAX_QUERY_LENGTH)
  .default('{ }')
  .describe(
    `TraceQL, at most ${MAX_QUERY_LENGTH} characters, for example { resource.service.name = "cart" && duration > 1s }.`,
  );

const points = limit(MAX_SERVICE_POINTS, 30).describe(
  `Most buckets of the series, which are whole minutes long, 1 to ${MAX_SERVICE_POINTS}.`,
);
const service = z.string().min(1).max(1_024);
const traceId = z.string().min(1).max(32).describe('1 to 32 hex digits; leading zeros may be left out.');
const spanId = z.string().min(1).max(16).describe('1 to 16 hex digits; leading zeros may be left out.');

export interface Route {
  readonly path: string;
  readonly summary: string;
  readonly parameters: z.ZodObject;
  readonly query: z.ZodObject;
  /** Media types of the answer, the default first. */
  readonly answers: readonly string[];
  /** Name of the answer's type in api-types.ts. */
  readonly answerType: string;
}

const JSON_ONLY = ['application/json'] as const;

export const ROUTES = {
  search: {
    path: '/api/v1/search',
    summary: 'Traces with at least one span that satisfies a TraceQL filter, newest first.',
    parameters: z.object({}),
    query: z.object({
      q: query,
      ...range,
      limit: limit(MAX_SEARCH_LIMIT, 20),
      spss: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_SPANS_PER_TRACE)
        .default(3)
        .describe('Matching spans to show for each trace.'),
      cursor: z.string().max(1_024).optional().describe('`cursor` of the page before.'),
      order: z
        .enum(['newest', 'longest', 'errors', 'spans'])
        .default('newest')
        .describe(
          'Over the whole range, for queries of filters and select(): newest match, longest trace, most error spans, most spans first. Others are answered newest first, and `order` of the answer says so.',
        ),
      explain: z
        .enum(['true', 'false'])
        .default('false')
        .describe('true: also how the query was answered, with every statement and what it read.'),
    }),
    answers: JSON_ONLY,
    answerType: 'SearchAnswer',
  },
  searchSpans: {
    path: '/api/v1/search/spans',
    summary: 'Spans that satisfy a TraceQL filter, one by one, with the attributes that select() names.',
    parameters: z.object({}),
    query: z.object({
      q: query,
      ...range,
      limit: limit(MAX_SEARCH_LIMIT, 100),
      cursor: z.string().max(1_024).optional().describe('`cursor` of the page before.'),
      order: z
        .enum(['newest', 'longest'])
        .default('newest')
        .describe('Over the whole range. Queries that are no plain filter are answered trace by trace.'),
    }),
    answers: JSON_ONLY,
    answerType: 'SpansAnswer',
  },
  searchTotals: {
    path: '/api/v1/search/totals',
    summary: 'How many spans satisfy a TraceQL filter, and in how many traces.',
    parameters: z.object({}),
    query: z.object({ q: query, ...range }),
    answers: JSON_ONLY,
    answerType: 'TotalsAnswer',
  },
  searchFacets: {
    path: '/api/v1/search/facets',
    summary: 'Attributes of the newest spans that satisfy a TraceQL filter, with their most frequent values.',
    parameters: z.object({}),
    query: z.object({ q: query, ...range }),
    answers: JSON_ONLY,
    answerType: 'FacetsAnswer',
  },
  metrics: {
    path: '/api/v1/metrics',
    summary: 'Series of numbers of the spans that a TraceQL query finds, bucket by bucket.',
    parameters: z.object({}),
    query: z.object({
      q: z
        .string()
        .max(MAX_QUERY_LENGTH)
        .describe(
          `TraceQL that ends in a metrics function, at most ${MAX_QUERY_LENGTH} characters, for example { status = error } | rate() by(resource.service.name).`,
        ),
      ...range,
      step: z
        .string()
        .max(32)
        .optional()
        .describe('Length of a bucket: a duration such as 30s or 1m30s, or seconds (default: about 240 buckets).'),
      instant: z
        .enum(['true', 'false'])
        .default('false')
        .describe('true: one bucket that is the whole range, whatever the step.'),
      exemplars: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_EXEMPLARS)
        .optional()
        .describe('Most spans to show beside the series (default: as the hint `exemplars` of the query says, else 0).'),
      resolution: limit(MAX_HISTOGRAM_RESOLUTION, 1).describe(
        `Buckets of histogram_over_time for each doubling of the value, 1 to ${MAX_HISTOGRAM_RESOLUTION}: ` +
          'with 1 the bounds are powers of two.',
      ),
      explain: z
        .enum(['true', 'false'])
        .default('false')
        .describe('true: also how the query was answered, with every statement and what it read.'),
    }),
    answers: JSON_ONLY,
    answerType: 'MetricsAnswer',
  },
  compare: {
    path: '/api/v1/compare',
    summary:
      'Two sets of spans, each a TraceQL query with a range: rate, errors and durations of both, a merged tree of a sample of their traces, and the attributes that tell them apart, most telling first.',
    parameters: z.object({}),
    query: z.object({
      a: z.string().max(MAX_QUERY_LENGTH).describe(`TraceQL of the first set, at most ${MAX_QUERY_LENGTH} characters.`),
      b: z
        .string()
        .max(MAX_QUERY_LENGTH)
        .describe(`TraceQL of the second set, at most ${MAX_QUERY_LENGTH} characters.`),
      ...range,
      bstart: time('Start of the range of b, inclusive (default: as of a)'),
      bend: time('End of the range of b, exclusive (default: as of a)'),
      traces: limit(MAX_COMPARED_TRACES, 200),
    }),
    answers: JSON_ONLY,
    answerType: 'CompareAnswer',
  },
  tail: {
    path: '/api/v1/tail',
    summary:
      'Follows a query live, as server-sent events: each trace when it first matches among those that got new spans, and again when it has changed. Last-Event-ID goes on where a broken connection stopped.',
    parameters: z.object({}),
    query: z.object({
      q: z
        .string()
        .max(MAX_QUERY_LENGTH)
        .default('{ }')
        .describe(`TraceQL of traces, at most ${MAX_QUERY_LENGTH} characters.`),
      rate: limit(MAX_TAIL_RATE, 20).describe(`Most traces to tell of in a second, 1 to ${MAX_TAIL_RATE}.`),
      spss: z.coerce
        .number()
        .int()
        .min(0)
        .max(MAX_SPANS_PER_TRACE)
        .default(3)
        .describe('Matching spans to show for each trace.'),
    }),
    answers: ['text/event-stream'],
    answerType: 'TailEvent',
  },
  trace: {
    path: '/api/v1/traces/{traceId}',
    summary: 'A whole trace: OTLP JSON, OTLP protobuf or typed columns in depth-first order, as Accept asks.',
    parameters: z.object({ traceId }),
    query: z.object({}),
    answers: ['application/json', 'application/x-protobuf', 'application/vnd.clew.trace-columns'],
    answerType: 'OtlpJsonTraceData',
  },
  span: {
    path: '/api/v1/traces/{traceId}/spans/{spanId}',
    summary: 'One span with its resource and scope.',
    parameters: z.object({ traceId, spanId }),
    query: z.object({}),
    answers: JSON_ONLY,
    answerType: 'SpanAnswer',
  },
  traceMatch: {
    path: '/api/v1/traces/{traceId}/match',
    summary: 'The spans of one trace that a TraceQL query finds, by id and start.',
    parameters: z.object({ traceId }),
    query: z.object({
      q: z
        .string()
        .max(MAX_QUERY_LENGTH)
        .describe(`TraceQL of spans, at most ${MAX_QUERY_LENGTH} characters, for example { .http.status_code = 500 }.`),
    }),
    answers: ['application/vnd.clew.span-values'],
    answerType: 'SpanValues',
  },
  traceValues: {
    path: '/api/v1/traces/{traceId}/values',
    summary: 'One attribute or intrinsic of every span of a trace that has it; values are cut to 256 characters.',
    parameters: z.object({ traceId }),
    query: z.object({
      name: z.string().min(1).max(1_024).describe('As in TraceQL: span.http.route, resource.host.name, .user.id.'),
    }),
    answers: ['application/vnd.clew.span-values'],
    answerType: 'SpanValues',
  },
  services: {
    path: '/api/v1/services',
    summary: 'Services that sent spans in the days of the range.',
    parameters: z.object({}),
    query: z.object(range),
    answers: JSON_ONLY,
    answerType: 'ServicesAnswer',
  },
  operations: {
    path: '/api/v1/services/{service}/operations',
    summary: 'Span names of a service with their kinds.',
    parameters: z.object({ service }),
    query: z.object(range),
    answers: JSON_ONLY,
    answerType: 'OperationsAnswer',
  },
  servicesOverview: {
    path: '/api/v1/services-overview',
    summary: 'Rate, errors and durations of every service over time, against the period of the same length before.',
    parameters: z.object({}),
    query: z.object({ ...range, points }),
    answers: JSON_ONLY,
    answerType: 'ServicesOverviewAnswer',
  },
  service: {
    path: '/api/v1/services/{service}/overview',
    summary: 'One service: its operations, durations, errors, instances and versions, against the period before.',
    parameters: z.object({ service }),
    query: z.object({ ...range, points }),
    answers: JSON_ONLY,
    answerType: 'ServiceAnswer',
  },
  dependencies: {
    path: '/api/v1/dependencies',
    summary: 'Who calls whom, with rate, errors and durations; of a share of the traces where there are many.',
    parameters: z.object({}),
    query: z.object(range),
    answers: JSON_ONLY,
    answerType: 'DependenciesAnswer',
  },
  attributes: {
    path: '/api/v1/attributes',
    summary: 'Attribute keys seen in the days of the range.',
    parameters: z.object({}),
    query: z.object({
      ...range,
      contains: z.string().max(256).default('').describe('Part of the key, in any case, at most 256 characters.'),
      limit: limit(1_000, 200),
    }),
    answers: JSON_ONLY,
    answerType: 'AttributesAnswer',
  },
  attributeValues: {
    path: '/api/v1/attributes/{name}/values',
    summary:
      'Most frequent values, of 4,096 bytes at most, of an attribute or intrinsic among the newest spans that satisfy a filter.',
    parameters: z.object({
      name: z
        .string()
        .min(1)
        .max(1_024)
        .describe('As in TraceQL: span.http.route, resource.service.name, .user.id, name, status, kind.'),
    }),
    query: z.object({
      ...range,
      q: z
        .string()
        .max(MAX_QUERY_LENGTH)
        .default('{ }')
        .describe(`TraceQL filter that narrows the spans looked at, at most ${MAX_QUERY_LENGTH} characters.`),
      prefix: z.string().max(256).default('').describe('Start of the value, at most 256 characters.'),
      limit: limit(1_000, 50),
    }),
    answers: JSON_ONLY,
    answerType: 'AttributeValuesAnswer',
  },
  quality: {
    path: '/api/v1/quality',
    summary:
      'What is odd about the spans of the range: cut by their senders, sampled, late, from clocks that are wrong, without their parents.',
    parameters: z.object({}),
    query: z.object(range),
    answers: JSON_ONLY,
    answerType: 'QualityAnswer',
  },
  status: {
    path: '/api/v1/status',
    summary: 'What this Clew has received and stored, and where it listens.',
    parameters: z.object({}),
    query: z.object({}),
    answers: JSON_ONLY,
    answerType: 'StatusAnswer',
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

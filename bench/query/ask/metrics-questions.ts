/** Series over time. */
import type { StoreParameters } from '../../../server/src/store/client.ts';
import { type AskedRange, pickBusyService, pickService, someHours } from './asked-values.ts';
import type { Found, Question, QuestionKind } from './question.ts';

const STEP_SECONDS = 300;

interface Measure {
  readonly range: AskedRange;
  readonly traceql: string;
  readonly sql: string;
  readonly parameters?: StoreParameters;
  /** Of the series' numbers and of the statement's rows. */
  readonly sum?: { readonly clew: (sum: number) => Found; readonly column: string };
}

/** A span belongs to the bucket that ends at or after its start, on both sides. */
const IN_RANGE =
  'Timestamp > fromUnixTimestamp64Milli({start:Int64}) AND Timestamp <= fromUnixTimestamp64Milli({end:Int64})';
const BUCKET = `toStartOfInterval(Timestamp, INTERVAL ${STEP_SECONDS} SECOND)`;

interface Answer {
  readonly series: readonly { readonly values: readonly (number | null)[] }[];
}

function measure({ range, traceql, sql, parameters, sum }: Measure): Question {
  const query = new URLSearchParams({
    q: traceql,
    start: String(range.startUnixMs),
    end: String(range.endUnixMs),
    step: `${STEP_SECONDS}s`,
  });
  const total = ({ series }: Answer): number =>
    series.reduce((all, { values }) => all + values.reduce<number>((one, value) => one + (value ?? 0), 0), 0);
  return {
    path: `/api/v1/metrics?${query}`,
    found: ({ json }) => sum?.clew(total(json as Answer)),
    baseline: {
      sql,
      parameters: { ...parameters, start: BigInt(range.startUnixMs), end: BigInt(range.endUnixMs) },
      found: (rows) => (sum === undefined ? undefined : rows.reduce((all, row) => all + Number(row[sum.column]), 0)),
    },
  };
}

const COUNTED = { clew: (sum: number) => Math.round(sum * STEP_SECONDS), column: 'spans' };
const text = JSON.stringify;

export const METRICS_QUESTIONS: readonly QuestionKind[] = [
  {
    name: 'rate by service',
    about: '{ } | rate() by(resource.service.name), 6 hours, 5-minute steps',
    make: (values) =>
      measure({
        range: onSteps(someHours(values, 6)),
        traceql: '{ } | rate() by(resource.service.name)',
        sql: `SELECT ${BUCKET} AS bucket, ServiceName, count() AS spans FROM otel_traces
          WHERE ${IN_RANGE} GROUP BY bucket, ServiceName`,
        sum: COUNTED,
      }),
  },
  {
    name: 'rate by attribute',
    about: '{ S && kind = server } | rate() by(span.http.route), 6 hours',
    make(values) {
      const service = pickBusyService(values);
      return measure({
        range: onSteps(someHours(values, 6)),
        traceql: `{ resource.service.name = ${text(service)} && kind = server } | rate() by(span.http.route)`,
        sql: `SELECT ${BUCKET} AS bucket, SpanAttributes['http.route'] AS route, count() AS spans FROM otel_traces
          WHERE ${IN_RANGE} AND ServiceName = {service:String} AND SpanKind = 'Server' GROUP BY bucket, route`,
        parameters: { service },
        sum: COUNTED,
      });
    },
  },
  {
    name: 'quantile_over_time',
    about: '{ S } | quantile_over_time(duration, 0.5, 0.95) by(name), 6 hours; theirs is the approximate quantile()',
    make(values) {
      const service = pickService(values);
      return measure({
        range: onSteps(someHours(values, 6)),
        traceql: `{ resource.service.name = ${text(service)} } | quantile_over_time(duration, 0.5, 0.95) by(name)`,
        sql: `SELECT ${BUCKET} AS bucket, SpanName, quantiles(0.5, 0.95)(Duration) AS q FROM otel_traces
          WHERE ${IN_RANGE} AND ServiceName = {service:String} GROUP BY bucket, SpanName`,
        parameters: { service },
      });
    },
  },
  {
    name: 'compare',
    about: '{ S } | compare({ status = error }), 1 hour; theirs counts attribute values by error or not',
    make(values) {
      const service = pickBusyService(values);
      return measure({
        range: onSteps(someHours(values, 1)),
        traceql: `{ resource.service.name = ${text(service)} } | compare({ status = error })`,
        sql: `SELECT attribute.1 AS key, attribute.2 AS value, countIf(StatusCode = 'Error') AS selection,
            countIf(StatusCode != 'Error') AS baseline
          FROM otel_traces ARRAY JOIN CAST(SpanAttributes, 'Array(Tuple(String, String))') AS attribute
          WHERE ${IN_RANGE} AND ServiceName = {service:String}
          GROUP BY key, value ORDER BY selection + baseline DESC LIMIT 10 BY key`,
        parameters: { service },
      });
    },
  },
];

/** Beginning and ending with a step: then both sides count the same spans. */
function onSteps({ startUnixMs, endUnixMs }: AskedRange): AskedRange {
  const stepMs = STEP_SECONDS * 1000;
  const startOnStep = Math.ceil(startUnixMs / stepMs) * stepMs;
  return { startUnixMs: startOnStep, endUnixMs: startOnStep + Math.floor((endUnixMs - startUnixMs) / stepMs) * stepMs };
}

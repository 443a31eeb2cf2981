/** The newest 20 traces that match. */
import type { StoreParameters } from '../../../server/src/store/client.ts';
import {
  type AskedRange,
  type AskedValues,
  pickBusyService,
  pickService,
  someHours,
  wholeRange,
} from './asked-values.ts';
import type { Question, QuestionKind } from './question.ts';

const LIMIT = 20;

interface Search {
  readonly range: AskedRange;
  readonly traceql: string;
  /** Condition of the baseline's statement; undefined with `sql`. */
  readonly where?: string;
  /** A whole statement of the baseline that gives `traceId`. */
  readonly sql?: string;
  readonly parameters?: StoreParameters;
}

const IN_RANGE =
  'Timestamp >= fromUnixTimestamp64Milli({start:Int64}) AND Timestamp < fromUnixTimestamp64Milli({end:Int64})';

function search({ range, traceql, where, sql, parameters }: Search): Question {
  const query = new URLSearchParams({
    q: traceql,
    start: String(range.startUnixMs),
    end: String(range.endUnixMs),
    limit: String(LIMIT),
  });
  const newest =
    `SELECT TraceId AS traceId FROM otel_traces WHERE ${IN_RANGE} AND ${where} ` +
    `ORDER BY Timestamp DESC LIMIT 1 BY TraceId LIMIT ${LIMIT}`;
  const statement = sql ?? (where === undefined ? undefined : newest);
  return {
    path: `/api/v1/search?${query}`,
    found: ({ json }) =>
      (json as { readonly traces: readonly { readonly traceId: string }[] }).traces.map(({ traceId }) => traceId),
    baseline:
      statement === undefined
        ? undefined
        : {
            sql: statement,
            parameters: { ...parameters, start: BigInt(range.startUnixMs), end: BigInt(range.endUnixMs) },
            found: (rows) => rows.map((row) => String(row.traceId)),
          },
  };
}

/** Ten minutes more on both sides: whole traces of this data set, whose spans begin within 20 s. */
const AROUND_RANGE =
  'Timestamp >= fromUnixTimestamp64Milli({start:Int64} - 600000) AND ' +
  'Timestamp < fromUnixTimestamp64Milli({end:Int64} + 600000)';

const text = JSON.stringify;

function structural(values: AskedValues, operator: '>' | '>>'): Question {
  const [parent, child] = [pickBusyService(values), pickService(values)];
  const range = someHours(values, 1);
  return search({
    range,
    traceql: `{ resource.service.name = ${text(parent)} } ${operator} { resource.service.name = ${text(child)} && status = error }`,
    ...(operator === '>' && {
      sql: `SELECT child.TraceId AS traceId, max(child.Timestamp) AS newest
        FROM (SELECT TraceId, ParentSpanId, Timestamp FROM otel_traces
              WHERE ${IN_RANGE} AND ServiceName = {child:String} AND StatusCode = 'Error') AS child
        INNER JOIN (SELECT TraceId, SpanId FROM otel_traces
              WHERE ${IN_RANGE} AND ServiceName = {parent:String}) AS parent
        ON child.TraceId = parent.TraceId AND child.ParentSpanId = parent.SpanId
        GROUP BY traceId ORDER BY newest DESC LIMIT ${LIMIT}`,
      parameters: { parent, child },
    }),
  });
}

export const SEARCH_QUESTIONS: readonly QuestionKind[] = [
  {
    name: 'service',
    about: '{ resource.service.name = S }, 24 hours',
    make(values) {
      const service = pickService(values);
      return search({
        range: wholeRange(values),
        traceql: `{ resource.service.name = ${text(service)} }`,
        where: 'ServiceName = {service:String}',
        parameters: { service },
      });
    },
  },
  {
    name: 'service and duration',
    about: '{ resource.service.name = S && duration > D }, 24 hours',
    make(values) {
      const service = pickService(values);
      const durationMs = values.random.between(500, 5_000);
      return search({
        range: wholeRange(values),
        traceql: `{ resource.service.name = ${text(service)} && duration > ${durationMs}ms }`,
        where: 'ServiceName = {service:String} AND Duration > {duration:UInt64}',
        parameters: { service, duration: BigInt(durationMs) * 1_000_000n },
      });
    },
  },
  {
    name: 'any service',
    about: '{ status = error && name = N }, 24 hours',
    make(values) {
      const table = values.random.pick(['orders', 'products', 'users', 'payments']);
      const name = `SELECT shop.${table}`;
      return search({
        range: wholeRange(values),
        traceql: `{ status = error && name = ${text(name)} }`,
        where: "StatusCode = 'Error' AND SpanName = {name:String}",
        parameters: { name },
      });
    },
  },
  {
    name: 'user id',
    about: '{ span.app.user.id = U }: one of some ten million values, any service, 24 hours',
    make(values) {
      const user = values.random.pick(values.userIds);
      return search({
        range: wholeRange(values),
        traceql: `{ span.app.user.id = ${text(user)} }`,
        where: "SpanAttributes['app.user.id'] = {user:String}",
        parameters: { user },
      });
    },
  },
  {
    name: 'exception',
    about: '{ event.exception.message = M }: one of 3,000 messages, any service, 24 hours',
    make(values) {
      const message = `Upstream request failed after ${values.random.below(3_000)} ms`;
      return search({
        range: wholeRange(values),
        traceql: `{ event.exception.message = ${text(message)} }`,
        where: "arrayExists(event -> event['exception.message'] = {message:String}, `Events.Attributes`)",
        parameters: { message },
      });
    },
  },
  {
    name: 'number',
    about: '{ span.app.price.total > P }: 1 in 2,000 spans at most, any service, 24 hours',
    make(values) {
      const price = 999.5 + values.random.below(40) / 100;
      return search({
        range: wholeRange(values),
        traceql: `{ span.app.price.total > ${price.toFixed(2)} }`,
        where: "toFloat64OrZero(SpanAttributes['app.price.total']) > {price:Float64}",
        parameters: { price: Number(price.toFixed(2)) },
      });
    },
  },
  {
    name: 'regex',
    about: '{ span.url.full =~ ".*/orders/NNN[0-9]*\\\\?.*" }, any service, 6 hours',
    make(values) {
      const digits = String(values.random.between(100, 999));
      return search({
        range: someHours(values, 6),
        traceql: `{ span.url.full =~ ${text(`.*/orders/${digits}[0-9]*\\?.*`)} }`,
        where: "match(SpanAttributes['url.full'], {pattern:String})",
        parameters: { pattern: `^.*/orders/${digits}[0-9]*\\?.*$` },
      });
    },
  },
  {
    name: 'substring',
    about: '{ span.url.full =~ ".*HHHHHH.*" }: six hex digits, any service, 6 hours',
    make(values) {
      const part = `session=${values.random.hex(4)}`;
      return search({
        range: someHours(values, 6),
        traceql: `{ span.url.full =~ ${text(`.*${part}.*`)} }`,
        where: "SpanAttributes['url.full'] LIKE {pattern:String}",
        parameters: { pattern: `%${part}%` },
      });
    },
  },
  {
    name: 'structure >',
    about: '{ S1 } > { S2 && status = error }, 1 hour',
    make: (values) => structural(values, '>'),
  },
  {
    name: 'structure >>',
    about: '{ S1 } >> { S2 && status = error }, 1 hour; no one statement of the other schema says it',
    make: (values) => structural(values, '>>'),
  },
  {
    name: 'aggregate',
    about: '{ resource.service.name = S } | count() > N, 6 hours; of whole traces, whichever spans lie in the range',
    make(values) {
      const service = pickBusyService(values);
      const count = values.random.between(12, 16);
      return search({
        range: someHours(values, 6),
        traceql: `{ resource.service.name = ${text(service)} } | count() > ${count}`,
        sql: `SELECT TraceId AS traceId, maxIf(Timestamp, ${IN_RANGE}) AS newest FROM otel_traces
          WHERE ${AROUND_RANGE} AND ServiceName = {service:String}
          GROUP BY traceId HAVING count() > {count:UInt32} AND countIf(${IN_RANGE}) > 0
          ORDER BY newest DESC LIMIT ${LIMIT}`,
        parameters: { service, count },
      });
    },
  },
];

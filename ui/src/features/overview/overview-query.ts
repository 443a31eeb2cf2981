/** The queries the charts ask, made from the tree of the query that is shown. */
import type { FoundAttribute } from '@clew/contract';
import {
  buildAttribute,
  buildComparison,
  buildConjunction,
  buildIntrinsic,
  buildQuery,
  conjunctsOf,
  type FieldExpression,
  parseQuery,
  printPipeline,
  printQuery,
  type SpansetQuery,
  soleFilter,
  TraceqlError,
} from '@clew/traceql';
import type { ErrorGroup, Selection } from './overview-search.ts';

/** Spans by duration and status, bucket by bucket; undefined for text that finds no spans. */
export function tryHistogramQuery(query: string): string | undefined {
  const parsed = tryParseSpans(query);
  return parsed && `${printPipeline(parsed.pipeline)} | histogram_over_time(duration) by(status)`;
}

/** Whether the engine alone finds the spans: all other queries are dear to measure. */
export function isOneFilter(query: string): boolean {
  const parsed = tryParseSpans(query);
  return parsed !== undefined && soleFilter(parsed) !== undefined;
}

/** Spans by status, without their durations: read from sums a minute where these will do. */
export function tryCountQuery(query: string): string | undefined {
  const parsed = tryParseSpans(query);
  return parsed && `${printPipeline(parsed.pipeline)} | count_over_time() by(status)`;
}

const GROUP_FIELDS: Readonly<Record<ErrorGroup, string>> = {
  service: 'resource.service.name',
  operation: 'resource.service.name, name',
  message: 'statusMessage',
};

/** Failed spans of the query, told apart. */
export function tryErrorsQuery(query: string, group: ErrorGroup): string | undefined {
  const failed = tryNarrow(query, [buildComparison(buildIntrinsic('status'), '=', { type: 'status', value: 2 })]);
  const parsed = failed === undefined ? undefined : tryParseSpans(failed);
  return parsed && `${printPipeline(parsed.pipeline)} | count_over_time() by(${GROUP_FIELDS[group]})`;
}

/** The failed spans of one group of errors, by the labels of its series; undefined where a filter cannot say them. */
export function tryErrorsOf(query: string, labels: readonly FoundAttribute[]): string | undefined {
  const failed = buildComparison(buildIntrinsic('status'), '=', { type: 'status', value: 2 });
  const conditions = labels.map(({ name, type, value }) => {
    if (type !== 'string') return undefined;
    const field = LABEL_FIELDS[name];
    return field && buildComparison(field, '=', { type: 'string', value });
  });
  return conditions.every((one) => one !== undefined) ? tryNarrow(query, [failed, ...conditions]) : undefined;
}

const LABEL_FIELDS: Readonly<Record<string, FieldExpression>> = {
  'resource.service.name': buildAttribute('resource', 'service.name'),
  name: buildIntrinsic('name'),
  statusMessage: buildIntrinsic('statusMessage'),
};

/** When spans of which versions were there: where a version begins, it was deployed. */
export function tryVersionsQuery(query: string): string | undefined {
  const parsed = tryParseSpans(query);
  return (
    parsed &&
    `${printPipeline(parsed.pipeline)} | count_over_time() by(resource.service.name, resource.service.version)`
  );
}

/** The query with the durations of a selection as its conditions; the same where it has none. */
export function selectedQuery(query: string, { durations }: Selection): string {
  if (durations === undefined) return query;
  const { lowNano, highNano } = durations;
  const low = lowNano > 0 ? [ofDuration('>', lowNano)] : [];
  return tryNarrow(query, [...low, ofDuration('<=', highNano)]) ?? query;
}

/** The query without the durations of a selection. */
export function restQuery(query: string, { durations }: Selection): string {
  if (durations === undefined) return query;
  const { lowNano, highNano } = durations;
  const above = ofDuration('>', highNano);
  if (lowNano === 0) return tryNarrow(query, [above]) ?? query;
  const at = { from: 0, to: 0 };
  const left = ofDuration('<=', lowNano);
  return tryNarrow(query, [{ kind: 'logical', operator: '||', left, right: above, at }]) ?? query;
}

function ofDuration(operator: '>' | '<=', nanos: number): FieldExpression {
  return buildComparison(buildIntrinsic('duration'), operator, { type: 'duration', value: BigInt(nanos) });
}

/**
 * The query with further conditions on the spans it finds: in its braces where it is one filter, else as a filter of
 * what the pipeline yields.
 */
export function tryNarrow(query: string, conditions: readonly FieldExpression[]): string | undefined {
  const parsed = tryParseSpans(query);
  if (parsed === undefined) return undefined;
  const sole = soleFilter(parsed);
  if (sole !== undefined) {
    const all = buildConjunction([...conjunctsOf(sole.expression), ...conditions]);
    return printQuery({ ...buildQuery(all), hints: parsed.hints });
  }
  const [filter] = buildQuery(buildConjunction(conditions)).pipeline.stages;
  const { pipeline } = parsed;
  return printQuery({ ...parsed, pipeline: { ...pipeline, stages: [...pipeline.stages, filter] } });
}

function tryParseSpans(text: string): SpansetQuery | undefined {
  try {
    const query = parseQuery(text.trim() === '' ? '{ }' : text);
    return query.kind === 'spanset-query' ? query : undefined;
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}

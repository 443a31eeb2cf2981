/**
 * The same series from the sums a minute of `span_minutes`, where these tell apart what the query does: steps of whole
 * minutes, filters and by() over service, name, kind, status and "is a root" only, and no number but the duration.
 */
import { UNKNOWN_SERVICE } from '@clew/model';
import type { FieldReference } from '@clew/traceql';
import type { CompileContext } from '../../sql/compile-context.ts';
import { compileBounds } from '../../sql/compile-filter.ts';
import { NO_PARENT_SQL } from '../../sql/intrinsic-branches.ts';
import { TenantScope, type TenantStatement } from '../../sql/tenant-scope.ts';
import type { Aggregation } from './aggregation.ts';
import { type GroupKey, tryGroupKey } from './group-key.ts';
import { compileContext, groupStatement, type MeasureStatementRequest, seriesStatement } from './measure-statement.ts';

export const MINUTE_NANO = 60_000_000_000n;

/** Columns of spans that span_minutes has too, under the same name. */
const SHARED_COLUMNS: ReadonlySet<string> = new Set(['tenant', 'service', 'name', 'kind', 'status']);
const PLACEHOLDER = /\{\w+:[\w()]+\}/g;
/** Every word of a compiled filter, texts included: what is not known is taken for a column that minutes lack. */
const WORD = /\w*[a-zA-Z]\w*/g;
const KNOWN_WORDS: ReadonlySet<string> = new Set([
  ...['is_root', 'AND', 'OR', 'NOT', 'true', 'false', 'match', UNKNOWN_SERVICE],
]);

/** A service of which the column alone does not tell whether it has a name: the spans must be asked. */
export const AMBIGUOUS = '?';

export function tryMinutesStatement(request: MeasureStatementRequest): TenantStatement | undefined {
  const { aggregate, grid, sample, extrapolate } = request;
  if (request.useMinutes === false || sample !== undefined) return undefined;
  if (grid.originUnixNano % MINUTE_NANO !== 0n || grid.stepNano % MINUTE_NANO !== 0n) return undefined;
  const aggregation = tryAggregation(request, extrapolate);
  if (aggregation === undefined) return undefined;

  const scope = new TenantScope(request.tenant);
  const context = compileContext(scope, request);
  const filter = tryFilter(request, context);
  const keys = aggregate.by.map((field) => tryKey(field, context));
  if (filter === undefined || !keys.every((key) => key !== undefined)) return undefined;

  const { parameters } = scope;
  const [origin, step] = [grid.originUnixNano / MINUTE_NANO, grid.stepNano / MINUTE_NANO];
  const first = parameters.int64(origin + 1n);
  const bucket = `toUInt32(intDiv(minute - ${first}, ${parameters.int64(step)}))`;
  const last = parameters.int64(origin + step * BigInt(grid.count));
  const source = scope.from('span_minutes', [`minute >= ${first} AND minute <= ${last}`, filter]);
  return seriesStatement(scope, groupStatement(scope, { keys, bucket, source, aggregation }), {
    labelCount: keys.length,
    value: aggregation.value,
    maxSeries: request.maxSeries,
  });
}

function tryFilter({ filter }: MeasureStatementRequest, context: CompileContext): string | undefined {
  const { sql, exact } = compileBounds(filter, context);
  if (!exact) return undefined;
  const overMinutes = sql.replaceAll(NO_PARENT_SQL, 'is_root');
  const words = overMinutes.replace(PLACEHOLDER, '').match(WORD) ?? [];
  return words.every((word) => SHARED_COLUMNS.has(word) || KNOWN_WORDS.has(word)) ? overMinutes : undefined;
}

function tryKey(field: FieldReference, context: CompileContext): GroupKey | undefined {
  if (field.kind === 'attribute') {
    if (field.scope !== 'resource' || field.key !== 'service.name' || field.ofParent === true) return undefined;
    const isNamed = (span: string) => `${span} != '${UNKNOWN_SERVICE}'`;
    return {
      inSpan: 'service',
      label: (span) => `if(${isNamed(span)}, concat('s', toString(${span})), '${AMBIGUOUS}')`,
    };
  }
  const key = tryGroupKey(field, context);
  return key?.inSpan !== undefined && SHARED_COLUMNS.has(key.inSpan) ? key : undefined;
}

function tryAggregation({ aggregate }: MeasureStatementRequest, extrapolate: boolean): Aggregation | undefined {
  const { field, function: name } = aggregate;
  if (field !== undefined && !(field.kind === 'intrinsic' && field.intrinsic === 'duration')) return undefined;
  const sum = (column: string, inner: string) => ({
    name: column,
    inner,
    merge: `sum(a_${column})`,
    final: `a_${column}`,
  });
  const counts = [
    sum('spans', 'sum(spans)'),
    sum('sampled', extrapolate ? 'sum(sampled)' : 'sum(toUInt64(0))'),
    sum('weight', extrapolate ? 'sum(weight)' : 'toFloat64(sum(spans))'),
  ];
  const durations = sum('weighted', extrapolate ? 'sum(duration_weighted)' : 'sum(duration_sum)');
  const extreme = (of: 'min' | 'max') => ({ ...sum('extreme', `${of}(duration_${of})`), merge: `${of}(a_extreme)` });
  switch (name) {
    case 'rate':
    case 'count_over_time':
      return { columns: counts, value: 'weight' };
    case 'sum_over_time':
      return { columns: [...counts, durations], value: 'weighted / 1000000000.' };
    case 'avg_over_time':
      return { columns: [...counts, durations], value: 'weighted / weight / 1000000000.' };
    case 'min_over_time':
      return { columns: [...counts, extreme('min')], value: 'toFloat64(extreme) / 1000000000.' };
    case 'max_over_time':
      return { columns: [...counts, extreme('max')], value: 'toFloat64(extreme) / 1000000000.' };
    default:
      return undefined;
  }
}

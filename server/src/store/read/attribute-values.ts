import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { FieldExpression } from '@clew/traceql';
import type { Read, TimeRange } from '../span-store.ts';
import { AttributeMaps } from '../sql/attribute-maps.ts';
import type { AttributeTypes } from '../sql/attribute-types.ts';
import { compileFilter } from '../sql/compile-filter.ts';
import { intrinsicBranch, NO_PARENT_SQL } from '../sql/intrinsic-branches.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { isTraceIntrinsic, ROOT_ORDER_SQL } from '../sql/trace-facts.ts';
import { anyOf, type ValueBranch, type ValueLabel } from '../sql/value-branch.ts';
import { widened } from '../sql/whole-traces.ts';
import { loadAttributeTypes } from './load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { newestFirst } from './time-slices.ts';

export interface AttributeValuesRequest {
  readonly tenant: string;
  readonly field: FieldExpression;
  readonly filter: FieldExpression;
  readonly range: TimeRange;
  /** Beginning of the value as text, in any case. */
  readonly prefix: string;
  readonly limit: number;
}

export interface CountedValue {
  readonly type: ValueLabel;
  readonly value: string;
  readonly count: number;
}

interface ValueRow {
  readonly label: ValueLabel;
  readonly text: string;
  readonly spans: string;
}

/** Values kept of one statement: more than any list shows, few enough to send. */
const MAX_VALUES_PER_STATEMENT = 5_000;

/**
 * Counts values from the newest spans on, slice by slice, until the sample is full, the range is at its end or a
 * limit is reached. The statistics say which.
 */
export async function loadAttributeValues(
  runner: StatementRunner,
  request: AttributeValuesRequest,
): Promise<Read<readonly CountedValue[]>> {
  const counts = new Map<string, CountedValue>();
  let sampled = 0;
  let cut: string | undefined;
  try {
    const types = await loadAttributeTypes(runner, request.tenant, request.filter, request.field);
    for (const slice of newestFirst(request.range)) {
      const typed = { ...request, types, maxValueBytes: runner.limits.maxValueBytes };
      for (const statement of valueStatements(typed, slice, runner.limits.valueSampleSpans - sampled)) {
        const rows = await runner.rows<ValueRow>(statement, {
          max_rows_to_read: Math.max(runner.limits.valueReadRows - runner.rowsRead, 1),
          read_overflow_mode: 'break',
        });
        for (const row of rows) sampled += addValue(counts, row, request);
      }
      cut = limitReached(runner, sampled);
      if (cut !== undefined) break;
    }
  } catch (error) {
    cut = tryLimitReason(error);
    if (cut === undefined) throw error;
  }
  const values = [...counts.values()].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return { value: values.slice(0, request.limit), statistics: runner.statistics(cut) };
}

function limitReached({ limits, rowsRead }: StatementRunner, sampled: number): string | undefined {
  if (sampled >= limits.valueSampleSpans) return `the newest ${limits.valueSampleSpans} spans were counted`;
  return rowsRead >= limits.valueReadRows ? `the newest ${limits.valueReadRows} rows were read` : undefined;
}

/** Adds a row to the counts; its number of spans. */
function addValue(counts: Map<string, CountedValue>, row: ValueRow, { field, prefix }: AttributeValuesRequest): number {
  const spans = Number(row.spans);
  const value = row.label === 'keyword' ? keyword(field, row.text) : row.text;
  if (!value.toLowerCase().startsWith(prefix.toLowerCase())) return spans;
  const key = `${row.label} ${value}`;
  counts.set(key, { type: row.label, value, count: (counts.get(key)?.count ?? 0) + spans });
  return spans;
}

/** The word of a status or kind; a number outside OTLP's keeps its digits. */
function keyword(field: FieldExpression, code: string): string {
  const words: readonly string[] =
    field.kind === 'intrinsic' && field.intrinsic === 'status' ? STATUS_CODES : SPAN_KINDS;
  return words[Number(code)] ?? code;
}

/** The request with how its attributes are stored. */
interface TypedRequest extends AttributeValuesRequest {
  readonly types: AttributeTypes;
  readonly maxValueBytes: number;
}

function valueStatements(request: TypedRequest, slice: TimeRange, sample: number): TenantStatement[] {
  const { field } = request;
  if (sample <= 0) return [];
  if (field.kind === 'intrinsic') {
    const { intrinsic } = field;
    if (intrinsic === 'traceDuration') return [];
    if (isTraceIntrinsic(intrinsic)) return [rootValues(request, slice, sample, intrinsic)];
    return [spanValues(request, slice, sample, () => [intrinsicBranch(intrinsic)])];
  }
  if (field.kind !== 'attribute') return [];
  const inSpan = (scope: TenantScope): ValueBranch[] => {
    return new AttributeMaps(field.key, scope.parameters, 'span', request.types).branches();
  };
  switch (field.scope) {
    case 'span':
      return [spanValues(request, slice, sample, inSpan)];
    case 'resource':
      return [resourceValues(request, slice, sample, field.key, false)];
    case 'any':
      return [spanValues(request, slice, sample, inSpan), resourceValues(request, slice, sample, field.key, true)];
    default:
      return [];
  }
}

/** `(label, text)` of the branch that holds. */
function labelledValue(branches: readonly ValueBranch[]): string {
  if (branches.length === 0) return "('string', '')";
  const cases = branches.map(({ when, label, value }) => `${when ?? 'true'}, ('${label}', toString(${value}))`);
  return `multiIf(${cases.join(', ')}, ('string', ''))`;
}

function hasValue(branches: readonly ValueBranch[]): string {
  return anyOf(branches.map(({ when }) => when ?? 'true'));
}

function isListed(request: TypedRequest, scope: TenantScope, value: string): string {
  const isShort = `length(${value}.2) <= ${scope.parameters.uint64(request.maxValueBytes)}`;
  return `${isShort} AND ${startsWith(request, scope, value)}`;
}

/** Keywords are stored as numbers: their prefix is checked when they are words again. */
function startsWith({ prefix, field }: AttributeValuesRequest, scope: TenantScope, value: string): string {
  const isKeyword = field.kind === 'intrinsic' && (field.intrinsic === 'status' || field.intrinsic === 'kind');
  if (prefix === '' || isKeyword) return 'true';
  return `startsWith(lowerUTF8(${value}.2), lowerUTF8(${scope.parameters.string(prefix)}))`;
}

const COUNTED = 'labelled.1 AS label, labelled.2 AS text, toString(count()) AS spans';
const MOST_FREQUENT = `GROUP BY labelled ORDER BY count() DESC, labelled LIMIT ${MAX_VALUES_PER_STATEMENT}`;

function spanValues(
  request: TypedRequest,
  slice: TimeRange,
  sample: number,
  branchesOf: (scope: TenantScope) => readonly ValueBranch[],
): TenantStatement {
  const scope = new TenantScope(request.tenant);
  const branches = branchesOf(scope);
  const source = scope.from('spans', [
    startInRange(slice, scope.parameters),
    compileFilter(request.filter, { scope, range: slice, types: request.types }),
    hasValue(branches),
    isListed(request, scope, labelledValue(branches)),
  ]);
  const limit = scope.parameters.uint64(sample);
  return scope.statement(
    `SELECT ${COUNTED} FROM (SELECT ${labelledValue(branches)} AS labelled ${source} LIMIT ${limit}) ${MOST_FREQUENT}`,
  );
}

/** @param onlyInherited leaves out the spans that hide the resource's value by one of their own. */
function resourceValues(
  request: TypedRequest,
  slice: TimeRange,
  sample: number,
  key: string,
  onlyInherited: boolean,
): TenantStatement {
  const scope = new TenantScope(request.tenant);
  const branches = new AttributeMaps(key, scope.parameters, 'resource', request.types).branches();
  const spans = scope.from('spans', [
    startInRange(slice, scope.parameters),
    compileFilter(request.filter, { scope, range: slice, types: request.types }),
    onlyInherited ? `NOT ${new AttributeMaps(key, scope.parameters, 'span', request.types).exists}` : 'true',
  ]);
  const resources = scope.from('resources', [hasValue(branches), isListed(request, scope, labelledValue(branches))]);
  const limit = scope.parameters.uint64(sample);
  return scope.statement(
    'SELECT labelled.1 AS label, labelled.2 AS text, toString(sum(resourceSpans)) AS spans ' +
      `FROM (SELECT resource_id, count() AS resourceSpans FROM (SELECT resource_id ${spans} LIMIT ${limit}) ` +
      'GROUP BY resource_id) AS counted INNER JOIN ' +
      `(SELECT id, ${labelledValue(branches)} AS labelled ${resources} LIMIT 1 BY id) AS described ` +
      'ON counted.resource_id = described.id GROUP BY labelled ' +
      `ORDER BY sum(resourceSpans) DESC, labelled LIMIT ${MAX_VALUES_PER_STATEMENT}`,
  );
}

/** Spans further from their root than this are not asked whether they match: a list of values is a sample. One hour. */
const AROUND_ROOT_NANO = 3_600_000_000_000n;

/** Roots in the slice, of traces that have matching spans around it; one count a trace. */
function rootValues(
  request: TypedRequest,
  slice: TimeRange,
  sample: number,
  intrinsic: 'rootName' | 'rootServiceName',
): TenantStatement {
  const scope = new TenantScope(request.tenant);
  const { parameters } = scope;
  const matching = scope.from('spans', [
    startInRange(widened(slice, AROUND_ROOT_NANO), parameters),
    startInRange(request.range, parameters),
    compileFilter(request.filter, { scope, range: slice, types: request.types }),
  ]);
  const limit = parameters.uint64(sample);
  const roots = scope.from('spans', [
    startInRange(slice, parameters),
    NO_PARENT_SQL,
    `trace_id IN (SELECT trace_id ${matching} LIMIT ${limit})`,
  ]);
  const column = intrinsic === 'rootName' ? 'name' : 'service';
  return scope.statement(
    `SELECT ${COUNTED} FROM (SELECT ('string', argMin(toString(${column}), ${ROOT_ORDER_SQL})) AS labelled ` +
      `${roots} GROUP BY trace_id) ${MOST_FREQUENT}`,
  );
}

import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import type { FieldExpression, Intrinsic } from '@clew/traceql';
import type { Read, TimeRange } from '../span-store.ts';
import { AttributeMaps } from '../sql/attribute-maps.ts';
import type { AttributeTypes } from '../sql/attribute-types.ts';
import { compileFilter } from '../sql/compile-filter.ts';
import { EVENT_NAMES_SQL } from '../sql/events-and-links.ts';
import { intrinsicBranch, NO_PARENT_SQL } from '../sql/intrinsic-branches.ts';
import { INSTRUMENTATION, RESOURCE, type Referred } from '../sql/lookups.ts';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope, type TenantStatement } from '../sql/tenant-scope.ts';
import { isTraceIntrinsic, ROOT_ORDER_SQL } from '../sql/trace-facts.ts';
import { anyOf, type ValueBranch, type ValueLabel } from '../sql/value-branch.ts';
import { widened } from '../sql/whole-traces.ts';
import { loadAttributeTypes } from './load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from './statement-runner.ts';
import { taggedList } from './tagged-list.ts';
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
    if (intrinsic === 'event:name') return [listValues(request, slice, sample, () => EVENT_NAMES)];
    const scopeColumn = SCOPE_COLUMNS.get(intrinsic);
    if (scopeColumn !== undefined)
      return [referredValues(request, slice, sample, INSTRUMENTATION, () => [scopeColumn])];
    return LISTED_INTRINSICS.has(intrinsic)
      ? [spanValues(request, slice, sample, () => [intrinsicBranch(intrinsic)])]
      : [];
  }
  if (field.kind !== 'attribute') return [];
  const { key } = field;
  const inMaps =
    (owner: 'span' | 'resource' | 'instrumentation') =>
    (scope: TenantScope): ValueBranch[] => {
      return new AttributeMaps(key, scope.parameters, owner, request.types).branches();
    };
  const inList =
    (owner: 'event' | 'link') =>
    (scope: TenantScope): string => {
      return taggedList(owner, scope.parameters.string(key));
    };
  switch (field.scope) {
    case 'span':
      return [spanValues(request, slice, sample, inMaps('span'))];
    case 'resource':
      return [referredValues(request, slice, sample, RESOURCE, inMaps('resource'))];
    case 'any':
      return [
        spanValues(request, slice, sample, inMaps('span')),
        referredValues(request, slice, sample, RESOURCE, inMaps('resource'), key),
      ];
    case 'instrumentation':
      return [referredValues(request, slice, sample, INSTRUMENTATION, inMaps('instrumentation'))];
    case 'event':
      return [listValues(request, slice, sample, inList('event'))];
    case 'link':
      return [listValues(request, slice, sample, inList('link'))];
  }
}

const SCOPE_COLUMNS: ReadonlyMap<Intrinsic, ValueBranch> = new Map([
  ['instrumentation:name', { type: 'string', label: 'string', value: 'name' }],
  ['instrumentation:version', { type: 'string', label: 'string', value: 'version' }],
]);

/** Those with a list of values: not times within traces, places in the tree, or what links point to. */
const LISTED_INTRINSICS: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(['name', 'duration', 'status', 'statusMessage', 'kind', 'trace:id', 'span:id', 'span:parentID'] as const),
]);

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

/** Names of events as Array(Tuple(label, text)). */
const EVENT_NAMES = `arrayMap(event -> ('string', event), ${EVENT_NAMES_SQL})`;

/** Of lists that spans have: each element counts. */
function listValues(
  request: TypedRequest,
  slice: TimeRange,
  sample: number,
  listOf: (scope: TenantScope) => string,
): TenantStatement {
  const scope = new TenantScope(request.tenant);
  const list = listOf(scope);
  const source = scope.from('spans', [
    startInRange(slice, scope.parameters),
    compileFilter(request.filter, { scope, range: slice, types: request.types }),
  ]);
  const limit = scope.parameters.uint64(sample);
  return scope.statement(
    `SELECT ${COUNTED} FROM (SELECT arrayJoin(${list}) AS labelled ${source} LIMIT ${limit}) ` +
      `WHERE ${isListed(request, scope, 'labelled')} ${MOST_FREQUENT}`,
  );
}

/**
 * Of what spans refer to: their resource or scope.
 * @param hiddenBy leaves out the spans that hide the value by an attribute of their own with this key.
 */
function referredValues(
  request: TypedRequest,
  slice: TimeRange,
  sample: number,
  { table, idColumn }: Referred,
  branchesOf: (scope: TenantScope) => readonly ValueBranch[],
  hiddenBy?: string,
): TenantStatement {
  const scope = new TenantScope(request.tenant);
  const { parameters } = scope;
  const branches = branchesOf(scope);
  const spans = scope.from('spans', [
    startInRange(slice, parameters),
    compileFilter(request.filter, { scope, range: slice, types: request.types }),
    hiddenBy === undefined ? 'true' : `NOT ${new AttributeMaps(hiddenBy, parameters, 'span', request.types).exists}`,
  ]);
  const described = scope.from(table, [hasValue(branches), isListed(request, scope, labelledValue(branches))]);
  const limit = parameters.uint64(sample);
  return scope.statement(
    'SELECT labelled.1 AS label, labelled.2 AS text, toString(sum(spanCount)) AS spans ' +
      `FROM (SELECT ${idColumn}, count() AS spanCount FROM (SELECT ${idColumn} ${spans} LIMIT ${limit}) ` +
      `GROUP BY ${idColumn}) AS counted INNER JOIN ` +
      `(SELECT id, ${labelledValue(branches)} AS labelled ${described} LIMIT 1 BY id) AS described ` +
      `ON counted.${idColumn} = described.id GROUP BY labelled ` +
      `ORDER BY sum(spanCount) DESC, labelled LIMIT ${MAX_VALUES_PER_STATEMENT}`,
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

/**
 * Runs a pipeline over columns of spans: the same answers as the evaluator's `compilePipeline`, without an object for
 * each span. Sets of spans are ascending rows.
 */
import { compareStatics } from '../compare-statics.ts';
import { calculate } from '../evaluate/arithmetic.ts';
import { CONVERSE } from '../evaluate/relate-spans.ts';
import { type NamedValue, withAttribute } from '../evaluate/spanset.ts';
import type { Value } from '../evaluate/value.ts';
import { printExpression } from '../print.ts';
import type { Pipeline, PipelineStage, ScalarExpression, SpansetExpression, StructuralRelation } from '../tree.ts';
import { aggregateRows } from './aggregate-rows.ts';
import { IdTable } from './id-table.ts';
import { type ColumnPlan, indexOfExpression } from './plan-columns.ts';
import { NO_ROWS, relateRows } from './relate-rows.ts';
import type { Rows, SpanTable } from './span-table.ts';

/** A set of spans of one trace; never empty. */
export interface RowSet {
  readonly rows: Rows;
  /** Values of by() and of compared aggregates, in the order of the stages. */
  readonly attributes: readonly NamedValue[];
}

/** One trace of a table. */
class TraceRows {
  readonly table: SpanTable;
  readonly first: number;
  readonly end: number;
  #ids: IdTable | undefined;

  constructor(table: SpanTable, trace: number) {
    this.table = table;
    this.first = table.traceStarts[trace];
    this.end = table.traceStarts[trace + 1];
  }

  get ids(): IdTable {
    this.#ids ??= new IdTable(this.table, this.first, this.end);
    return this.#ids;
  }
}

type RunStage = (trace: TraceRows, sets: readonly RowSet[]) => readonly RowSet[];
type SelectRows = (trace: TraceRows, rows: Rows) => Rows;
type ReadScalar = (trace: TraceRows, rows: Rows, attributes: NamedValue[]) => Value;

/** The spansets that a pipeline leaves of one trace of a table with the columns of the plan. */
export type RunPipeline = (table: SpanTable, trace: number) => readonly RowSet[];

export function preparePipeline(pipeline: Pipeline, plan: ColumnPlan): RunPipeline {
  const run = compilePipeline(pipeline, plan);
  return (table, trace) => {
    const spans = new TraceRows(table, trace);
    const rows = new Int32Array(spans.end - spans.first);
    for (let at = 0; at < rows.length; at++) rows[at] = spans.first + at;
    return run(spans, nonEmpty([{ rows, attributes: [] }]));
  };
}

function compilePipeline({ stages }: Pipeline, plan: ColumnPlan): RunStage {
  const runs = stages.map((stage) => compileStage(stage, plan));
  return (trace, sets) => runs.reduce((left, run) => run(trace, left), sets);
}

function compileStage(stage: PipelineStage, plan: ColumnPlan): RunStage {
  switch (stage.kind) {
    case 'scalar-filter':
      return compileScalarFilter(stage, plan);
    case 'group':
      return compileGroup(stage, plan);
    case 'coalesce':
      return (_trace, sets) => nonEmpty([{ rows: union(sets.map(({ rows }) => rows)), attributes: [] }]);
    case 'select':
      return (_trace, sets) => sets;
    default: {
      const select = compileSpansetExpression(stage, plan);
      return (trace, sets) => nonEmpty(sets.map(({ rows, attributes }) => ({ rows: select(trace, rows), attributes })));
    }
  }
}

function nonEmpty(sets: readonly RowSet[]): readonly RowSet[] {
  return sets.filter(({ rows }) => rows.length > 0);
}

function compileSpansetExpression(expression: SpansetExpression, plan: ColumnPlan): SelectRows {
  switch (expression.kind) {
    case 'spanset-filter': {
      const at = indexOfExpression(plan.conditions, expression.expression);
      return ({ table }, rows) => {
        const holds = table.conditions[at];
        return rows.filter((row) => holds[row] !== 0);
      };
    }
    case 'wrapped-pipeline': {
      const run = compilePipeline(expression.pipeline, plan);
      return (trace, rows) => union(run(trace, nonEmpty([{ rows, attributes: [] }])).map((set) => set.rows));
    }
    case 'spanset-operation':
      return compileOperation(expression, plan);
  }
}

function compileOperation(
  { operator, left, right }: SpansetExpression & { kind: 'spanset-operation' },
  plan: ColumnPlan,
): SelectRows {
  const selectLeft = compileSpansetExpression(left, plan);
  const selectRight = compileSpansetExpression(right, plan);
  if (operator === '&&' || operator === '||') {
    return (trace, rows) => {
      const a = selectLeft(trace, rows);
      const b = selectRight(trace, rows);
      return operator === '||' || (a.length > 0 && b.length > 0) ? union([a, b]) : NO_ROWS;
    };
  }
  const isNegated = operator.startsWith('!');
  const isUnion = operator.startsWith('&');
  // What is left of the operator after its first sign is one of the relations.
  const relation = (isNegated || isUnion ? operator.slice(1) : operator) as StructuralRelation;
  return (trace, rows) => {
    const a = selectLeft(trace, rows);
    const b = selectRight(trace, rows);
    if (isNegated && a.length === 0) return b;
    if (a.length === 0 || b.length === 0) return NO_ROWS;
    const related = relateRows(trace.ids, relation, a, b);
    if (isNegated) return without(b, related);
    return isUnion ? union([related, relateRows(trace.ids, CONVERSE[relation], b, a)]) : related;
  };
}

/** Both are ascending, and every row of `some` is in `all`. */
function without(all: Rows, some: Rows): Rows {
  let at = 0;
  return all.filter((row) => {
    if (at < some.length && some[at] === row) {
      at++;
      return false;
    }
    return true;
  });
}

/** Every row once, ascending. */
function union(sets: readonly Rows[]): Rows {
  const [only, ...others] = sets.filter((rows) => rows.length > 0);
  if (only === undefined || others.length === 0) return only ?? NO_ROWS;
  const all = new Int32Array(sets.reduce((sum, rows) => sum + rows.length, 0));
  let length = 0;
  for (const rows of sets) {
    all.set(rows, length);
    length += rows.length;
  }
  all.sort();
  return all.filter((row, at) => at === 0 || all[at - 1] !== row);
}

function compileGroup({ by }: PipelineStage & { kind: 'group' }, plan: ColumnPlan): RunStage {
  const at = indexOfExpression(plan.groups, by);
  const name = `by(${printExpression(by)})`;
  return ({ table }, sets) =>
    sets.flatMap(({ rows, attributes }) => {
      const { ids, values } = table.groups[at];
      const groups = new Map<number, number[]>();
      for (const row of rows) {
        const group = groups.get(ids[row]);
        if (group === undefined) groups.set(ids[row], [row]);
        else group.push(row);
      }
      return [...groups].map(([id, group]) => ({
        rows: Int32Array.from(group),
        attributes: withAttribute(attributes, { name, value: values[id] }),
      }));
    });
}

function compileScalarFilter(filter: PipelineStage & { kind: 'scalar-filter' }, plan: ColumnPlan): RunStage {
  const left = compileScalar(filter.left, plan);
  const right = compileScalar(filter.right, plan);
  return (trace, sets) =>
    sets.flatMap(({ rows, attributes }) => {
      const compared: NamedValue[] = [];
      const a = left(trace, rows, compared);
      const b = right(trace, rows, compared);
      if (!isScalar(a) || !isScalar(b) || !compareStatics(filter.operator, a, b)) return [];
      return [{ rows, attributes: compared.reduce(withAttribute, attributes) }];
    });
}

function isScalar(value: Value): value is Exclude<Value, undefined | { type: 'opaque' | 'array' | 'occurrences' }> {
  return value !== undefined && value.type !== 'opaque' && value.type !== 'array' && value.type !== 'occurrences';
}

function compileScalar(scalar: ScalarExpression, plan: ColumnPlan): ReadScalar {
  switch (scalar.kind) {
    case 'static': {
      const value = scalar.static.type === 'nil' ? undefined : scalar.static;
      return () => value;
    }
    case 'scalar-arithmetic': {
      const left = compileScalar(scalar.left, plan);
      const right = compileScalar(scalar.right, plan);
      return (trace, rows, attributes) =>
        calculate(scalar.operator, left(trace, rows, attributes), right(trace, rows, attributes));
    }
    case 'aggregate': {
      const { field } = scalar;
      const at = field === undefined ? undefined : indexOfExpression(plan.numbers, field);
      const name = `${scalar.function}(${field === undefined ? '' : printExpression(field)})`;
      return ({ table }, rows, attributes) => {
        const column = at === undefined ? undefined : table.numbers[at];
        const { value, shown } = aggregateRows(scalar.function, column, rows);
        if (shown !== undefined) attributes.push({ name, value: shown });
        return value;
      };
    }
  }
}

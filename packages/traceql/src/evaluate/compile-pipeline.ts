import { compareStatics } from '../compare-statics.ts';
import { printExpression } from '../print.ts';
import type {
  Pipeline,
  PipelineStage,
  ScalarExpression,
  SpansetExpression,
  StructuralRelation,
  TextRange,
} from '../tree.ts';
import { aggregate } from './aggregate.ts';
import { calculate } from './arithmetic.ts';
import { compileCondition, compileExpression } from './compile-expression.ts';
import { valueKey } from './plain-value.ts';
import { CONVERSE, type Positions, relateSpans } from './relate-spans.ts';
import { type NamedValue, type Spanset, withAttribute } from './spanset.ts';
import type { TraceSpans } from './trace-spans.ts';
import { plainValue, type Value } from './value.ts';

/** The spansets that are left of the given ones. */
export type RunStage = (trace: TraceSpans, spansets: readonly Spanset[]) => readonly Spanset[];

/** Chooses spans out of the given ones. */
type SelectSpans = (trace: TraceSpans, spans: Positions) => Positions;

/** The number of a spanset; aggregates on the way are added to `attributes`. */
type ReadScalar = (trace: TraceSpans, spans: Positions, attributes: NamedValue[]) => Value;

/** Stages from left to right, each given what the one before left. */
export function compilePipeline(pipeline: Pipeline): RunStage {
  const stages = pipeline.stages.map(compileStage);
  return (trace, spansets) => stages.reduce((left, run) => run(trace, left), spansets);
}

/** All spans of a trace as one set: what the first stage is given. */
export function wholeTrace(trace: TraceSpans): readonly Spanset[] {
  return [{ spans: [...trace.spans.keys()], attributes: [] }];
}

function compileStage(stage: PipelineStage): RunStage {
  switch (stage.kind) {
    case 'scalar-filter':
      return compileScalarFilter(stage);
    case 'group':
      return compileGroup(stage);
    case 'coalesce':
      return (_trace, spansets) => nonEmpty([{ spans: union(spansets.map(({ spans }) => spans)), attributes: [] }]);
    case 'select':
      return (_trace, spansets) => spansets;
    default: {
      const select = compileSpansetExpression(stage);
      return (trace, spansets) =>
        nonEmpty(spansets.map(({ spans, attributes }) => ({ spans: select(trace, spans), attributes })));
    }
  }
}

function nonEmpty(spansets: readonly Spanset[]): readonly Spanset[] {
  return spansets.filter(({ spans }) => spans.length > 0);
}

function compileSpansetExpression(expression: SpansetExpression): SelectSpans {
  switch (expression.kind) {
    case 'spanset-filter': {
      const test = compileCondition(expression.expression);
      return (trace, spans) => spans.filter((position) => test(trace, position));
    }
    case 'wrapped-pipeline': {
      const run = compilePipeline(expression.pipeline);
      return (trace, spans) => union(run(trace, nonEmpty([{ spans, attributes: [] }])).map((set) => set.spans));
    }
    case 'spanset-operation':
      return compileOperation(expression);
  }
}

function compileOperation(operation: SpansetExpression & { kind: 'spanset-operation' }): SelectSpans {
  const { operator } = operation;
  const selectLeft = compileSpansetExpression(operation.left);
  const selectRight = compileSpansetExpression(operation.right);
  const combine = (trace: TraceSpans, left: Positions, right: Positions): Positions => {
    switch (operator) {
      case '&&':
        return left.length > 0 && right.length > 0 ? union([left, right]) : [];
      case '||':
        return union([left, right]);
      default:
        return relate(trace, operator, left, right, operation.at);
    }
  };
  return (trace, spans) => combine(trace, selectLeft(trace, spans), selectRight(trace, spans));
}

function relate(
  trace: TraceSpans,
  operator: StructuralRelation | `!${StructuralRelation}` | `&${StructuralRelation}`,
  left: Positions,
  right: Positions,
  at: TextRange,
): Positions {
  const relation = relationOf(operator);
  const related = relateSpans(trace, relation, left, right, at);
  if (operator.startsWith('!')) {
    const without = new Set(related);
    return right.filter((position) => !without.has(position));
  }
  if (operator.startsWith('&')) return union([related, relateSpans(trace, CONVERSE[relation], right, left, at)]);
  return related;
}

function relationOf(operator: StructuralRelation | `!${StructuralRelation}` | `&${StructuralRelation}`) {
  switch (operator) {
    case '>':
    case '!>':
    case '&>':
      return '>';
    case '>>':
    case '!>>':
    case '&>>':
      return '>>';
    case '<':
    case '!<':
    case '&<':
      return '<';
    case '<<':
    case '!<<':
    case '&<<':
      return '<<';
    case '~':
    case '!~':
    case '&~':
      return '~';
  }
}

/** Every span once, in the order of the data. */
function union(sets: readonly Positions[]): Positions {
  const [only, ...others] = sets;
  if (only === undefined || others.length === 0) return only ?? [];
  return [...new Set(sets.flat())].sort((a, b) => a - b);
}

function compileGroup({ by }: PipelineStage & { kind: 'group' }): RunStage {
  const read = compileExpression(by);
  const name = `by(${printExpression(by)})`;
  return (trace, spansets) =>
    spansets.flatMap(({ spans, attributes }) => {
      const groups = new Map<string, { readonly spans: number[]; readonly attributes: readonly NamedValue[] }>();
      for (const position of spans) {
        const value = plainValue(read(trace, position));
        const key = valueKey(value);
        const group = groups.get(key) ?? { spans: [], attributes: withAttribute(attributes, { name, value }) };
        group.spans.push(position);
        groups.set(key, group);
      }
      return [...groups.values()];
    });
}

function compileScalarFilter(filter: PipelineStage & { kind: 'scalar-filter' }): RunStage {
  const left = compileScalar(filter.left);
  const right = compileScalar(filter.right);
  return (trace, spansets) =>
    spansets.flatMap(({ spans, attributes }) => {
      const compared: NamedValue[] = [];
      const a = left(trace, spans, compared);
      const b = right(trace, spans, compared);
      if (!isScalar(a) || !isScalar(b) || !compareStatics(filter.operator, a, b)) return [];
      return [{ spans, attributes: compared.reduce(withAttribute, attributes) }];
    });
}

function isScalar(value: Value): value is Exclude<Value, undefined | { type: 'opaque' | 'array' | 'occurrences' }> {
  return value !== undefined && value.type !== 'opaque' && value.type !== 'array' && value.type !== 'occurrences';
}

function compileScalar(scalar: ScalarExpression): ReadScalar {
  switch (scalar.kind) {
    case 'static': {
      const value = scalar.static.type === 'nil' ? undefined : scalar.static;
      return () => value;
    }
    case 'scalar-arithmetic': {
      const left = compileScalar(scalar.left);
      const right = compileScalar(scalar.right);
      return (trace, spans, attributes) =>
        calculate(scalar.operator, left(trace, spans, attributes), right(trace, spans, attributes));
    }
    case 'aggregate': {
      const read = scalar.field === undefined ? undefined : compileExpression(scalar.field);
      const name = `${scalar.function}(${scalar.field === undefined ? '' : printExpression(scalar.field)})`;
      return (trace, spans, attributes) => {
        const { value, shown } = aggregate(scalar.function, read, trace, spans);
        if (shown !== undefined) attributes.push({ name, value: shown });
        return value;
      };
    }
  }
}

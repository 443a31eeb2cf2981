import {
  type FieldExpression,
  type FieldReference,
  type Pipeline,
  printExpression,
  type SpansetExpression,
} from '@clew/traceql';
import { planColumns } from '@clew/traceql/columnar';
import { selectedFields } from '@clew/traceql/evaluate';

/** What an answer shows of each span: the attributes that the filters name, and what select() asks for. */
export interface ShownFields {
  readonly named: readonly FieldReference[];
  readonly selected: readonly FieldReference[];
}

export function shownFields(pipeline: Pipeline): ShownFields {
  const named = new Map<string, FieldReference>();
  const selected = new Map<string, FieldReference>();
  // Those of pipelines in parentheses, too.
  for (const field of selectedFields(pipeline)) selected.set(printExpression(field), field);
  for (const stage of pipeline.stages) {
    for (const expression of expressionsOf(stage)) addAttributes(expression, named);
  }
  for (const name of selected.keys()) named.delete(name);
  return { named: [...named.values()], selected: [...selected.values()] };
}

/** Every field that a query names anywhere, each once; those of the parent are named as the attributes they are. */
export function namedFields(pipeline: Pipeline): readonly FieldReference[] {
  const found = new Map<string, FieldReference>();
  const { conditions, groups, numbers } = planColumns(pipeline);
  for (const expression of [...conditions, ...groups, ...numbers]) addFields(expression, found);
  for (const field of shownFields(pipeline).selected) addFields(field, found);
  return [...found.values()];
}

/** The conditions of the filters in a stage. */
function expressionsOf(stage: Pipeline['stages'][number]): readonly FieldExpression[] {
  switch (stage.kind) {
    case 'spanset-filter':
    case 'spanset-operation':
    case 'wrapped-pipeline':
      return filtersOf(stage);
    default:
      return [];
  }
}

/** Every condition of every filter in an expression. */
export function filtersOf(expression: SpansetExpression): readonly FieldExpression[] {
  switch (expression.kind) {
    case 'spanset-filter':
      return [expression.expression];
    case 'spanset-operation':
      return [...filtersOf(expression.left), ...filtersOf(expression.right)];
    case 'wrapped-pipeline':
      return expression.pipeline.stages.flatMap(expressionsOf);
  }
}

function addAttributes(expression: FieldExpression, into: Map<string, FieldReference>): void {
  const fields = new Map<string, FieldReference>();
  addFields(expression, fields);
  for (const [name, field] of fields) {
    // Of the parent: a second span, that the answer does not show.
    if (field.kind === 'attribute' && field.ofParent !== true) into.set(name, field);
  }
}

function addFields(expression: FieldExpression, into: Map<string, FieldReference>): void {
  switch (expression.kind) {
    case 'attribute':
    case 'intrinsic':
      into.set(printExpression(expression), expression);
      return;
    case 'not':
    case 'negate':
      addFields(expression.operand, into);
      return;
    case 'comparison':
    case 'logical':
    case 'arithmetic':
      addFields(expression.left, into);
      addFields(expression.right, into);
  }
}

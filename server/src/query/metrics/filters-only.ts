import {
  buildStatic,
  type FieldExpression,
  type Pipeline,
  type PipelineStage,
  type SpansetExpression,
} from '@clew/traceql';

/**
 * The one condition of spans that a pipeline amounts to, or undefined when it asks for more than each span by itself:
 * structure, `&&` of spansets, numbers of spansets. by(), coalesce() and select() choose no spans.
 */
export function tryOneFilter({ stages, at }: Pipeline): FieldExpression | undefined {
  const conditions: FieldExpression[] = [];
  for (const stage of stages) {
    const condition = conditionOf(stage);
    if (condition === undefined) return undefined;
    if (condition !== 'all') conditions.push(condition);
  }
  if (conditions.length === 0) return buildStatic({ type: 'bool', value: true });
  return conditions.reduce((left, right) => ({ kind: 'logical', operator: '&&', left, right, at }));
}

function conditionOf(stage: PipelineStage): FieldExpression | 'all' | undefined {
  switch (stage.kind) {
    case 'group':
    case 'coalesce':
    case 'select':
      return 'all';
    case 'scalar-filter':
      return undefined;
    default:
      return ofSpansets(stage);
  }
}

function ofSpansets(expression: SpansetExpression): FieldExpression | undefined {
  if (expression.kind === 'spanset-filter') return expression.expression;
  // `||` yields the spans of both sides: those that satisfy one or the other.
  if (expression.kind !== 'spanset-operation' || expression.operator !== '||') return undefined;
  const left = ofSpansets(expression.left);
  const right = ofSpansets(expression.right);
  if (left === undefined || right === undefined) return undefined;
  return { kind: 'logical', operator: '||', left, right, at: expression.at };
}

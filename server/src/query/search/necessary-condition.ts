import {
  buildStatic,
  type FieldExpression,
  isSameExpression,
  type Pipeline,
  type SpansetExpression,
} from '@clew/traceql';

/** What must hold of a trace, and of a span in it, for the query to find it: narrows what is looked at. */
export interface NecessaryCondition {
  /** Every span that the query finds satisfies it. */
  readonly span: FieldExpression;
  /** For each of these the trace has a span that satisfies it, found or not. */
  readonly trace: readonly FieldExpression[];
}

const TRUE: FieldExpression = buildStatic({ type: 'bool', value: true });

/** Derived from the filters alone; groups and aggregates take spans away, they never add any. */
export function necessaryCondition(pipeline: Pipeline): NecessaryCondition {
  let span = TRUE;
  const trace: FieldExpression[] = [];
  for (const stage of pipeline.stages) {
    if (stage.kind !== 'spanset-filter' && stage.kind !== 'spanset-operation' && stage.kind !== 'wrapped-pipeline') {
      continue;
    }
    const condition = ofExpression(stage);
    // What this stage needs it needs among the spans that came in.
    trace.push(...condition.trace.map((one) => and(span, one)));
    span = and(span, condition.span);
  }
  const isNews = (one: FieldExpression, at: number) =>
    !isTrue(one) && !isSameExpression(one, span) && trace.findIndex((other) => isSameExpression(other, one)) === at;
  return { span, trace: trace.filter(isNews) };
}

function ofExpression(expression: SpansetExpression): NecessaryCondition {
  switch (expression.kind) {
    case 'spanset-filter':
      return { span: expression.expression, trace: [expression.expression] };
    case 'wrapped-pipeline':
      return necessaryCondition(expression.pipeline);
    case 'spanset-operation':
      return ofOperation(expression);
  }
}

function ofOperation({ operator, left, right }: SpansetExpression & { kind: 'spanset-operation' }): NecessaryCondition {
  const a = ofExpression(left);
  const b = ofExpression(right);
  const aAndB = [...a.trace, a.span, ...b.trace, b.span];
  if (operator === '||') return { span: or(a.span, b.span), trace: [] };
  if (operator === '&&') return { span: or(a.span, b.span), trace: aAndB };
  if (operator.startsWith('!')) return { span: b.span, trace: [...b.trace, b.span] };
  return { span: operator.startsWith('&') ? or(a.span, b.span) : b.span, trace: aAndB };
}

function isTrue(expression: FieldExpression): boolean {
  return expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
}

function and(left: FieldExpression, right: FieldExpression): FieldExpression {
  if (isTrue(left)) return right;
  if (isTrue(right) || isSameExpression(left, right)) return left;
  return { kind: 'logical', operator: '&&', left, right, at: right.at };
}

function or(left: FieldExpression, right: FieldExpression): FieldExpression {
  if (isTrue(left) || isSameExpression(left, right)) return left;
  if (isTrue(right)) return right;
  return { kind: 'logical', operator: '||', left, right, at: right.at };
}

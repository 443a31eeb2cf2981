import { isSameExpression } from '../same-expression.ts';
import type { FieldExpression, Pipeline, PipelineStage, ScalarExpression, SpansetExpression } from '../tree.ts';

/** The columns a pipeline reads, each once. */
export interface ColumnPlan {
  /** Conditions of filters. */
  readonly conditions: readonly FieldExpression[];
  /** What by() groups by. */
  readonly groups: readonly FieldExpression[];
  /** What aggregates calculate with. */
  readonly numbers: readonly FieldExpression[];
  /**
   * Whether every span of a trace must be there, since chains of parents lead through spans that no filter keeps;
   * otherwise those that satisfy any condition will do.
   */
  readonly needsAllSpans: boolean;
}

export function planColumns(pipeline: Pipeline): ColumnPlan {
  const plan = { conditions: [], groups: [], numbers: [], needsAllSpans: false };
  // A pipeline that begins with something else than a filter begins with every span.
  const [first] = pipeline.stages;
  if (first !== undefined && !isSpansetExpression(first)) plan.needsAllSpans = true;
  addPipeline(pipeline, plan);
  return plan;
}

interface GrowingPlan {
  readonly conditions: FieldExpression[];
  readonly groups: FieldExpression[];
  readonly numbers: FieldExpression[];
  needsAllSpans: boolean;
}

/** Index of an expression in a list of them. */
export function indexOfExpression(list: readonly FieldExpression[], expression: FieldExpression): number {
  return list.findIndex((other) => isSameExpression(other, expression));
}

export function isSpansetExpression(stage: PipelineStage): stage is SpansetExpression {
  return stage.kind === 'spanset-filter' || stage.kind === 'spanset-operation' || stage.kind === 'wrapped-pipeline';
}

function addPipeline({ stages }: Pipeline, plan: GrowingPlan): void {
  for (const stage of stages) {
    if (isSpansetExpression(stage)) addSpanset(stage, plan);
    else if (stage.kind === 'group') addOnce(plan.groups, stage.by);
    else if (stage.kind === 'scalar-filter') {
      addScalar(stage.left, plan);
      addScalar(stage.right, plan);
    }
  }
}

function addSpanset(expression: SpansetExpression, plan: GrowingPlan): void {
  switch (expression.kind) {
    case 'spanset-filter':
      addOnce(plan.conditions, expression.expression);
      return;
    case 'wrapped-pipeline': {
      const [first] = expression.pipeline.stages;
      if (first !== undefined && !isSpansetExpression(first)) plan.needsAllSpans = true;
      addPipeline(expression.pipeline, plan);
      return;
    }
    case 'spanset-operation':
      if (expression.operator.endsWith('>>') || expression.operator.endsWith('<<')) plan.needsAllSpans = true;
      addSpanset(expression.left, plan);
      addSpanset(expression.right, plan);
  }
}

function addScalar(scalar: ScalarExpression, plan: GrowingPlan): void {
  if (scalar.kind === 'aggregate' && scalar.field !== undefined) addOnce(plan.numbers, scalar.field);
  if (scalar.kind === 'scalar-arithmetic') {
    addScalar(scalar.left, plan);
    addScalar(scalar.right, plan);
  }
}

function addOnce(list: FieldExpression[], expression: FieldExpression): void {
  if (indexOfExpression(list, expression) < 0) list.push(expression);
}

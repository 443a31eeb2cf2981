/** The type rules of TraceQL around filters: grouping, numbers of spansets, metrics and hints. */
import { MAX_TOP } from './limits.ts';
import { typeError } from './traceql-error.ts';
import type {
  FieldExpression,
  FieldReference,
  MetricsAggregate,
  MetricsExpression,
  Pipeline,
  PipelineStage,
  Query,
  ScalarExpression,
  SeriesStage,
  SpansetExpression,
} from './tree.ts';
import { article, isNumber, typeOf, type ValidateOptions, validateFilter } from './validate.ts';
import { validateHints } from './validate-hints.ts';

/**
 * Checks a whole query.
 * @throws TraceqlError TRACEQL_TYPE for the first type error.
 */
export function validateQuery(query: Query, options: ValidateOptions = {}): void {
  if (query.kind === 'spanset-query') checkPipeline(query.pipeline, options);
  else checkMetrics(query.expression, options);
  validateHints(query.hints);
  if (query.kind === 'metrics-query') refuseSeriesOfCompare(query.expression);
}

function checkPipeline(pipeline: Pipeline, options: ValidateOptions): void {
  for (const stage of pipeline.stages) checkStage(stage, options);
}

function checkStage(stage: PipelineStage, options: ValidateOptions): void {
  switch (stage.kind) {
    case 'spanset-filter':
    case 'spanset-operation':
    case 'wrapped-pipeline':
      checkSpansets(stage, options);
      return;
    case 'scalar-filter':
      checkScalar(stage.left, options);
      checkScalar(stage.right, options);
      return;
    case 'group':
      checkGroup(stage.by, options);
      return;
    case 'select':
      for (const field of stage.fields) checkSelected(field, 'select');
      return;
    case 'coalesce':
      return;
  }
}

function checkSpansets(expression: SpansetExpression, options: ValidateOptions): void {
  switch (expression.kind) {
    case 'spanset-filter':
      validateFilter(expression.expression, options);
      return;
    case 'spanset-operation':
      checkSpansets(expression.left, options);
      checkSpansets(expression.right, options);
      return;
    case 'wrapped-pipeline':
      checkPipeline(expression.pipeline, options);
      return;
  }
}

function checkScalar(scalar: ScalarExpression, options: ValidateOptions): void {
  switch (scalar.kind) {
    case 'static':
      return;
    case 'scalar-arithmetic':
      checkScalar(scalar.left, options);
      checkScalar(scalar.right, options);
      return;
    case 'aggregate':
      if (scalar.field !== undefined) checkNumeric(scalar.field, scalar.function, options);
      return;
  }
}

/** What a function takes the smallest, the sum and so on of. */
function checkNumeric(field: FieldExpression, name: string, options: ValidateOptions): void {
  const type = typeOf(field, options);
  if (!isNumber(type) && type !== 'field') {
    throw typeError(`${name} needs a number, this is ${article(type)}.`, field.at, 'As in duration or span.size.');
  }
  if (!hasField(field)) throw typeError(`${name} needs a field of the span.`, field.at, 'As in duration or span.size.');
}

function checkGroup(by: FieldExpression, options: ValidateOptions): void {
  const type = typeOf(by, options);
  const hint = 'As in by(resource.service.name).';
  if (type === 'presence') throw typeError('by(parent) groups nothing.', by.at, 'Write by(parent != nil).');
  if (!hasField(by)) throw typeError('by needs a field of the span.', by.at, hint);
}

function checkSelected(field: FieldReference, name: string): void {
  if (field.kind !== 'intrinsic' || field.intrinsic !== 'parent') return;
  throw typeError(`${name} needs a field, parent is none.`, field.at, 'Write span:parentID, or parent.key.');
}

function hasField(expression: FieldExpression): boolean {
  switch (expression.kind) {
    case 'static':
      return false;
    case 'attribute':
    case 'intrinsic':
      return true;
    case 'not':
    case 'negate':
      return hasField(expression.operand);
    default:
      return hasField(expression.left) || hasField(expression.right);
  }
}

function checkMetrics(expression: MetricsExpression, options: ValidateOptions): void {
  switch (expression.kind) {
    case 'static':
      return;
    case 'metrics-arithmetic':
      checkMetrics(expression.left, options);
      checkMetrics(expression.right, options);
      break;
    case 'metrics-pipeline':
      checkPipeline(expression.pipeline, options);
      checkAggregate(expression.aggregate, options);
      break;
  }
  for (const stage of expression.stages) checkSeriesStage(stage);
}

function checkAggregate(aggregate: MetricsAggregate, options: ValidateOptions): void {
  if (aggregate.kind === 'compare') {
    checkCompare(aggregate, options);
    return;
  }
  if (aggregate.field !== undefined) checkNumeric(aggregate.field, aggregate.function, options);
  for (const quantile of aggregate.quantiles) {
    if (quantile >= 0 && quantile <= 1) continue;
    const isPercent = quantile >= 2 && quantile <= 100;
    const hint = isPercent ? `Did you mean ${String(quantile / 100).replace(/^0/, '')}?` : undefined;
    throw typeError(`a quantile lies between 0 and 1, this is ${quantile}.`, aggregate.at, hint);
  }
  for (const field of aggregate.by) checkSelected(field, 'by');
}

function checkCompare(compare: MetricsAggregate & { kind: 'compare' }, options: ValidateOptions): void {
  validateFilter(compare.selection.expression, options);
  const { topN, startUnixNano, endUnixNano } = compare;
  if (topN !== undefined && !(topN >= 1 && topN <= MAX_TOP)) {
    throw typeError(`compare shows 1 to ${MAX_TOP} values, this is ${topN}.`, compare.at);
  }
  if (startUnixNano === undefined || endUnixNano === undefined) return;
  if (startUnixNano < 0n || endUnixNano <= startUnixNano) {
    throw typeError('the end of compare must lie after its start.', compare.at, 'Both are nanoseconds since 1970.');
  }
}

function checkSeriesStage(stage: SeriesStage): void {
  if (stage.kind !== 'top' || (stage.count >= 1 && stage.count <= MAX_TOP)) return;
  throw typeError(`${stage.function} keeps 1 to ${MAX_TOP} series, this is ${stage.count}.`, stage.at);
}

function refuseSeriesOfCompare(expression: MetricsExpression, isOperand = false): void {
  if (expression.kind === 'static') return;
  if (expression.kind === 'metrics-arithmetic') {
    refuseSeriesOfCompare(expression.left, true);
    refuseSeriesOfCompare(expression.right, true);
    return;
  }
  const [stage] = expression.stages;
  if (expression.aggregate.kind !== 'compare' || (stage === undefined && !isOperand)) return;
  const hint = 'The series of compare are of several kinds; read them as they are.';
  if (stage !== undefined) throw typeError('nothing can follow compare.', stage.at, hint);
  throw typeError('compare cannot be combined with other metrics.', expression.aggregate.at, hint);
}

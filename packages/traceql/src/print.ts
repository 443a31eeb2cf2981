import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { durationText } from './duration-literal.ts';
import { MIN_INT } from './intrinsics.ts';
import {
  isFieldOperandWrapped,
  isPrefixOperandWrapped,
  isScalarOperandWrapped,
  isSeriesOperandWrapped,
  isSpansetOperandWrapped,
} from './print-parentheses.ts';
import { ATTRIBUTE_END } from './token.ts';
import type {
  AttributeScope,
  FieldExpression,
  Hint,
  MetricsAggregate,
  MetricsExpression,
  Pipeline,
  PipelineStage,
  Query,
  ScalarExpression,
  SeriesStage,
  SpansetExpression,
  SpansetFilter,
  Static,
} from './tree.ts';

/**
 * The canonical text of a query: one space around operators, double-quoted strings, parentheses where needed and
 * where operators that bind equally meet. Reading it back gives an equal tree (text ranges aside).
 */
export function printQuery(query: Query): string {
  const text = query.kind === 'spanset-query' ? printPipeline(query.pipeline) : printMetrics(query.expression);
  return query.hints.length === 0 ? text : `${text} ${printHints(query.hints)}`;
}

/** Stages with ` | ` between them. */
export function printPipeline(pipeline: Pipeline): string {
  return pipeline.stages.map(printStage).join(' | ');
}

export function printStage(stage: PipelineStage): string {
  switch (stage.kind) {
    case 'scalar-filter':
      return `${printScalar(stage.left)} ${stage.operator} ${printScalar(stage.right)}`;
    case 'group':
      return `by(${printExpression(stage.by)})`;
    case 'coalesce':
      return 'coalesce()';
    case 'select':
      return `select(${stage.fields.map(printExpression).join(', ')})`;
    default:
      return printSpansets(stage);
  }
}

export function printFilter({ expression }: SpansetFilter): string {
  const isAll = expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
  return isAll ? '{ }' : `{ ${printExpression(expression)} }`;
}

/** Filters with the operators between them. */
export function printSpansets(expression: SpansetExpression): string {
  switch (expression.kind) {
    case 'spanset-filter':
      return printFilter(expression);
    case 'wrapped-pipeline':
      return `(${printPipeline(expression.pipeline)})`;
    case 'spanset-operation': {
      const left = wrapped(printSpansets(expression.left), isSpansetOperandWrapped(expression, 'left'));
      const right = wrapped(printSpansets(expression.right), isSpansetOperandWrapped(expression, 'right'));
      return `${left} ${expression.operator} ${right}`;
    }
  }
}

/** Aggregates and numbers with the operators between them. */
export function printScalar(scalar: ScalarExpression): string {
  switch (scalar.kind) {
    case 'static':
      return printStatic(scalar.static);
    case 'aggregate':
      return `${scalar.function}(${scalar.field === undefined ? '' : printExpression(scalar.field)})`;
    case 'scalar-arithmetic': {
      const left = wrapped(printScalar(scalar.left), isScalarOperandWrapped(scalar, 'left'));
      const right = wrapped(printScalar(scalar.right), isScalarOperandWrapped(scalar, 'right'));
      return `${left} ${scalar.operator} ${right}`;
    }
  }
}

function wrapped(text: string, isWrapped: boolean): string {
  return isWrapped ? `(${text})` : text;
}

/** A metrics function with its pipeline, or series with the operators between them. */
export function printMetrics(expression: MetricsExpression): string {
  if (expression.kind === 'static') return printStatic(expression.static);
  const stages = expression.stages.map(printSeriesStage).join('');
  if (expression.kind === 'metrics-pipeline') {
    return `${printPipeline(expression.pipeline)} | ${printAggregate(expression.aggregate)}${stages}`;
  }
  const left = wrapped(printMetrics(expression.left), isSeriesOperandWrapped(expression, 'left'));
  const right = wrapped(printMetrics(expression.right), isSeriesOperandWrapped(expression, 'right'));
  return `${left} ${expression.operator} ${right}${stages}`;
}

export function printAggregate(aggregate: MetricsAggregate): string {
  if (aggregate.kind === 'compare') {
    const { topN, startUnixNano, endUnixNano } = aggregate;
    // The range can be written only behind the number of values.
    const top = topN ?? (startUnixNano === undefined ? undefined : DEFAULT_TOP);
    const numbers = [top, startUnixNano, endUnixNano].filter((number) => number !== undefined);
    return `compare(${[printFilter(aggregate.selection), ...numbers.map(String)].join(', ')})`;
  }
  const field = aggregate.field === undefined ? [] : [printExpression(aggregate.field)];
  const call = `${aggregate.function}(${[...field, ...aggregate.quantiles.map(printNumber)].join(', ')})`;
  return aggregate.by.length === 0 ? call : `${call} by(${aggregate.by.map(printExpression).join(', ')})`;
}

const DEFAULT_TOP = 10;

export function printSeriesStage(stage: SeriesStage): string {
  if (stage.kind === 'top') return ` | ${stage.function}(${stage.count})`;
  return ` ${stage.operator} ${stage.isDuration === true ? printSeconds(stage.value) : printNumber(stage.value)}`;
}

/** Seconds as a duration, unless they are none that can be written. */
function printSeconds(seconds: number): string {
  const nanos = Math.round(seconds * 1e9);
  const isWritten = nanos / 1e9 === seconds && Math.abs(nanos) < 2 ** 63;
  return isWritten ? durationText(BigInt(nanos)) : printNumber(seconds);
}

/** A number that may be written with or without a point. */
function printNumber(value: number): string {
  return Number.isSafeInteger(value) ? value.toFixed(0) : printStatic({ type: 'float', value });
}

export function printHints(hints: readonly Hint[]): string {
  return `with (${hints.map(({ name, value }) => `${name}=${printStatic(value)}`).join(', ')})`;
}

/** The canonical text of a field expression, without braces. */
export function printExpression(expression: FieldExpression): string {
  switch (expression.kind) {
    case 'static':
      return printStatic(expression.static);
    case 'attribute':
      return printAttribute(expression.scope, expression.key, expression.ofParent);
    case 'intrinsic':
      return expression.intrinsic;
    case 'not':
      return `!${wrapped(printExpression(expression.operand), isPrefixOperandWrapped(expression.operand))}`;
    case 'negate':
      return `-${wrapped(printExpression(expression.operand), isPrefixOperandWrapped(expression.operand))}`;
    default:
      return printBinary(expression);
  }
}

function printBinary(expression: FieldExpression & { kind: 'comparison' | 'logical' | 'arithmetic' }): string {
  const left = wrapped(printExpression(expression.left), isFieldOperandWrapped(expression, 'left'));
  const right = wrapped(printExpression(expression.right), isFieldOperandWrapped(expression, 'right'));
  return `${left} ${expression.operator} ${right}`;
}

/**
 * `.key`, `span.key`, `resource."key with spaces"`: quoted where the name would otherwise end early.
 * @param ofParent the attribute of the span's parent: `parent.key`, `parent.span.key`, `parent.resource.key`.
 */
export function printAttribute(scope: AttributeScope, key: string, ofParent?: boolean): string {
  const own = scope === 'any' ? '.' : `${scope}.`;
  const prefix = ofParent === true ? `parent${scope === 'any' ? '' : '.'}${own}` : own;
  const needsQuotes =
    key === '' ||
    /["\\]/.test(key) ||
    ATTRIBUTE_END.test(key) ||
    (prefix === '.' && /^\d/.test(key)) ||
    (prefix === 'parent.' && /^(?:span|resource)\./.test(key));
  return needsQuotes ? `${prefix}"${key.replace(/["\\]/g, '\\$&')}"` : prefix + key;
}

/** The canonical text of a literal. */
export function printStatic(literal: Static): string {
  switch (literal.type) {
    case 'string':
      return printString(literal.value);
    case 'int':
      return literal.value === MIN_INT ? 'minInt' : literal.value.toString();
    case 'float':
      return printFloat(literal.value);
    case 'duration':
      return durationText(literal.value);
    case 'bool':
      return literal.value ? 'true' : 'false';
    case 'status':
      return STATUS_CODES[literal.value] ?? STATUS_CODES[0];
    case 'kind':
      return SPAN_KINDS[literal.value] ?? SPAN_KINDS[0];
    case 'nil':
      return 'nil';
  }
}

function printFloat(value: number): string {
  const text = Object.is(value, -0) ? '-0' : String(value);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}

/** A double-quoted string with Go's escapes. */
export function printString(value: string): string {
  let text = '"';
  for (const char of value) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') text += `\\${char}`;
    else if (char === '\n') text += '\\n';
    else if (char === '\t') text += '\\t';
    else if (char === '\r') text += '\\r';
    else if (code < 0x20 || code === 0x7f) text += `\\x${code.toString(16).padStart(2, '0')}`;
    else text += char;
  }
  return `${text}"`;
}

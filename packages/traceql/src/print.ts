import { SPAN_KINDS, STATUS_CODES } from '@clew/model';
import { durationText } from './duration-literal.ts';
import { MIN_INT } from './intrinsics.ts';
import { BINARY_LEVELS, PREFIX_OPERAND_LEVEL } from './parse-field.ts';
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
      const { left, right, operator } = expression;
      return `${printOperand(left, operator, false)} ${operator} ${printOperand(right, operator, true)}`;
    }
  }
}

/** In parentheses where reading it would group otherwise, and where two different operators bind equally. */
function printOperand(operand: SpansetExpression, operator: string, isRight: boolean): string {
  const text = printSpansets(operand);
  if (operand.kind !== 'spanset-operation') return text;
  const isLogical = (symbol: string) => symbol === '&&' || symbol === '||';
  const bindsStronger = isLogical(operator) && !isLogical(operand.operator);
  const isLeftChain = !isRight && operand.operator === operator;
  return bindsStronger || isLeftChain ? text : `(${text})`;
}

const SCALAR_LEVELS = { '+': 1, '-': 1, '*': 2, '/': 2, '%': 2, '^': 3 } as const;

/** Aggregates and numbers with the operators between them. */
export function printScalar(scalar: ScalarExpression): string {
  switch (scalar.kind) {
    case 'static':
      return printStatic(scalar.static);
    case 'aggregate':
      return `${scalar.function}(${scalar.field === undefined ? '' : printExpression(scalar.field)})`;
    case 'scalar-arithmetic': {
      const level = SCALAR_LEVELS[scalar.operator];
      const isRightAssociative = scalar.operator === '^';
      const left = printScalarAtLeast(scalar.left, isRightAssociative ? level + 1 : level);
      return `${left} ${scalar.operator} ${printScalarAtLeast(scalar.right, isRightAssociative ? level : level + 1)}`;
    }
  }
}

function printScalarAtLeast(scalar: ScalarExpression, level: number): string {
  const text = printScalar(scalar);
  return scalar.kind === 'scalar-arithmetic' && SCALAR_LEVELS[scalar.operator] < level ? `(${text})` : text;
}

/** A metrics function with its pipeline, or series with the operators between them. */
export function printMetrics(expression: MetricsExpression): string {
  if (expression.kind === 'static') return printStatic(expression.static);
  const stages = expression.stages.map(printSeriesStage).join('');
  if (expression.kind === 'metrics-pipeline') {
    return `${printPipeline(expression.pipeline)} | ${printAggregate(expression.aggregate)}${stages}`;
  }
  const { left, right, operator } = expression;
  return `${printSeriesOperand(left, operator, false)} ${operator} ${printSeriesOperand(right, operator, true)}${stages}`;
}

export function printSeriesOperand(operand: MetricsExpression, operator: string, isRight: boolean): string {
  const text = printMetrics(operand);
  if (operand.kind === 'static') return text;
  if (operand.kind === 'metrics-pipeline' || operand.stages.length > 0) return `(${text})`;
  const level = (symbol: string) => (symbol === '*' || symbol === '/' ? 2 : 1);
  const isEnough = isRight ? level(operand.operator) > level(operator) : level(operand.operator) >= level(operator);
  return isEnough ? text : `(${text})`;
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
  return ` ${stage.operator} ${printNumber(stage.value)}`;
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
      return `!${printAtLeast(expression.operand, PREFIX_OPERAND_LEVEL + 2)}`;
    case 'negate':
      return `-${printAtLeast(expression.operand, PREFIX_OPERAND_LEVEL + 2)}`;
    default:
      return printBinary(expression);
  }
}

function printBinary(expression: FieldExpression & { kind: 'comparison' | 'logical' | 'arithmetic' }): string {
  const { operator, left, right } = expression;
  const level = BINARY_LEVELS[operator];
  const isMixed =
    (left.kind === 'logical' && expression.kind === 'logical' && left.operator !== operator) ||
    (left.kind === 'comparison' && expression.kind === 'comparison');
  const rightAssociative = operator === '^';
  const leftText = isMixed ? `(${printExpression(left)})` : printAtLeast(left, rightAssociative ? level + 1 : level);
  return `${leftText} ${operator} ${printAtLeast(right, rightAssociative ? level : level + 1)}`;
}

/** In parentheses unless the expression binds at least as strongly as `level`. */
function printAtLeast(expression: FieldExpression, level: number): string {
  const text = printExpression(expression);
  return bindingLevel(expression) >= level ? text : `(${text})`;
}

function bindingLevel(expression: FieldExpression): number {
  switch (expression.kind) {
    case 'comparison':
    case 'logical':
    case 'arithmetic':
      return BINARY_LEVELS[expression.operator];
    case 'not':
    case 'negate':
      return PREFIX_OPERAND_LEVEL - 1;
    case 'static':
      return isNegative(expression.static) ? PREFIX_OPERAND_LEVEL - 1 : Number.POSITIVE_INFINITY;
    default:
      return Number.POSITIVE_INFINITY;
  }
}

function isNegative(literal: Static): boolean {
  switch (literal.type) {
    case 'int':
      return literal.value < 0n && literal.value !== MIN_INT;
    case 'duration':
      return literal.value < 0n;
    case 'float':
      return literal.value < 0 || Object.is(literal.value, -0);
    default:
      return false;
  }
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

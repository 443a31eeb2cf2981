import { lex } from './lex.ts';
import { parseSyntax } from './parse.ts';
import {
  printAggregate,
  printExpression,
  printFilter,
  printHints,
  printMetrics,
  printQuery,
  printSeriesStage,
  printSpansets,
  printStage,
} from './print.ts';
import { isFieldOperandWrapped, isSeriesOperandWrapped, isSpansetOperandWrapped } from './print-parentheses.ts';
import type {
  FieldExpression,
  MetricsExpression,
  Pipeline,
  PipelineStage,
  Query,
  SpansetExpression,
  SpansetFilter,
} from './tree.ts';

/** Columns that a line should not exceed. */
const LINE_WIDTH = 80;
const INDENT = '  ';

/**
 * The query as one would write it in an editor: its canonical text on one line where that fits, else stages,
 * operands and conditions on lines of their own. The meaning stays. Text with comments is returned as it is, since
 * a tree has no place for them.
 * @throws TraceqlError when the text is not a query; types are not checked.
 */
export function formatQuery(text: string): string {
  const query = parseSyntax(text);
  return hasComment(text) ? text : layoutQuery(query, LINE_WIDTH);
}

function hasComment(text: string): boolean {
  let from = 0;
  return lex(text).some((token) => {
    const gap = text.slice(from, token.from);
    from = token.to;
    return gap.trim() !== '';
  });
}

/** The text of a query in lines of at most `width` columns, where it can be cut. */
export function layoutQuery(query: Query, width: number): string {
  const line = printQuery(query);
  // A name may hold a line feed, and indenting would change it.
  if (line.length <= width || line.includes('\n')) return line;
  const body =
    query.kind === 'spanset-query' ? layoutPipeline(query.pipeline, width) : layoutMetrics(query.expression, width);
  return query.hints.length === 0 ? body : `${body}\n${printHints(query.hints)}`;
}

function layoutPipeline(pipeline: Pipeline, width: number): string {
  const [first, ...rest] = pipeline.stages.map((stage, index) => layoutStage(stage, index === 0 ? width : width - 2));
  return [first, ...rest.map((stage) => `| ${stage}`)].join('\n');
}

function layoutStage(stage: PipelineStage, width: number): string {
  const line = printStage(stage);
  if (line.length <= width) return line;
  switch (stage.kind) {
    case 'select':
      return block('select(', stage.fields.map(printExpression).join(',\n'), ')');
    case 'scalar-filter':
    case 'group':
    case 'coalesce':
      return line;
    default:
      return layoutSpansets(stage, width);
  }
}

function layoutSpansets(expression: SpansetExpression, width: number): string {
  const line = printSpansets(expression);
  if (line.length <= width) return line;
  switch (expression.kind) {
    case 'spanset-filter':
      return layoutFilter(expression, width);
    case 'wrapped-pipeline':
      return block('(', layoutPipeline(expression.pipeline, width - INDENT.length), ')');
    case 'spanset-operation':
      return layoutOperation(expression, width);
  }
}

/** `left`, then every operand of a chain of one operator on its line. */
function layoutOperation(operation: SpansetExpression & { kind: 'spanset-operation' }, width: number): string {
  const { left, right, operator } = operation;
  const isChain = left.kind === 'spanset-operation' && !isSpansetOperandWrapped(operation, 'left');
  const first =
    isChain && left.operator === operator
      ? layoutOperation(left, width)
      : layoutWrapped(left, isSpansetOperandWrapped(operation, 'left'), layoutSpansets, width);
  const room = width - operator.length - 1;
  return `${first}\n${operator} ${layoutWrapped(right, isSpansetOperandWrapped(operation, 'right'), layoutSpansets, room)}`;
}

/** A part, in parentheses where it needs them: on one line if it fits. */
function layoutWrapped<T>(
  part: T,
  isWrapped: boolean,
  layout: (part: T, width: number) => string,
  width: number,
): string {
  if (!isWrapped) return layout(part, width);
  const inner = layout(part, width - INDENT.length);
  return inner.includes('\n') ? block('(', inner, ')') : `(${inner})`;
}

function block(open: string, inner: string, close: string): string {
  return `${open}\n${inner.replace(/^/gm, INDENT)}\n${close}`;
}

function layoutFilter(filter: SpansetFilter, width: number): string {
  const line = printFilter(filter);
  return line.length <= width ? line : block('{', layoutExpression(filter.expression, width - INDENT.length), '}');
}

/** Conditions joined by one operator, each on its line; everything else stays on one. */
function layoutExpression(expression: FieldExpression, width: number): string {
  const line = printExpression(expression);
  return line.length <= width || expression.kind !== 'logical' ? line : layoutLogic(expression, width);
}

function layoutLogic(logic: FieldExpression & { kind: 'logical' }, width: number): string {
  const { left, right, operator } = logic;
  const first =
    left.kind === 'logical' && left.operator === operator
      ? layoutLogic(left, width)
      : layoutWrapped(left, isFieldOperandWrapped(logic, 'left'), layoutExpression, width);
  const room = width - operator.length - 1;
  return `${first}\n${operator} ${layoutWrapped(right, isFieldOperandWrapped(logic, 'right'), layoutExpression, room)}`;
}

function layoutMetrics(expression: MetricsExpression, width: number): string {
  const line = printMetrics(expression);
  if (line.length <= width || expression.kind === 'static') return line;
  const stages = expression.stages.map(printSeriesStage);
  if (expression.kind === 'metrics-pipeline') {
    const first = `${layoutPipeline(expression.pipeline, width)}\n| ${printAggregate(expression.aggregate)}`;
    return withSeriesStages(first, stages);
  }
  const { left, right, operator } = expression;
  const first = layoutWrapped(left, isSeriesOperandWrapped(expression, 'left'), layoutMetrics, width);
  const second = layoutWrapped(right, isSeriesOperandWrapped(expression, 'right'), layoutMetrics, width - 2);
  return withSeriesStages(`${first}\n${operator} ${second}`, stages);
}

/** ` > 5` goes on the line, ` | topk(5)` on its own. */
function withSeriesStages(text: string, stages: readonly string[]): string {
  return stages.reduce((all, stage) => all + (stage.startsWith(' |') ? `\n${stage.slice(1)}` : stage), text);
}

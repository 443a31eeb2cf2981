/** Reads everything around filters: pipelines, operators between spansets, numbers of spansets, and metrics. */
import { MAX_STAGES } from './limits.ts';
import { numberError, seriesStageError, stageError, unexpectedAfter } from './mistakes-stage.ts';
import { tryNegate } from './parse-field.ts';
import { parseSpansetFilter } from './parse-filter.ts';
import {
  parseAggregate,
  parseGrouping,
  parseMetricsAggregate,
  parseTop,
  tryAggregate,
  tryMetricsFunction,
} from './parse-function.ts';
import { parseHints } from './parse-hints.ts';
import { tryParseNumber } from './parse-number.ts';
import { COMPARISON_LEVEL, combineParts, isComparison, operatorLevel, type Part, withSeriesStage } from './part.ts';
import type { TokenCursor } from './token-cursor.ts';
import { limitError, syntaxError, type TraceqlError } from './traceql-error.ts';
import type { PipelineStage, Query, TextRange } from './tree.ts';

type Spansets = Part & { yields: 'spansets' };
type Series = Part & { yields: 'series' };

/** Reads the whole text. The result counts only if the cursor noted nothing that is not supported yet. */
export function parsePipeline(cursor: TokenCursor): Query {
  const part = parseStages(cursor, false);
  const hints = parseHints(cursor);
  if (cursor.token.type !== 'end') {
    const isNumbers = part.yields === 'spansets' && part.stages.at(-1)?.kind === 'scalar-filter';
    const after = part.yields === 'series' ? 'the metrics' : isNumbers ? 'a condition on numbers' : 'a filter';
    throw unexpectedAfter(cursor, after);
  }
  const at = { from: part.at.from, to: cursor.previous.to };
  if (part.yields === 'series') return { kind: 'metrics-query', expression: part.series, hints, at };
  const { stages } = asSpansets(part);
  return { kind: 'spanset-query', pipeline: { stages, at: rangeOf(stages, part.at) }, hints, at };
}

/**
 * stage { "|" stage }
 * @param isWrapped in parentheses a number may stand alone, because an operator may follow.
 */
function parseStages(cursor: TokenCursor, isWrapped: boolean): Part {
  let part = parseFirstStage(cursor);
  let isPiped = false;
  while (cursor.isSymbol('|')) {
    const pipe = cursor.take();
    isPiped = true;
    if (part.yields === 'literal' || part.yields === 'scalar') throw notCompared(cursor, part);
    part = part.yields === 'series' ? parseSeriesStage(cursor, part) : parseNextStage(cursor, asSpansets(part), pipe);
  }
  if (part.yields === 'scalar' && isPiped) {
    // Numbers of whole pipelines can be compared in the language, but not here yet.
    if (!isWrapped) throw notCompared(cursor, part);
    cursor.noteNotYet('comparing the numbers of pipelines in parentheses is', part.at, 'Write { } | count() > 2.');
  }
  if (!isWrapped && (part.yields === 'literal' || part.yields === 'scalar')) throw notCompared(cursor, part);
  return part.yields === 'condition' ? asSpansets(part) : part;
}

function notCompared(cursor: TokenCursor, part: Part): TraceqlError {
  if (part.yields !== 'scalar') return numberError(cursor, part.at);
  return numberError(cursor, part.scalar.at, part.scalar.kind === 'aggregate' ? part.scalar.function : undefined);
}

function parseFirstStage(cursor: TokenCursor): Part {
  for (const name of ['by', 'select'] as const) {
    if (!cursor.isWord(name) || (name === 'select' && !cursor.isSymbol('(', 1))) continue;
    const stage = parseGrouping(cursor, name);
    return { yields: 'spansets', stages: [stage], at: stage.at };
  }
  return parseExpression(cursor, 1);
}

function parseNextStage(cursor: TokenCursor, before: Spansets, pipe: TextRange): Part {
  const token = cursor.token;
  if (token.type === 'end') throw syntaxError('the query ends after |.', token, 'Add a stage, as in | count() > 2.');
  if (cursor.isSymbol('|') || cursor.isSymbol('||')) {
    throw syntaxError('a stage is missing between two |.', { from: pipe.from, to: token.to }, 'Write one |.');
  }
  const metrics = tryMetricsFunction(cursor);
  if (metrics !== undefined) {
    const aggregate = parseMetricsAggregate(cursor, metrics);
    const pipeline = { stages: before.stages, at: rangeOf(before.stages, before.at) };
    const at = { from: before.at.from, to: aggregate.at.to };
    const children = [...before.stages, aggregate];
    const series = cursor.node({ kind: 'metrics-pipeline', pipeline, aggregate, stages: [], at } as const, children);
    return parseSeriesFilters(cursor, { yields: 'series', series, at });
  }
  for (const name of ['by', 'select', 'coalesce'] as const) {
    if (cursor.isWord(name)) return withStages(before, [parseGrouping(cursor, name)]);
  }
  const part = parseExpression(cursor, 1);
  if (part.yields === 'series') {
    throw syntaxError(
      'metrics in parentheses cannot follow |.',
      part.at,
      'Write a metrics function after |: | rate().',
    );
  }
  if (part.yields === 'literal') throw notCompared(cursor, part);
  if (part.yields === 'scalar') return part;
  return withStages(before, asSpansets(part).stages);
}

function withStages(before: Spansets, more: readonly PipelineStage[]): Spansets {
  const stages = [...before.stages, ...more];
  const at = { from: before.at.from, to: more.at(-1)?.at.to ?? before.at.to };
  const last = stages[MAX_STAGES];
  if (last !== undefined) throw limitError(`too many stages (limit ${MAX_STAGES}).`, last.at, 'Leave some out.');
  return { yields: 'spansets', stages, at };
}

/** `| topk(5)`, `| bottomk(5)` */
function parseSeriesStage(cursor: TokenCursor, before: Series): Series {
  const token = cursor.token;
  if (token.type === 'end') throw syntaxError('the query ends after |.', token, 'Add a stage, as in | topk(5).');
  for (const name of ['topk', 'bottomk'] as const) {
    if (!cursor.isWord(name)) continue;
    const stage = parseTop(cursor, name);
    const series = withSeriesStage(cursor, before.series, stage);
    return parseSeriesFilters(cursor, { yields: 'series', series, at: series.at });
  }
  throw seriesStageError(cursor);
}

/** `> 5` behind a metrics function or a stage after it. */
function parseSeriesFilters(cursor: TokenCursor, first: Series): Series {
  let part = first;
  for (;;) {
    const token = cursor.token;
    if (token.type !== 'symbol') return part;
    if (['+', '-', '*', '/'].includes(token.text)) {
      const text = cursor.shown(part.at);
      throw syntaxError(
        `unexpected ${token.text} after the metrics.`,
        token,
        `Use parentheses: (${text}) ${token.text} …`,
      );
    }
    if (!isComparison(token.text)) return part;
    cursor.take();
    const right = parseExpression(cursor, COMPARISON_LEVEL + 1);
    const compared = combineParts(cursor, part, token, right);
    if (compared.yields !== 'series') return part;
    part = compared;
  }
}

/** Spansets, numbers and series with the operators between them, by precedence. */
function parseExpression(cursor: TokenCursor, level: number): Part {
  let left = parsePrimary(cursor);
  for (;;) {
    const token = cursor.token;
    if (token.type !== 'symbol') return left;
    const own = operatorLevel(token.text, left);
    if (own === undefined || own < level) return left;
    cursor.take();
    // A right-associative chain recurses once per operator, so it counts as nesting.
    const right =
      token.text === '^' ? cursor.nested(() => parseExpression(cursor, own)) : parseExpression(cursor, own + 1);
    left = combineParts(cursor, left, token, right);
  }
}

function parsePrimary(cursor: TokenCursor): Part {
  if (cursor.isSymbol('{')) {
    const filter = parseSpansetFilter(cursor);
    return { yields: 'spansets', stages: [filter], at: filter.at };
  }
  if (cursor.isSymbol('(')) return parseWrapped(cursor);
  const number = tryParseNumber(cursor);
  if (number !== undefined) return { yields: 'literal', literal: number, at: number.at };
  if (cursor.isSymbol('-')) return parseNegative(cursor);
  const aggregate = tryAggregate(cursor);
  if (aggregate === undefined) throw stageError(cursor);
  const scalar = parseAggregate(cursor, aggregate);
  return { yields: 'scalar', scalar, at: scalar.at };
}

/** `-(1 + 2)`: a minus sign stands before numbers only. */
function parseNegative(cursor: TokenCursor): Part {
  const sign = cursor.take();
  const operand = cursor.nested(() => parsePrimary(cursor));
  const at = { from: sign.from, to: operand.at.to };
  const negated = operand.yields === 'literal' ? tryNegate(operand.literal.static, at) : undefined;
  if (negated?.type === 'int' || negated?.type === 'float' || negated?.type === 'duration') {
    return { yields: 'literal', literal: { static: negated, at }, at };
  }
  const hint = operand.yields === 'scalar' ? `Write 0 - ${cursor.shown(operand.at)}.` : undefined;
  throw syntaxError('- needs a number.', operand.at, hint);
}

/** `( … )` around filters, a pipeline, numbers or series. */
function parseWrapped(cursor: TokenCursor): Part {
  const open = cursor.take();
  const inner = cursor.nested(() => parseStages(cursor, true));
  if (!cursor.isSymbol(')')) {
    if (cursor.token.type === 'end') throw syntaxError('a parenthesis is not closed.', open, 'Add ).');
    if (cursor.isWord('with')) {
      throw syntaxError('hints come last.', cursor.token, 'Move with (…) behind the last parenthesis.');
    }
    throw syntaxError(`unexpected ${cursor.shown(cursor.token)}.`, cursor.token, 'Expected ).');
  }
  const close = cursor.take();
  return { ...inner, at: { from: open.from, to: close.to } };
}

/** A condition on numbers is a stage as soon as no operator may follow it. */
function asSpansets(part: Part): Spansets {
  if (part.yields === 'spansets') return part;
  if (part.yields === 'condition') return { yields: 'spansets', stages: [part.filter], at: part.at };
  throw syntaxError('a filter was expected.', part.at, 'Write { condition }.');
}

function rangeOf(stages: readonly PipelineStage[], otherwise: TextRange): TextRange {
  return { from: stages[0]?.at.from ?? otherwise.from, to: stages.at(-1)?.at.to ?? otherwise.to };
}

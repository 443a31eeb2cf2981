/**
 * Reads everything around a filter: pipelines, operators between spansets, aggregates, metrics, hints.
 * Only a single filter has a tree yet; the rest is read to tell "not yet" from "wrong".
 */
import { operatorError } from './mistakes.ts';
import { tryNearestWord } from './nearest-word.ts';
import { parseFieldExpression } from './parse-field.ts';
import { isAggregate, parseAggregate, parseMetricsStage, parseSelection, tryMetricsFunction } from './parse-stages.ts';
import type { Token } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type { SpansetFilter, TextRange } from './tree.ts';

/**
 * What a part of a pipeline yields. `literal` is a number alone, `scalar` a number per spanset,
 * `condition` a comparison of scalars, `series` the result of a metrics function.
 */
type Yield = 'spanset' | 'literal' | 'scalar' | 'condition' | 'series';

interface Part extends TextRange {
  readonly yields: Yield;
  /** The tree, where there is one. */
  readonly filter: SpansetFilter | undefined;
}

const SPANSET_LEVEL: Readonly<Record<string, number>> = { '&&': 1, '||': 1 };
const STRUCTURAL = ['>', '>>', '<', '<<', '~', '!>', '!>>', '!<', '!<<', '!~', '&>', '&>>', '&<', '&<<', '&~'];
const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];
const ARITHMETIC_LEVEL: Readonly<Record<string, number>> = { '+': 3, '-': 3, '*': 5, '/': 5, '%': 5, '^': 6 };
const COMPARISON_LEVEL = 2;

/** Reads the whole text. The result counts only if the cursor noted nothing that is not supported yet. */
export function parsePipeline(cursor: TokenCursor): SpansetFilter {
  const part = parseStages(cursor);
  if (cursor.isWord('with')) parseHints(cursor);
  if (cursor.token.type !== 'end') throw unexpectedAfter(cursor);
  if (part.filter !== undefined) return part.filter;
  // Everything without a tree has been noted by whoever read it.
  throw cursor.notYet ?? syntaxError('not a query.', part, 'Write { condition }.');
}

function unexpectedAfter(cursor: TokenCursor): Error {
  const token = cursor.token;
  const shown = cursor.shown(token);
  if (token.type === 'symbol' && (token.text === '}' || token.text === ')')) {
    return syntaxError(`unexpected ${shown}.`, token, `There is no open ${token.text === '}' ? '{' : '('}.`);
  }
  return (
    operatorError(cursor) ??
    syntaxError(`unexpected ${shown} after the filter.`, token, 'Conditions belong inside the braces, joined with &&.')
  );
}

/** stage { "|" stage } */
function parseStages(cursor: TokenCursor): Part {
  let last = parseFirstStage(cursor);
  while (cursor.isSymbol('|')) {
    const pipe = cursor.take();
    last = parseNextStage(cursor, last);
    cursor.noteNotYet('pipelines (|) are', pipe);
  }
  return last;
}

function parseFirstStage(cursor: TokenCursor): Part {
  const token = cursor.token;
  if (cursor.isWord('by') || cursor.isWord('select'))
    return { ...parseSelection(cursor), yields: 'spanset', filter: undefined };
  const part = parseExpression(cursor, 1);
  if (part.yields === 'literal' || part.yields === 'scalar') {
    throw syntaxError(
      `${cursor.shown(part)} is a number, not a filter.`,
      { from: token.from, to: part.to },
      'Compare it, as in count() > 2.',
    );
  }
  return part;
}

function parseNextStage(cursor: TokenCursor, before: Part): Part {
  const token = cursor.token;
  if (token.type === 'end') throw syntaxError('the query ends after |.', token, 'Add a stage, as in | count() > 2.');
  if (cursor.isWord('topk') || cursor.isWord('bottomk')) {
    if (before.yields !== 'series') {
      throw syntaxError(
        `${cursor.shown(token)} needs a metrics function before it.`,
        token,
        'As in | rate() | topk(5).',
      );
    }
    return withComparison(cursor, parseMetricsStage(cursor));
  }
  if (before.yields === 'series') {
    throw syntaxError('only topk and bottomk may follow a metrics function.', token);
  }
  if (tryMetricsFunction(cursor) !== undefined) return withComparison(cursor, parseMetricsStage(cursor));
  if (cursor.isWord('coalesce')) {
    cursor.take();
    expectSymbol(cursor, '(');
    const close = expectSymbol(cursor, ')');
    const at = { from: token.from, to: close.to };
    cursor.noteNotYet('coalesce() is', at);
    return { ...at, yields: 'spanset', filter: undefined };
  }
  return parseFirstStage(cursor);
}

/** `rate() > 5`: a filter over series. */
function withComparison(cursor: TokenCursor, at: TextRange): Part {
  const token = cursor.token;
  if (token.type !== 'symbol' || !COMPARISONS.includes(token.text))
    return { ...at, yields: 'series', filter: undefined };
  cursor.take();
  const right = parseExpression(cursor, COMPARISON_LEVEL + 1);
  if (right.yields !== 'literal') throw syntaxError('series are compared with a number.', right);
  return { from: at.from, to: right.to, yields: 'series', filter: undefined };
}

/** Spansets, scalars and series with the operators between them, by precedence. */
function parseExpression(cursor: TokenCursor, level: number): Part {
  let left = parsePrimary(cursor);
  for (;;) {
    const token = cursor.token;
    if (token.type !== 'symbol') return left;
    const own = operatorLevel(token.text, left.yields);
    if (own === undefined || own < level) return left;
    cursor.take();
    const right = cursor.nested(() => parseExpression(cursor, own + 1));
    left = combine(cursor, left, token, right);
  }
}

function operatorLevel(operator: string, left: Yield): number | undefined {
  const logical = SPANSET_LEVEL[operator];
  if (logical !== undefined) return logical;
  if (left === 'spanset' && STRUCTURAL.includes(operator)) return COMPARISON_LEVEL;
  if (COMPARISONS.includes(operator)) return COMPARISON_LEVEL;
  return ARITHMETIC_LEVEL[operator];
}

function combine(cursor: TokenCursor, left: Part, operator: Token & { type: 'symbol' }, right: Part): Part {
  const at = { from: left.from, to: right.to };
  const yields = combinedYield(left.yields, operator.text, right.yields);
  if (yields === undefined) {
    const isSpansets = Object.hasOwn(SPANSET_LEVEL, operator.text) || STRUCTURAL.includes(operator.text);
    const hint = isSpansets && left.yields === 'spanset' ? 'On both sides must be a filter { … }.' : undefined;
    throw syntaxError(`${operator.text} cannot stand between these two.`, operator, hint);
  }
  if (yields === 'spanset') {
    const what = Object.hasOwn(SPANSET_LEVEL, operator.text) ? 'combining filters' : 'structural operators';
    const verb = what === 'structural operators' ? 'are' : 'is';
    const hint = verb === 'is' ? 'Conditions on one span are joined inside one pair of braces.' : undefined;
    cursor.noteNotYet(`${what} (${operator.text}) ${verb}`, operator, hint);
  }
  return { ...at, yields, filter: undefined };
}

function combinedYield(left: Yield, operator: string, right: Yield): Yield | undefined {
  if (left === 'spanset' && right === 'spanset') {
    return Object.hasOwn(SPANSET_LEVEL, operator) || STRUCTURAL.includes(operator) ? 'spanset' : undefined;
  }
  const isNumber = (side: Yield) => side === 'literal' || side === 'scalar';
  const isComparison = COMPARISONS.includes(operator);
  if (left === 'series' || right === 'series') {
    if (isComparison) return left === 'series' && right === 'literal' ? 'series' : undefined;
    const isFine = (side: Yield) => side === 'series' || side === 'literal';
    return ['+', '-', '*', '/'].includes(operator) && isFine(left) && isFine(right) ? 'series' : undefined;
  }
  if (!isNumber(left) || !isNumber(right)) return undefined;
  const both = left === 'literal' && right === 'literal' ? 'literal' : 'scalar';
  if (isComparison) return both === 'scalar' ? 'condition' : undefined;
  return Object.hasOwn(ARITHMETIC_LEVEL, operator) ? both : undefined;
}

function parsePrimary(cursor: TokenCursor): Part {
  const token = cursor.token;
  if (cursor.isSymbol('{')) return parseFilter(cursor);
  if (cursor.isSymbol('(')) return parseWrapped(cursor);
  if (cursor.isSymbol('-')) {
    cursor.take();
    const operand = cursor.nested(() => parsePrimary(cursor));
    if (operand.yields !== 'literal') throw syntaxError('- needs a number.', operand);
    return { ...operand, from: token.from };
  }
  if (token.type === 'int' || token.type === 'float' || token.type === 'duration') {
    cursor.take();
    return { from: token.from, to: token.to, yields: 'literal', filter: undefined };
  }
  if (isAggregate(cursor)) {
    const at = parseAggregate(cursor);
    cursor.noteNotYet(`aggregates (${token.type === 'word' ? token.text : ''}) are`, at);
    return { ...at, yields: 'scalar', filter: undefined };
  }
  throw stageError(cursor);
}

function stageError(cursor: TokenCursor): Error {
  const token = cursor.token;
  if (token.type === 'end')
    return syntaxError('the query ends where a filter was expected.', token, 'Write { condition }.');
  if (token.type === 'word') {
    if (tryMetricsFunction(cursor) !== undefined || token.text === 'coalesce') {
      return syntaxError(`${token.text} cannot come first.`, token, `Write { } | ${token.text}…`);
    }
    const near = tryNearestWord(token.text, STAGE_WORDS);
    const hint = near === undefined ? 'Expected a filter { … } or a function.' : `Did you mean ${near}?`;
    return syntaxError(`unknown function ${token.text}.`, token, hint);
  }
  return syntaxError(`unexpected ${cursor.shown(token)}.`, token, 'Expected a filter { condition }.');
}

const STAGE_WORDS: readonly string[] = [
  ...['by', 'select', 'coalesce', 'count', 'max', 'min', 'avg', 'sum', 'rate', 'count_over_time', 'min_over_time'],
  ...['max_over_time', 'sum_over_time', 'avg_over_time', 'histogram_over_time', 'quantile_over_time', 'compare'],
  ...['topk', 'bottomk', 'with'],
];

/** `( … )` around a filter, a pipeline, a number or series. */
function parseWrapped(cursor: TokenCursor): Part {
  const open = cursor.take();
  const inner = cursor.nested(() => parseWrappedContent(cursor));
  if (!cursor.isSymbol(')')) {
    if (cursor.token.type === 'end') throw syntaxError('a parenthesis is not closed.', open, 'Add ).');
    throw syntaxError(`unexpected ${cursor.shown(cursor.token)}.`, cursor.token, 'Expected ).');
  }
  const close = cursor.take();
  const yields = inner.yields === 'condition' ? 'spanset' : inner.yields;
  return { ...inner, yields, from: open.from, to: close.to };
}

function parseWrappedContent(cursor: TokenCursor): Part {
  if (cursor.isWord('by') || cursor.isWord('select')) return parseStages(cursor);
  let last = parseExpression(cursor, 1);
  while (cursor.isSymbol('|')) {
    const pipe = cursor.take();
    if (last.yields === 'literal' || last.yields === 'scalar') throw syntaxError('a number cannot be piped.', pipe);
    last = parseNextStage(cursor, last);
    cursor.noteNotYet('pipelines (|) are', pipe);
  }
  return last;
}

function parseFilter(cursor: TokenCursor): Part {
  const open = cursor.take();
  if (cursor.token.type === 'end') throw unclosedFilter(cursor, open);
  const isEmpty = cursor.isSymbol('}');
  const inner = isEmpty ? undefined : parseFieldExpression(cursor);
  if (!cursor.isSymbol('}')) throw unclosedFilter(cursor, open);
  const close = cursor.take();
  const at = { from: open.from, to: close.to };
  const expression = inner ?? { kind: 'static', static: { type: 'bool', value: true }, at };
  return { ...at, yields: 'spanset', filter: { kind: 'spanset-filter', expression, at } };
}

function unclosedFilter(cursor: TokenCursor, open: TextRange): Error {
  const token = cursor.token;
  if (token.type === 'end')
    return syntaxError('the filter is not closed.', { from: open.from, to: token.to }, 'Add }.');
  return (
    operatorError(cursor) ?? syntaxError(`unexpected ${cursor.shown(token)}.`, token, 'Expected an operator or }.')
  );
}

/** `with (name = value, …)` */
function parseHints(cursor: TokenCursor): void {
  const word = cursor.take();
  expectSymbol(cursor, '(');
  do {
    if (cursor.token.type !== 'word')
      throw syntaxError('a hint has a name.', cursor.token, 'As in with (sample=true).');
    cursor.take();
    expectSymbol(cursor, '=');
    const value = parseFieldExpression(cursor, COMPARISON_LEVEL + 1);
    if (value.kind !== 'static') throw syntaxError('the value of a hint is a literal.', value.at);
  } while (cursor.accept(','));
  const close = expectSymbol(cursor, ')');
  cursor.noteNotYet('hints (with) are', { from: word.from, to: close.to });
}

function expectSymbol(cursor: TokenCursor, symbol: string): Token {
  if (!cursor.isSymbol(symbol)) {
    const token = cursor.token;
    const what = token.type === 'end' ? 'the query ends' : `unexpected ${cursor.shown(token)}`;
    throw syntaxError(`${what}${token.type === 'end' ? ' too early.' : '.'}`, token, `Expected ${symbol}.`);
  }
  return cursor.take();
}

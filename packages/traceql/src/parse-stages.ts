/** Reads functions of pipelines: by, select, aggregates and metrics. None has a tree yet; each is noted as such. */
import { parseFieldExpression } from './parse-field.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type { TextRange } from './tree.ts';

const AGGREGATES: readonly string[] = ['count', 'max', 'min', 'avg', 'sum'];
const METRICS: readonly string[] = [
  ...['rate', 'count_over_time', 'min_over_time', 'max_over_time', 'sum_over_time', 'avg_over_time'],
  ...['histogram_over_time', 'quantile_over_time', 'compare'],
];

export function isAggregate(cursor: TokenCursor): boolean {
  const token = cursor.token;
  return token.type === 'word' && AGGREGATES.includes(token.text) && cursor.isSymbol('(', 1);
}

/** The metrics function that starts here. */
export function tryMetricsFunction(cursor: TokenCursor): string | undefined {
  const token = cursor.token;
  return token.type === 'word' && METRICS.includes(token.text) ? token.text : undefined;
}

/** `count()`, `avg(duration)` */
export function parseAggregate(cursor: TokenCursor): TextRange {
  const name = cursor.take();
  expect(cursor, '(');
  if (!(name.type === 'word' && name.text === 'count')) parseFieldExpression(cursor);
  return { from: name.from, to: expect(cursor, ')') };
}

/** `by(field)` or `select(field, …)` */
export function parseSelection(cursor: TokenCursor): TextRange {
  const name = cursor.take();
  expect(cursor, '(');
  const isBy = name.type === 'word' && name.text === 'by';
  if (isBy) parseFieldExpression(cursor);
  else parseFields(cursor);
  const at = { from: name.from, to: expect(cursor, ')') };
  cursor.noteNotYet(isBy ? 'grouping (by) is' : 'select() is', at);
  return at;
}

/** A metrics function with its `by`, or topk and bottomk. */
export function parseMetricsStage(cursor: TokenCursor): TextRange {
  const token = cursor.take();
  const name = token.type === 'word' ? token.text : '';
  expect(cursor, '(');
  parseMetricsArguments(cursor, name);
  let to = expect(cursor, ')');
  if (cursor.isWord('by') && !['compare', 'topk', 'bottomk'].includes(name)) {
    cursor.take();
    expect(cursor, '(');
    parseFields(cursor);
    to = expect(cursor, ')');
  }
  const at = { from: token.from, to };
  cursor.noteNotYet(`metrics (${name}) are`, at);
  return at;
}

function parseMetricsArguments(cursor: TokenCursor, name: string): void {
  switch (name) {
    case 'rate':
    case 'count_over_time':
      return;
    case 'topk':
    case 'bottomk':
      parseNumber(cursor, ['int']);
      return;
    case 'compare':
      expect(cursor, '{');
      if (!cursor.isSymbol('}')) parseFieldExpression(cursor);
      expect(cursor, '}');
      while (cursor.accept(',')) parseNumber(cursor, ['int']);
      return;
    case 'quantile_over_time':
      parseField(cursor);
      do {
        expect(cursor, ',');
        parseNumber(cursor, ['int', 'float']);
      } while (cursor.isSymbol(','));
      return;
    default:
      parseField(cursor);
  }
}

function parseNumber(cursor: TokenCursor, types: readonly string[]): void {
  if (!types.includes(cursor.token.type)) {
    throw syntaxError(`unexpected ${cursor.shown(cursor.token) || 'end'}.`, cursor.token, 'Expected a number.');
  }
  cursor.take();
}

function parseFields(cursor: TokenCursor): void {
  do parseField(cursor);
  while (cursor.accept(','));
}

function parseField(cursor: TokenCursor): void {
  const field = parseFieldExpression(cursor);
  if (field.kind === 'attribute' || field.kind === 'intrinsic') return;
  throw syntaxError('a field was expected.', field.at, 'As in span.http.route or duration.');
}

function expect(cursor: TokenCursor, symbol: string): number {
  const token = cursor.token;
  if (cursor.accept(symbol)) return token.to;
  const what = token.type === 'end' ? 'the query ends too early.' : `unexpected ${cursor.shown(token)}.`;
  throw syntaxError(what, token, `Expected ${symbol}.`);
}

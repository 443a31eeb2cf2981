/** Reads what is written with parentheses after a word: by, select, coalesce, aggregates and functions of metrics. */
import { MAX_ARGUMENTS } from './limits.ts';
import { argumentError, callError, fieldError } from './mistakes-stage.ts';
import { parseFieldExpression } from './parse-field.ts';
import { parseSpansetFilter } from './parse-filter.ts';
import { type NumberLiteral, tryParseNumber } from './parse-number.ts';
import type { TokenCursor } from './token-cursor.ts';
import { limitError, syntaxError } from './traceql-error.ts';
import type {
  AggregateFunction,
  FieldExpression,
  FieldReference,
  MetricsAggregate,
  MetricsFunction,
  PipelineStage,
  ScalarExpression,
  SeriesStage,
} from './tree.ts';

export const AGGREGATES: readonly AggregateFunction[] = ['count', 'max', 'min', 'avg', 'sum'];

export const METRICS_FUNCTIONS: readonly MetricsFunction[] = [
  ...(['rate', 'count_over_time', 'min_over_time', 'max_over_time', 'sum_over_time', 'avg_over_time'] as const),
  ...(['histogram_over_time', 'quantile_over_time'] as const),
];

/** The aggregate that starts here; a word without parentheses is none. */
export function tryAggregate(cursor: TokenCursor): AggregateFunction | undefined {
  const token = cursor.token;
  if (token.type !== 'word' || !cursor.isSymbol('(', 1)) return undefined;
  return AGGREGATES.find((name) => name === token.text);
}

/** The function of metrics that starts here, with or without parentheses. */
export function tryMetricsFunction(cursor: TokenCursor): MetricsFunction | 'compare' | undefined {
  const token = cursor.token;
  if (token.type !== 'word') return undefined;
  if (token.text === 'compare') return 'compare';
  return METRICS_FUNCTIONS.find((name) => name === token.text);
}

/** `count()`, `avg(duration)` */
export function parseAggregate(cursor: TokenCursor, name: AggregateFunction): ScalarExpression {
  const { from } = cursor.take();
  open(cursor, name);
  if (name === 'count') {
    const at = { from, to: closeWithout(cursor, 'count counts spans and takes no argument.') };
    return cursor.node({ kind: 'aggregate', function: name, at }, []);
  }
  const field = parseArgument(cursor, name);
  const at = { from, to: close(cursor) };
  return cursor.node({ kind: 'aggregate', function: name, field, at }, [field]);
}

/** `by(expression)`, `select(field, …)` or `coalesce()`: the cursor stands at the word. */
export function parseGrouping(cursor: TokenCursor, name: 'by' | 'select' | 'coalesce'): PipelineStage {
  const { from } = cursor.take();
  open(cursor, name);
  switch (name) {
    case 'by': {
      const by = parseArgument(cursor, name);
      if (cursor.isSymbol(',')) throw syntaxError('by takes one expression.', cursor.token, 'Add a second | by(…).');
      return cursor.node({ kind: 'group', by, at: { from, to: close(cursor) } }, [by]);
    }
    case 'select': {
      const fields = parseFields(cursor);
      return cursor.node({ kind: 'select', fields, at: { from, to: close(cursor) } }, fields);
    }
    case 'coalesce':
      return cursor.node(
        { kind: 'coalesce', at: { from, to: closeWithout(cursor, 'coalesce takes no argument.') } },
        [],
      );
  }
}

function parseArgument(cursor: TokenCursor, name: string): FieldExpression {
  if (cursor.isSymbol(')')) throw argumentError(cursor, name);
  return parseFieldExpression(cursor);
}

/** `rate()`, `quantile_over_time(duration, .9) by(name)`, `compare({ … }, 5)` */
export function parseMetricsAggregate(cursor: TokenCursor, name: MetricsFunction | 'compare'): MetricsAggregate {
  const { from } = cursor.take();
  open(cursor, name);
  if (name === 'compare') return parseCompare(cursor, from);
  const isCount = name === 'rate' || name === 'count_over_time';
  const field = isCount ? undefined : parseField(cursor, name === 'quantile_over_time');
  const quantiles: number[] = [];
  if (name === 'quantile_over_time') {
    while (quantiles.length === 0 || cursor.isSymbol(',')) {
      expectComma(cursor, 'Which quantiles? As in quantile_over_time(duration, .5, .99).');
      checkCount(cursor, quantiles.length, 'quantiles');
      quantiles.push(Number(parseNumber(cursor, ['int', 'float'], 'a quantile from 0 to 1').static.value) + 0);
    }
  }
  let to = isCount
    ? closeWithout(cursor, `${name} counts spans and takes no argument.`)
    : closeWithout(cursor, `${name} takes one field${name === 'quantile_over_time' ? ' and quantiles' : ''}.`);
  let by: FieldReference[] = [];
  if (cursor.isWord('by')) {
    cursor.take();
    open(cursor, 'by');
    by = parseFields(cursor);
    to = close(cursor);
  }
  const at = { from, to };
  const children = field === undefined ? by : [field, ...by];
  const node = { kind: 'metrics-function', function: name, quantiles, by, at } as const;
  return cursor.node(field === undefined ? node : { ...node, field }, children);
}

function parseCompare(cursor: TokenCursor, from: number): MetricsAggregate {
  if (!cursor.isSymbol('{')) {
    throw syntaxError('compare takes a filter.', cursor.token, 'As in compare({ status = error }).');
  }
  const selection = parseSpansetFilter(cursor);
  const numbers: NumberLiteral[] = [];
  while (cursor.accept(',')) numbers.push(parseNumber(cursor, ['int'], 'a whole number'));
  const at = { from, to: close(cursor) };
  if (cursor.isWord('by')) {
    throw syntaxError('compare takes no by: it groups by every attribute.', cursor.token, 'Leave by(…) out.');
  }
  const [top, start, end, extra] = numbers;
  if (extra !== undefined) throw syntaxError('too many arguments.', extra.at, COMPARE_ARGUMENTS);
  if (start !== undefined && end === undefined) {
    throw syntaxError('compare takes start and end or neither.', start.at, COMPARE_ARGUMENTS);
  }
  const node = {
    kind: 'compare',
    selection,
    ...(top === undefined ? {} : { topN: Number(top.static.value) }),
    ...(start === undefined ? {} : { startUnixNano: BigInt(start.static.value) }),
    ...(end === undefined ? {} : { endUnixNano: BigInt(end.static.value) }),
    at,
  } as const;
  return cursor.node(node, [selection]);
}

const COMPARE_ARGUMENTS = 'As in compare({ status = error }, 10), with start and end in nanoseconds where wanted.';

/** `topk(5)`, `bottomk(5)` */
export function parseTop(cursor: TokenCursor, name: 'topk' | 'bottomk'): SeriesStage {
  const { from } = cursor.take();
  open(cursor, name);
  const count = Number(parseNumber(cursor, ['int'], 'a whole number').static.value);
  return cursor.node({ kind: 'top', function: name, count, at: { from, to: close(cursor) } }, []);
}

function parseNumber(cursor: TokenCursor, types: readonly string[], what: string): NumberLiteral {
  const token = cursor.token;
  const number = tryParseNumber(cursor);
  if (number !== undefined && types.includes(number.static.type)) return number;
  const at = number?.at ?? token;
  if (token.type === 'end') throw syntaxError('the query ends too early.', token, `Expected ${what}.`);
  throw syntaxError(`unexpected ${cursor.shown(at)}.`, at, `Expected ${what}.`);
}

function parseFields(cursor: TokenCursor): FieldReference[] {
  const fields: FieldReference[] = [];
  do {
    checkCount(cursor, fields.length, 'fields');
    fields.push(parseField(cursor));
  } while (cursor.accept(','));
  return fields;
}

function parseField(cursor: TokenCursor, isQuantile = false): FieldReference {
  if (cursor.isSymbol(')')) throw fieldError(cursor.token);
  const field = parseFieldExpression(cursor);
  if (field.kind === 'attribute' || field.kind === 'intrinsic') return field;
  throw fieldError(field.at, isQuantile);
}

/** @throws TraceqlError TRACEQL_LIMIT when one more is too many. */
export function checkCount(cursor: TokenCursor, count: number, what: string): void {
  if (count < MAX_ARGUMENTS) return;
  throw limitError(`too many ${what} (limit ${MAX_ARGUMENTS}).`, cursor.token, 'Leave some out.');
}

function open(cursor: TokenCursor, name: string): void {
  if (!cursor.accept('(')) throw callError(cursor, name);
}

function expectComma(cursor: TokenCursor, hint: string): void {
  if (!cursor.accept(',')) throw unexpected(cursor, hint);
}

/** Takes `)` and returns where it ends. */
function close(cursor: TokenCursor): number {
  return closeWithout(cursor, 'Expected ).');
}

function closeWithout(cursor: TokenCursor, hint: string): number {
  const token = cursor.token;
  if (cursor.accept(')')) return token.to;
  throw unexpected(cursor, token.type === 'end' ? 'Expected ).' : hint);
}

function unexpected(cursor: TokenCursor, hint: string): Error {
  const token = cursor.token;
  if (token.type === 'end') return syntaxError('the query ends too early.', token, hint);
  return syntaxError(`unexpected ${cursor.shown(token)}.`, token, hint);
}

/** Errors for mistakes around filters: stages, functions, and words of other query languages. */
import { operatorError } from './mistakes.ts';
import { tryNearestWord } from './nearest-word.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, type TraceqlError } from './traceql-error.ts';

/** Words that begin a stage; those without a comparison need one or stand alone. */
export const STAGE_WORDS: readonly string[] = [
  ...['by', 'select', 'coalesce', 'count', 'max', 'min', 'avg', 'sum', 'rate', 'count_over_time', 'min_over_time'],
  ...['max_over_time', 'sum_over_time', 'avg_over_time', 'histogram_over_time', 'quantile_over_time', 'compare'],
  ...['topk', 'bottomk', 'with'],
];

/** How a function is written. */
const USAGE: Readonly<Record<string, string>> = {
  by: 'by(resource.service.name)',
  select: 'select(span.http.route, duration)',
  coalesce: 'coalesce()',
  count: 'count() > 2',
  max: 'max(duration) > 1s',
  min: 'min(duration) > 1s',
  avg: 'avg(duration) > 1s',
  sum: 'sum(duration) > 1s',
  rate: 'rate()',
  count_over_time: 'count_over_time()',
  min_over_time: 'min_over_time(duration)',
  max_over_time: 'max_over_time(duration)',
  sum_over_time: 'sum_over_time(duration)',
  avg_over_time: 'avg_over_time(duration)',
  histogram_over_time: 'histogram_over_time(duration)',
  quantile_over_time: 'quantile_over_time(duration, .99)',
  compare: 'compare({ status = error })',
  topk: 'topk(5)',
  bottomk: 'bottomk(5)',
  with: 'with (sample=true)',
};

/** Words of other query languages that stand where a stage belongs. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  from: 'There is one set of spans; write { condition }.',
  where: 'Conditions stand in braces: { condition }.',
  filter: 'Conditions stand in braces: | { condition }.',
  having: 'Compare an aggregate: | count() > 2.',
  group: 'Write | by(resource.service.name).',
  group_by: 'Write | by(resource.service.name).',
  groupby: 'Write | by(resource.service.name).',
  order: 'Results are always newest first.',
  sort: 'Results are always newest first.',
  limit: 'The number of traces is not part of the query; for series write | topk(5).',
  head: 'The number of traces is not part of the query; for series write | topk(5).',
  top: 'Write | topk(5) after a metrics function.',
  bottom: 'Write | bottomk(5) after a metrics function.',
  distinct: 'Write | by(field).',
  mean: 'Write | avg(duration) > 1s, or | avg_over_time(duration).',
  average: 'Write | avg(duration) > 1s, or | avg_over_time(duration).',
  median: 'Write | quantile_over_time(duration, .5).',
  percentile: 'Write | quantile_over_time(duration, .99).',
  percentiles: 'Write | quantile_over_time(duration, .5, .99).',
  quantile: 'Write | quantile_over_time(duration, .99).',
  quantiles: 'Write | quantile_over_time(duration, .5, .99).',
  histogram: 'Write | histogram_over_time(duration).',
  histogram_quantile: 'Write | quantile_over_time(duration, .99).',
  increase: 'Write | count_over_time().',
  irate: 'Write | rate().',
  delta: 'Write | count_over_time().',
  length: 'Write | count() > 2.',
  stats: 'Write | rate() by(field), or | count() > 2.',
  summarize: 'Write | rate() by(field), or | count() > 2.',
  project: 'Write | select(span.http.route).',
  fields: 'Write | select(span.http.route).',
};

/** The current token cannot begin a stage. */
export function stageError(cursor: TokenCursor): TraceqlError {
  const token = cursor.token;
  const shown = cursor.shown(token);
  switch (token.type) {
    case 'end':
      return syntaxError('the query ends where a filter was expected.', token, 'Write { condition }.');
    case 'word':
      return wordError(cursor, token.text);
    case 'string':
      return syntaxError(`unexpected text ${shown}.`, token, 'Expected a filter { … } or a number.');
    case 'attribute':
    case 'bare-attribute':
      return syntaxError('conditions stand in braces.', token, 'Write { condition }.');
    default:
      return syntaxError(`unexpected ${shown}.`, token, 'Expected a filter { condition }.');
  }
}

function wordError(cursor: TokenCursor, word: string): TraceqlError {
  const token = cursor.token;
  const lower = word.toLowerCase();
  const usage = USAGE[word];
  if (word === 'topk' || word === 'bottomk') {
    return syntaxError(`${word} needs a metrics function before it.`, token, `As in { } | rate() | ${usage}.`);
  }
  if (word === 'select') {
    const hint = 'Write { condition }; fields are chosen by a stage: { } | select(span.http.route).';
    return syntaxError('conditions stand in braces.', token, hint);
  }
  if (word === 'with') return syntaxError('hints come last.', token, 'As in { } | rate() with (sample=true).');
  if (usage !== undefined) {
    if (/^(?:count|min|max|avg|sum)$/.test(word)) return callError(cursor, word);
    if (word === 'coalesce') return syntaxError('coalesce cannot come first.', token, 'Write { } | by(…) | … first.');
    return syntaxError(`${word} cannot stand here.`, token, `Write { } | ${usage}.`);
  }
  const percentile = /^p(\d{1,2}(?:\.\d+)?|100|999)$/.exec(lower);
  if (percentile !== null) {
    const digits = percentile[1] === '999' ? '999' : (percentile[1] ?? '').padStart(2, '0').replace('.', '');
    const quantile = digits === '100' ? '1' : `.${digits}`;
    return syntaxError(`unknown function ${word}.`, token, `Write | quantile_over_time(duration, ${quantile}).`);
  }
  const foreign = Object.hasOwn(FOREIGN_WORDS, lower) ? FOREIGN_WORDS[lower] : undefined;
  if (foreign !== undefined) return syntaxError(`unknown function ${word}.`, token, foreign);
  const operator = operatorError(cursor);
  if (operator !== undefined) return operator;
  const near = tryNearestWord(word, STAGE_WORDS);
  const hint = near === undefined ? 'Expected a filter { … } or a function.' : `Did you mean ${USAGE[near]}?`;
  return syntaxError(`unknown function ${word}.`, token, hint);
}

/** A function's name without its parentheses; the cursor stands at the name or right behind it. */
export function callError(cursor: TokenCursor, name: string): TraceqlError {
  const isAtName = cursor.isWord(name);
  const at = isAtName ? cursor.token : cursor.previous;
  return syntaxError(`${name} needs parentheses.`, at, `Write ${USAGE[name] ?? `${name}()`}.`);
}

/** A list of fields is empty. */
export function fieldError(cursor: TokenCursor): TraceqlError {
  return syntaxError('a field was expected.', cursor.token, 'As in span.http.route or duration.');
}

/** The query is complete, but the text goes on. */
export function unexpectedAfter(cursor: TokenCursor, after: 'a filter' | 'the metrics'): TraceqlError {
  const token = cursor.token;
  const shown = cursor.shown(token);
  if (token.type === 'symbol' && (token.text === '}' || token.text === ')')) {
    return syntaxError(`unexpected ${shown}.`, token, `There is no open ${token.text === '}' ? '{' : '('}.`);
  }
  if (token.type === 'symbol' && token.text === '{') {
    const hint = 'Join filters with && or |; conditions on one span belong inside the braces.';
    return syntaxError('unexpected { after the filter.', token, hint);
  }
  if (token.type === 'symbol' && token.text === ',') {
    return syntaxError('unexpected ,.', token, 'Join filters with &&, || or |.');
  }
  const operator = operatorError(cursor);
  if (operator !== undefined) return operator;
  if (token.type === 'word') {
    const word = token.text;
    if (after === 'the metrics' && word.toLowerCase() === 'by') {
      return syntaxError('by stands right after the function.', token, 'As in rate() by(name) | topk(5).');
    }
    if (Object.hasOwn(USAGE, word)) {
      return syntaxError(`unexpected ${word}.`, token, `A stage follows |: | ${USAGE[word]}.`);
    }
    const foreign = FOREIGN_WORDS[word.toLowerCase()];
    if (foreign !== undefined) return syntaxError(`unexpected ${word}.`, token, foreign);
    const near = tryNearestWord(word, STAGE_WORDS);
    if (near !== undefined) return syntaxError(`unexpected ${word}.`, token, `Did you mean | ${USAGE[near]}?`);
  }
  if (after === 'the metrics') return syntaxError(`unexpected ${shown} after the metrics.`, token);
  return syntaxError(
    `unexpected ${shown} after the filter.`,
    token,
    'Conditions belong inside the braces, joined with &&.',
  );
}

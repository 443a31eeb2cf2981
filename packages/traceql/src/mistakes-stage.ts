/** Errors for mistakes around filters: stages, functions, and operators between filters. */
import { OPERATOR_WORDS, STAGE_WORDS_ELSEWHERE, STRUCTURE_WORDS } from './foreign-words.ts';
import { INTRINSIC_SPELLINGS } from './intrinsics.ts';
import { idHint } from './lex.ts';
import { tryNearestWord } from './nearest-word.ts';
import type { Token } from './token.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, type TraceqlError } from './traceql-error.ts';

/** How the functions and stages are written. */
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

const RELATIONS = 'Between filters stand && || > (child) >> (descendant) < (parent) << (ancestor) ~ (sibling).';

/** Whether a word begins a stage or is a function of one. */
export function isStageWord(word: string): boolean {
  return Object.hasOwn(USAGE, word);
}

/** The current token cannot begin a stage. */
export function stageError(cursor: TokenCursor): TraceqlError {
  const token = cursor.token;
  const shown = cursor.shown(token);
  switch (token.type) {
    case 'end':
      if (isAfterNumber(cursor)) return syntaxError('the query ends where a number was expected.', token);
      return syntaxError('the query ends where a filter was expected.', token, 'Write { condition }.');
    case 'word':
      return wordError(cursor, token.text);
    case 'string':
      if (isAfterNumber(cursor)) {
        return syntaxError(`unexpected text ${shown}.`, token, 'Expected a number, which takes no quotes.');
      }
      return syntaxError(`unexpected text ${shown}.`, token, 'Expected a filter { … }.');
    case 'attribute':
    case 'bare-attribute':
      return percentileError(cursor) ?? conditionError(cursor);
    default:
      return symbolRunError(cursor) ?? syntaxError(`unexpected ${shown}.`, token, 'Expected a filter { condition }.');
  }
}

/** A condition without braces as a stage. */
function conditionError(cursor: TokenCursor): TraceqlError {
  if (isAfterNumber(cursor)) {
    return syntaxError('numbers of spans are compared with numbers.', cursor.token, 'As in count() > max(span.limit).');
  }
  const shown = cursor.shown(cursor.token);
  return syntaxError('conditions stand in braces.', cursor.token, `Write { ${shown} … }.`);
}

/** Behind an operator that is not between filters. */
function isAfterNumber(cursor: TokenCursor): boolean {
  const operator = cursor.ahead(-1);
  const operand = cursor.ahead(-2);
  const isFilter = operand.type === 'symbol' && operand.text === '}';
  return operator.type === 'symbol' && /^(?:[=<>]|[!<>]=|[-+*/%^])$/.test(operator.text) && !isFilter;
}

/** Symbols that touch: `->`, `>>>`. */
function symbolRunError(cursor: TokenCursor): TraceqlError | undefined {
  const token = cursor.token;
  const before = cursor.ahead(-1);
  if (token.type !== 'symbol' || before.type !== 'symbol' || before.to !== token.from) return undefined;
  if (/[{}(),]/.test(before.text + token.text)) return undefined;
  const written = before.text + token.text;
  if (written === '||' || written === '|') return undefined;
  return syntaxError(`unknown operator ${written}.`, { from: before.from, to: token.to }, RELATIONS);
}

function wordError(cursor: TokenCursor, word: string): TraceqlError {
  const token = cursor.token;
  const lower = word.toLowerCase();
  if (lower === 'select' && !cursor.isSymbol('(', 1)) {
    const hint = 'Write { condition }; fields are chosen by a stage: { } | select(span.http.route).';
    return syntaxError('conditions stand in braces.', token, hint);
  }
  if (isStageWord(word)) return misplacedError(cursor, word);
  if (INTRINSIC_SPELLINGS.has(word)) return conditionError(cursor);
  const percentile = percentileError(cursor);
  if (percentile !== undefined) return percentile;
  const elsewhere = foreignHint(word);
  if (elsewhere !== undefined) return syntaxError(`unknown function ${word}.`, token, elsewhere);
  if (token.from === 0 && cursor.ahead(1).type === 'end') {
    return syntaxError(`unexpected ${word}.`, token, idHint(word) ?? `Write a filter, as in { name = "${word}" }.`);
  }
  const near = tryNearestWord(word, Object.keys(USAGE));
  if (near !== undefined) return syntaxError(`unknown function ${word}.`, token, `Did you mean ${USAGE[near]}?`);
  return syntaxError(`unknown function ${word}.`, token, 'Expected a filter { … } or a function.');
}

/** `p99(duration)`, `p99.9` */
function percentileError(cursor: TokenCursor): TraceqlError | undefined {
  const word = cursor.shown(cursor.token);
  const digits = /^p(\d{1,2}(?:\.\d+)?|100|999)$/i.exec(word)?.[1];
  if (digits === undefined) return undefined;
  const hint = `Write | quantile_over_time(duration, ${quantileOf(digits)}).`;
  return syntaxError(`unknown function ${word}.`, cursor.token, hint);
}

/** `99` of p99 as a quantile. */
function quantileOf(digits: string): string {
  if (digits === '100') return '1';
  if (digits === '999') return '.999';
  return `.${digits.padStart(2, '0').replace('.', '')}`;
}

/** A function that exists, where it cannot stand, or without parentheses. */
function misplacedError(cursor: TokenCursor, word: string): TraceqlError {
  const token = cursor.token;
  if (!cursor.isSymbol('(', 1)) return callError(cursor, word);
  const usage = USAGE[word];
  switch (word) {
    case 'topk':
    case 'bottomk':
      return syntaxError(`${word} needs a metrics function before it.`, token, `As in { } | rate() | ${usage}.`);
    case 'with':
      return syntaxError('hints come last.', token, 'As in { } | rate() with (sample=true).');
    case 'coalesce':
      return syntaxError('coalesce cannot come first.', token, 'As in { } | by(name) | count() > 2 | coalesce().');
    default:
      return syntaxError(`${word} cannot stand here.`, token, `Write { } | ${usage}.`);
  }
}

/**
 * A function's name without its parentheses; the cursor stands at the name or right behind it. What follows is taken
 * for the argument that was meant.
 */
export function callError(cursor: TokenCursor, name: string): TraceqlError {
  const isAtName = cursor.isWord(name);
  const at = isAtName ? cursor.token : cursor.previous;
  const next = cursor.ahead(isAtName ? 1 : 0);
  const usage = USAGE[name] ?? `${name}()`;
  if (next.type === 'word' && /^by$/i.test(next.text)) {
    const series = usage.includes(' > ') ? (USAGE[`${name}_over_time`] ?? usage) : usage;
    return syntaxError(`${name} needs parentheses.`, at, `Groups stand behind the function: | ${series} by(name).`);
  }
  const argument = takesArgument(name, next) ? `${name}(${cursor.shown(next)})` : usage;
  return syntaxError(`${name} needs parentheses.`, at, `Write ${argument}.`);
}

function takesArgument(name: string, next: Token): boolean {
  if (name === 'topk' || name === 'bottomk') return next.type === 'int';
  if (name !== 'by' && name !== 'select') return false;
  return next.type === 'attribute' || (next.type === 'word' && INTRINSIC_SPELLINGS.has(next.text));
}

/** A number of spansets that is not compared. */
export function numberError(
  cursor: TokenCursor,
  at: Token | { from: number; to: number },
  name?: string,
): TraceqlError {
  const shown = cursor.shown(at);
  const next = cursor.token;
  if (next.type === 'symbol' && /^[=!]~$/.test(next.text)) return notOnNumbers(next);
  if (name === undefined) {
    return syntaxError(`${shown} is a number, not a filter.`, at, 'Compare it, as in count() > 2.');
  }
  const series = name === 'count' ? 'count_over_time()' : `${name}_over_time(…)`;
  if (cursor.isWord('by')) {
    const groups = `Group before it: | by(field) | ${shown} > …, or write | ${series} by(field) for series.`;
    return syntaxError(`${shown} is a number, not a filter.`, at, groups);
  }
  const hint = `Compare it, as in ${USAGE[name] ?? 'count() > 2'}, or write | ${series} for series.`;
  return syntaxError(`${shown} is a number, not a filter.`, at, hint);
}

function notOnNumbers(operator: Token & { type: 'symbol' }): TraceqlError {
  return syntaxError(`${operator.text} does not work on numbers.`, operator, 'Use = != < <= > >=.');
}

/** The argument of a function is missing: the cursor stands at `)`. */
export function argumentError(cursor: TokenCursor, name: string): TraceqlError {
  return syntaxError(`${name} needs a field.`, cursor.token, `Write ${USAGE[name] ?? `${name}(duration)`}.`);
}

/** What may not follow a metrics function as a stage. */
export function seriesStageError(cursor: TokenCursor): TraceqlError {
  const token = cursor.token;
  const refuse = (hint?: string) => syntaxError('only topk and bottomk may follow a metrics function.', token, hint);
  if (token.type === 'symbol') {
    if (/^(?:[=<>]|[!<>]=)$/.test(token.text)) return refuse('Compare without |: rate() > 5.');
    return refuse(token.text === '{' ? 'Filters stand before the metrics function.' : undefined);
  }
  if (token.type !== 'word') return refuse();
  if (token.text === 'by') return refuse('Group right behind the function: rate() by(name).');
  if (isStageWord(token.text)) return refuse(`${token.text} stands before the metrics function.`);
  const near = tryNearestWord(token.text, ['topk', 'bottomk']);
  const meant = near ?? (/^(?:top|limit|head)$/i.test(token.text) ? 'topk' : undefined);
  return refuse(meant === undefined ? undefined : `Did you mean ${meant}(5)?`);
}

/** A list of fields is empty, or does not begin with a field. */
export function fieldError(at: { from: number; to: number }, isQuantile = false): TraceqlError {
  const hint = isQuantile
    ? 'The field comes first: quantile_over_time(duration, .99).'
    : 'As in span.http.route or duration.';
  return syntaxError('a field was expected.', at, hint);
}

/** What a complete query ended with. */
type Ending = 'a filter' | 'a condition on numbers' | 'the metrics';

/** The query is complete, but the text goes on. */
export function unexpectedAfter(cursor: TokenCursor, after: Ending): TraceqlError {
  const token = cursor.token;
  const shown = cursor.shown(token);
  if (token.type === 'symbol') {
    if (token.text === '}' || token.text === ')') {
      return syntaxError(`unexpected ${shown}.`, token, `There is no open ${token.text === '}' ? '{' : '('}.`);
    }
    if (token.text === '{') {
      const hint = 'Join filters with && or |; conditions on one span belong inside the braces.';
      return syntaxError('unexpected { after the filter.', token, hint);
    }
    if (/^[=!]~$/.test(token.text)) return notOnNumbers(token);
    const isMetrics = after === 'the metrics';
    return syntaxError(`unexpected ${shown} after ${after}.`, token, isMetrics ? undefined : RELATIONS);
  }
  if (token.type === 'word') {
    const hint = wordAfterHint(token.text, after);
    if (hint !== undefined) return syntaxError(`unexpected ${token.text}.`, token, hint);
  }
  const hint = after === 'a filter' ? 'Conditions belong inside the braces, joined with &&.' : undefined;
  return syntaxError(`unexpected ${shown} after ${after}.`, token, hint);
}

function wordAfterHint(word: string, after: Ending): string | undefined {
  const lower = word.toLowerCase();
  if (after === 'the metrics' && /^(?:by|group|group_by|groupby)$/.test(lower)) {
    return 'Groups stand right behind the function: rate() by(name) | topk(5).';
  }
  if (lower === 'and' && after === 'a condition on numbers')
    return 'Write the second one as a stage: | avg(duration) > 1s.';
  if (lower === 'and' || lower === 'or') return OPERATOR_WORDS.get(lower);
  if (isStageWord(word)) return `A stage follows |: | ${USAGE[word]}.`;
  const structure = after === 'a filter' ? STRUCTURE_WORDS.get(lower) : undefined;
  const elsewhere = structure ?? foreignHint(word);
  if (elsewhere !== undefined) return elsewhere;
  const near = tryNearestWord(word, Object.keys(USAGE));
  return near === undefined ? undefined : `Did you mean | ${USAGE[near]}?`;
}

function foreignHint(word: string): string | undefined {
  return STAGE_WORDS_ELSEWHERE.get(word.toLowerCase());
}

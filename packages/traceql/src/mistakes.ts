/** Errors for what people write when they are used to other query languages. */
import { INTRINSIC_SPELLINGS, STATIC_WORDS } from './intrinsics.ts';
import { tryNearestWord } from './nearest-word.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, type TraceqlError } from './traceql-error.ts';

const STATUS_WORDS: readonly string[] = ['error', 'ok', 'unset'];
const KIND_WORDS: readonly string[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Words of other languages that stand where an operator belongs. */
const OPERATOR_WORDS: Readonly<Record<string, string>> = {
  and: 'Use &&.',
  or: 'Use ||.',
  not: 'Use ! before a condition, or != and !~.',
  is: 'Use =, or != nil for "exists".',
  eq: 'Use =.',
  ne: 'Use !=.',
  gt: 'Use >.',
  lt: 'Use <.',
  gte: 'Use >=.',
  lte: 'Use <=.',
  like: 'Use a regular expression: =~ ".*text.*".',
  ilike: 'Use a regular expression: =~ "(?i).*text.*".',
  contains: 'Use a regular expression: =~ ".*text.*".',
  matches: 'Use =~.',
  in: 'Use a regular expression: =~ "a|b|c".',
  between: 'Use two comparisons with &&.',
  exists: 'Use != nil.',
};

/** The current token cannot be an operand. Always an error; the work is in saying what was meant. */
export function operandError(cursor: TokenCursor): TraceqlError {
  const token = cursor.token;
  const shown = cursor.shown(token);
  switch (token.type) {
    case 'end':
      return syntaxError('the query ends where a value was expected.', token, 'Write a field or a value, then }.');
    case 'bare-attribute':
      return bareAttributeError(cursor, token.text);
    case 'word':
      return wordError(cursor, token.text);
    case 'symbol':
      return symbolError(cursor, token.text);
    default:
      return syntaxError(`unexpected ${shown}.`, token, 'Expected a field or a value.');
  }
}

function bareAttributeError(cursor: TokenCursor, text: string): TraceqlError {
  if (isAfterComparison(cursor)) {
    return syntaxError(`${text} is neither a field nor a value.`, cursor.token, `Text needs double quotes: "${text}".`);
  }
  return syntaxError(`an attribute needs its scope: ${text}.`, cursor.token, scopeHint(text));
}

/** How an attribute without a scope should have been written. */
export function scopeHint(key: string): string {
  if (/^(?:service|telemetry|host|k8s|deployment|cloud|container|process)\./.test(key)) {
    return `Write resource.${key} or .${key}.`;
  }
  return `Write .${key} or span.${key}.`;
}

function wordError(cursor: TokenCursor, word: string): TraceqlError {
  const at = cursor.token;
  const lower = word.toLowerCase();
  const field = fieldBeforeComparison(cursor);
  if (lower === 'null' || lower === 'none' || lower === 'undefined') {
    return syntaxError(`unknown word ${word}.`, at, 'Use nil.');
  }
  if (lower === 'not' && field === undefined) return syntaxError(`unknown word ${word}.`, at, 'Use !.');
  const scoped = /^(span|resource|event|link|instrumentation|trace|parent):(.*)$/.exec(word);
  const near = tryNearestWord(word, candidates(field));
  if (scoped !== null) {
    const dotted = scoped[1] === 'trace' ? undefined : `${scoped[1]}.${scoped[2]}`;
    const hint = near === undefined ? dotted && `An attribute is written ${dotted}.` : `Did you mean ${near}?`;
    return syntaxError(`unknown intrinsic ${word}.`, at, hint);
  }
  if (field !== undefined) {
    const quoted = `Text needs double quotes: "${word}".`;
    const isKeyword = candidates(field) === STATUS_WORDS || candidates(field) === KIND_WORDS;
    const alternatives = isKeyword ? `Use one of: ${candidates(field).join(', ')}.` : quoted;
    const hint = near === undefined ? alternatives : `Did you mean ${near}?${isKeyword ? '' : ` ${quoted}`}`;
    return syntaxError(`unknown word ${word}.`, at, hint);
  }
  const dotted = cursor.isSymbol('(', 1) ? undefined : scopeHint(word);
  const hint = near === undefined ? dotted : `Did you mean ${near}?${dotted === undefined ? '' : ` ${dotted}`}`;
  return syntaxError(`unknown word ${word}.`, at, hint);
}

/** After `status =` only status words make sense, after `kind =` only kinds. */
function candidates(field: string | undefined): readonly string[] {
  if (field === 'status' || field === 'span:status') return STATUS_WORDS;
  if (field === 'kind' || field === 'span:kind') return KIND_WORDS;
  return [...INTRINSIC_SPELLINGS.keys(), ...STATIC_WORDS.keys()];
}

function symbolError(cursor: TokenCursor, symbol: string): TraceqlError {
  const before = cursor.ahead(-1);
  const touching = before.to === cursor.token.from;
  const at = touching && before.type === 'symbol' ? { from: before.from, to: cursor.token.to } : cursor.token;
  const pair = before.type === 'symbol' && touching ? before.text + symbol : symbol;
  const fix = OPERATOR_TYPOS[pair];
  if (fix !== undefined) return syntaxError(`unknown operator ${pair}.`, at, fix);
  if (symbol === '}') {
    return syntaxError('the filter ends where a value was expected.', cursor.token, 'Complete the condition before }.');
  }
  if (symbol === ')') return syntaxError('a value was expected before ).', cursor.token);
  if (symbol === '{') {
    return syntaxError(
      'a filter cannot stand inside a filter.',
      cursor.token,
      'Use parentheses ( ) to group conditions.',
    );
  }
  return syntaxError(`unexpected ${symbol}.`, cursor.token, 'Expected a field or a value.');
}

const OPERATOR_TYPOS: Readonly<Record<string, string>> = {
  '==': 'Use a single =.',
  '===': 'Use a single =.',
  '!==': 'Use !=.',
  '=>': 'Use >=.',
  '=<': 'Use <=.',
  '<>': 'Use !=.',
  '&&&': 'Use &&.',
  '|||': 'Use ||.',
  '>==': 'Use >=.',
  '<==': 'Use <=.',
  '~=': 'Use =~.',
};

/** What is wrong with the current token in the place of an operator, or undefined when nothing special is. */
export function operatorError(cursor: TokenCursor): TraceqlError | undefined {
  const token = cursor.token;
  if (token.type === 'word' && Object.hasOwn(OPERATOR_WORDS, token.text.toLowerCase())) {
    return syntaxError(`unknown operator ${token.text}.`, token, OPERATOR_WORDS[token.text.toLowerCase()]);
  }
  if (token.type !== 'symbol') return undefined;
  let written = token.text;
  let to = token.to;
  for (let distance = 1; ; distance++) {
    const next = cursor.ahead(distance);
    if (next.type !== 'symbol' || next.from !== to) break;
    written += next.text;
    to = next.to;
  }
  // Signs may follow an operator without a space: `=-1`, `=!.a`.
  const fix = OPERATOR_TYPOS[written.replace(/[-!(]+$/, '')];
  if (fix !== undefined) {
    return syntaxError(`unknown operator ${written}.`, { from: token.from, to }, fix);
  }
  if (token.text === '&') return syntaxError('unknown operator &.', token, 'Use &&.');
  if (token.text === '|')
    return syntaxError('unexpected | inside a filter.', token, 'Use ||, or close the filter first.');
  if (token.text === '~') return syntaxError('unknown operator ~.', token, 'Use =~.');
  if (token.text === ',') return syntaxError('unexpected ,.', token, 'Join conditions with &&.');
  return undefined;
}

function isAfterComparison(cursor: TokenCursor): boolean {
  return fieldBeforeComparison(cursor) !== undefined;
}

/** The text before a comparison operator that precedes the current token; undefined when there is none. */
function fieldBeforeComparison(cursor: TokenCursor): string | undefined {
  const operator = cursor.ahead(-1);
  if (operator.type !== 'symbol' || !/^(?:=|!=|<|<=|>|>=|=~|!~)$/.test(operator.text)) return undefined;
  return cursor.shown(cursor.ahead(-2));
}

/** Errors for mistakes inside braces, many of them by people who are used to other query languages. */
import { FUNCTION_WORDS, fieldMeant, OPERATOR_TYPOS, OPERATOR_WORDS, TIME_WORD } from './foreign-words.ts';
import { INTRINSIC_SPELLINGS, STATIC_WORDS } from './intrinsics.ts';
import { tryNearestWord } from './nearest-word.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, type TraceqlError } from './traceql-error.ts';

const STATUS_WORDS: readonly string[] = ['error', 'ok', 'unset'];
const KIND_WORDS: readonly string[] = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const FUNCTIONS_OF_STAGES =
  /^(?:count|min|max|sum|avg|by|select|coalesce|rate|topk|bottomk|compare|(?:count|min|max|sum|avg|quantile|histogram)_over_time)$/;

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
  if (fieldBeforeComparison(cursor) !== undefined) {
    return syntaxError(`${text} is neither a field nor a value.`, cursor.token, `Text needs double quotes: "${text}".`);
  }
  return syntaxError(`an attribute needs its scope: ${text}.`, cursor.token, scopeHint(text));
}

/** How an attribute without a scope should have been written. */
export function scopeHint(key: string): string {
  const [first = '', ...rest] = key.split('.');
  const scoped = rest.join('.');
  const intrinsic = `${first}:${scoped}`;
  if (INTRINSIC_SPELLINGS.has(intrinsic)) return `Did you mean ${intrinsic}?`;
  const near = /^(?:trace|events?|links?|instrumentation)$/.test(first)
    ? tryNearestWord(intrinsic, [...INTRINSIC_SPELLINGS.keys()])
    : undefined;
  if (near !== undefined) return `Did you mean ${near}?`;
  const meant = fieldMeant(key);
  if (meant !== undefined && INTRINSIC_SPELLINGS.has(meant)) return `Did you mean ${meant}?`;
  if (/^(?:attributes?|tags?|labels?|span_?attributes|fields?)$/i.test(first)) return `Write .${scoped}.`;
  if (/^(?:res|resources|resource_?attributes|process_?tags)$/i.test(first)) return `Write resource.${scoped}.`;
  if (/^(?:service|telemetry|host|os|k8s|deployment|cloud|container|process|faas|device)$/.test(first)) {
    return `Write resource.${key} or .${key}.`;
  }
  return `Write .${key} or span.${key}.`;
}

function wordError(cursor: TokenCursor, word: string): TraceqlError {
  const at = cursor.token;
  const lower = word.toLowerCase();
  const unknown = (hint?: string) => syntaxError(`unknown word ${word}.`, at, hint);
  const field = fieldBeforeComparison(cursor);
  if (lower === 'null' || lower === 'none' || lower === 'undefined') return unknown('Use nil.');
  if (cursor.isSymbol('(', 1)) return functionError(cursor, word);
  if (lower === 'not' && field === undefined) return unknown('Use !.');
  const near = tryNearestWord(word, candidates(field));
  const scoped = /^(span|resource|event|link|instrumentation|trace|parent):(.*)$/.exec(word);
  if (scoped !== null) return scopedWordError(cursor, word, scoped[1] ?? '', scoped[2] ?? '', near);
  if (field !== undefined) return valueError(cursor, word, field, near);
  if (TIME_WORD.test(word)) return unknown('The time range is not part of the query; an attribute is written .key.');
  const meant = fieldMeant(word);
  if (meant !== undefined) return unknown(`Did you mean ${meant}? ${scopeHintOfWord(word)}`);
  return unknown(near === undefined ? scopeHintOfWord(word) : `Did you mean ${near}? ${scopeHintOfWord(word)}`);
}

function scopeHintOfWord(word: string): string {
  return `An attribute is written .${word} or span.${word}.`;
}

function functionError(cursor: TokenCursor, word: string): TraceqlError {
  const at = cursor.token;
  if (FUNCTIONS_OF_STAGES.test(word)) {
    return syntaxError(`${word} cannot stand here.`, at, `Functions are stages: { … } | ${word}(…).`);
  }
  const hint = FUNCTION_WORDS.get(word.toLowerCase());
  return syntaxError(`unknown function ${word}.`, at, hint ?? 'There are no functions inside braces.');
}

/** `span:http.method`, `parent:id` */
function scopedWordError(
  cursor: TokenCursor,
  word: string,
  scope: string,
  rest: string,
  near: string | undefined,
): TraceqlError {
  const dotted = scope === 'trace' ? undefined : `An attribute is written ${scope}.${rest}.`;
  let hint = near === undefined ? dotted : `Did you mean ${near}?`;
  if (scope === 'parent') hint = `Of the parent there are attributes, as in parent.${rest}, and span:parentID.`;
  return syntaxError(`unknown intrinsic ${word}.`, cursor.token, hint);
}

/** A word that stands behind a comparison. */
function valueError(cursor: TokenCursor, word: string, field: string, near: string | undefined): TraceqlError {
  const at = cursor.token;
  const words = candidates(field);
  const isKeyword = words === STATUS_WORDS || words === KIND_WORDS;
  if (!isKeyword) {
    const quoted = `Text needs double quotes: "${word}".`;
    return syntaxError(`unknown word ${word}.`, at, near === undefined ? quoted : `Did you mean ${near}? ${quoted}`);
  }
  const enumerated = word.toLowerCase().replace(/^(?:status_code|span_kind|status|kind)_?/, '');
  const meant = words.includes(enumerated) ? enumerated : near;
  return syntaxError(
    `unknown word ${word}.`,
    at,
    meant === undefined ? `Use one of: ${words.join(', ')}.` : `Did you mean ${meant}?`,
  );
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
  const fix = pair === symbol ? undefined : OPERATOR_TYPOS.get(pair);
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
  if (symbol === '/' && before.type === 'symbol' && /^[=!]~$/.test(before.text)) {
    return syntaxError('unexpected /.', cursor.token, 'A regular expression stands in double quotes or backquotes.');
  }
  return syntaxError(`unexpected ${symbol}.`, cursor.token, 'Expected a field or a value.');
}

/** What is wrong with the current token in the place of an operator, or undefined when nothing special is. */
export function operatorError(cursor: TokenCursor): TraceqlError | undefined {
  const token = cursor.token;
  if (token.type === 'word') return operatorWordError(cursor, token.text);
  if (token.type === 'bare-attribute' || token.type === 'string' || token.type === 'attribute') {
    return syntaxError(
      `unexpected ${cursor.shown(token)}.`,
      token,
      'An operator is missing before it, such as && or =.',
    );
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
  const whole = written.length > 1 ? written.replace(/[-!(]+$/, '') : written;
  const fix = OPERATOR_TYPOS.get(whole);
  if (fix !== undefined) return syntaxError(`unknown operator ${written}.`, { from: token.from, to }, fix);
  if (token.text === '|') {
    return syntaxError('unexpected | inside a filter.', token, 'Use ||, or close the filter first.');
  }
  if (token.text === ',') return syntaxError('unexpected ,.', token, 'Join conditions with &&.');
  return undefined;
}

function operatorWordError(cursor: TokenCursor, word: string): TraceqlError | undefined {
  const token = cursor.token;
  const fix = OPERATOR_WORDS.get(word.toLowerCase());
  if (fix !== undefined) return syntaxError(`unknown operator ${word}.`, token, fix);
  const number = cursor.ahead(-1);
  const isUnit = /^(?:ns|us|µs|μs|ms|s|m|h|d|w|y|sec|min|seconds?|minutes?|hours?|days?)$/.test(word);
  if (isUnit && (number.type === 'int' || number.type === 'float')) {
    const unit = /^(?:min|sec|minute|second|hour|day)/.test(word) ? word.slice(0, 1) : word;
    const shown = `${cursor.shown(number)}${unit}`;
    return syntaxError(`unexpected ${word}.`, token, `A unit follows its number at once: ${shown}.`);
  }
  return undefined;
}

/** The text before a comparison operator that precedes the current token; undefined when there is none. */
function fieldBeforeComparison(cursor: TokenCursor): string | undefined {
  const operator = cursor.ahead(-1);
  if (operator.type !== 'symbol' || !/^(?:=|!=|<|<=|>|>=|=~|!~)$/.test(operator.text)) return undefined;
  return cursor.shown(cursor.ahead(-2));
}

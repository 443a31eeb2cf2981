import { parseFieldExpression } from './parse-field.ts';
import { checkCount } from './parse-function.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type { Hint } from './tree.ts';

/** Binds stronger than comparisons, so that `=` ends a value. */
const VALUE_LEVEL = 3;

/** Reads `with (name = value, …)`; none when the query ends without. */
export function parseHints(cursor: TokenCursor): readonly Hint[] {
  if (!cursor.isWord('with')) return [];
  cursor.take();
  expectSymbol(cursor, '(');
  const hints: Hint[] = [];
  do {
    checkCount(cursor, hints.length, 'hints');
    hints.push(parseHint(cursor));
  } while (cursor.accept(','));
  expectSymbol(cursor, ')');
  if (cursor.token.type === 'symbol') throw syntaxError('hints come last.', cursor.token, 'Move with (…) to the end.');
  if (cursor.isWord('with'))
    throw syntaxError('hints stand in one with (…).', cursor.token, 'Separate them by commas.');
  return hints;
}

function parseHint(cursor: TokenCursor): Hint {
  const name = cursor.token;
  if (name.type !== 'word') throw syntaxError('a hint has a name.', name, 'As in with (sample=true).');
  cursor.take();
  expectSymbol(cursor, '=');
  const value = parseFieldExpression(cursor, VALUE_LEVEL);
  if (value.kind !== 'static') throw syntaxError('the value of a hint is a literal.', value.at);
  return { name: name.text, value: value.static, at: { from: name.from, to: value.at.to } };
}

function expectSymbol(cursor: TokenCursor, symbol: string): void {
  const token = cursor.token;
  if (cursor.accept(symbol)) return;
  const what = token.type === 'end' ? 'the query ends too early.' : `unexpected ${cursor.shown(token)}.`;
  throw syntaxError(what, token, `Expected ${symbol}${symbol === ')' ? '' : ', as in with (sample=true)'}.`);
}

import { MIN_INT, STATIC_WORDS } from './intrinsics.ts';
import { MAX_INT_MAGNITUDE } from './lex.ts';
import { tryNegate } from './parse-field.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type { Static, TextRange } from './tree.ts';

/** A number that stands in the text. */
export type NumberStatic = Static & { type: 'int' | 'float' | 'duration' };

export interface NumberLiteral {
  readonly static: NumberStatic;
  readonly at: TextRange;
}

/** Reads a number with or without a sign; undefined, with the cursor where it was, when there is none. */
export function tryParseNumber(cursor: TokenCursor): NumberLiteral | undefined {
  const isNegative = cursor.isSymbol('-');
  const token = cursor.ahead(isNegative ? 1 : 0);
  const at = { from: cursor.token.from, to: token.to };
  const value = tryNumber(cursor, token, isNegative, at);
  if (value === undefined) return undefined;
  if (isNegative) cursor.take();
  cursor.take();
  return { static: value, at };
}

function tryNumber(
  cursor: TokenCursor,
  token: ReturnType<TokenCursor['ahead']>,
  isNegative: boolean,
  at: TextRange,
): NumberStatic | undefined {
  if (token.type === 'int' || token.type === 'duration') {
    if (token.value !== MAX_INT_MAGNITUDE) {
      return { type: token.type, value: isNegative ? -token.value : token.value };
    }
    if (isNegative) return { type: token.type, value: MIN_INT };
    throw syntaxError(`the number does not fit in 64 bits: ${cursor.shown(at)}.`, at, 'The largest is maxInt.');
  }
  if (token.type === 'float') return { type: 'float', value: isNegative ? -token.value : token.value };
  const word = token.type === 'word' ? STATIC_WORDS.get(token.text) : undefined;
  if (word === undefined || !isNumber(word)) return undefined;
  const value = isNegative ? tryNegate(word, at) : word;
  return value !== undefined && isNumber(value) ? value : undefined;
}

function isNumber(literal: Static): literal is NumberStatic {
  return literal.type === 'int' || literal.type === 'float' || literal.type === 'duration';
}

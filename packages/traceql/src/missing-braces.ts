import { INTRINSIC_SPELLINGS, STATIC_WORDS } from './intrinsics.ts';
import { isStageWord } from './mistakes-stage.ts';
import { queryFromTags } from './tags-query.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, TraceqlError } from './traceql-error.ts';

/** Longest text that is tried in braces for a hint: longer ones would not fit into a message anyway. */
const MAX_REWRITTEN_LENGTH = 200;

/**
 * A query that starts like a condition, as in `service.name = "x"`: the braces are missing.
 * @param parse throws TraceqlError unless a rewritten text is a query.
 */
export function missingBracesError(cursor: TokenCursor, parse: (text: string) => void): TraceqlError | undefined {
  const token = cursor.token;
  const isField =
    token.type === 'attribute' ||
    token.type === 'bare-attribute' ||
    (token.type === 'word' && isConditionWord(cursor, token.text)) ||
    token.type === 'string' ||
    cursor.isSymbol('!');
  if (!isField) return undefined;
  const rewritten = tryRewrite(cursor.text.trim(), parse);
  const hint = rewritten === undefined ? 'Write { condition }.' : `Write ${rewritten}`;
  return syntaxError('conditions stand in braces.', { from: token.from, to: token.to }, hint);
}

function isConditionWord(cursor: TokenCursor, word: string): boolean {
  if (cursor.isSymbol('(', 1) || isStageWord(word)) return false;
  // These are numbers, and a number may come first: minInt < count().
  if (word === 'minInt' || word === 'maxInt') return false;
  const isKnown = INTRINSIC_SPELLINGS.has(word) || STATIC_WORDS.has(word);
  return isKnown || word.includes(':') || cursor.ahead(1).type === 'symbol';
}

function tryRewrite(text: string, parse: (text: string) => void): string | undefined {
  if (text.length > MAX_REWRITTEN_LENGTH) return undefined;
  for (const candidate of [`{ ${text} }`, queryFromTags(text), `{ .${text} }`]) {
    if (candidate === undefined) continue;
    try {
      parse(candidate);
      return candidate;
    } catch (error) {
      if (!(error instanceof TraceqlError)) throw error;
    }
  }
  return undefined;
}

import { INTRINSIC_SPELLINGS, STATIC_WORDS } from './intrinsics.ts';
import { scopeHint } from './mistakes.ts';
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
  if (token.type === 'string' && cursor.ahead(1).type === 'end') {
    return syntaxError('a text alone is no query.', token, `Write { name = ${cursor.shown(token)} }.`);
  }
  const rewritten = tryRewrite(cursor.text.trim(), parse);
  const hint = rewritten === undefined ? 'Write { condition }.' : `Write ${rewritten}`;
  return syntaxError('conditions stand in braces.', { from: token.from, to: token.to }, hint);
}

/**
 * The same mistake with the query that was meant, where a text in braces is tags with commas between them, as in
 * `{service="x", error="true"}`. Any other mistake is returned as it is.
 */
export function withTagsHint(mistake: unknown, text: string, parse: (text: string) => void): unknown {
  if (!(mistake instanceof TraceqlError) || mistake.code !== 'TRACEQL_SYNTAX') return mistake;
  if (text.length > MAX_REWRITTEN_LENGTH || !/^\s*\{[^{}]*,[^{}]*\}\s*$/.test(text)) return mistake;
  const meant = tryFirstQuery([queryFromTags(text)], parse);
  return meant === undefined ? mistake : syntaxError(mistake.message, mistake, `Write ${meant}`);
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
  const [, condition = text, stages] = /^((?:[^|]|\|\|)*)\|(?!\|)(.*)$/s.exec(text) ?? [];
  const rest = stages === undefined ? '' : ` | ${stages.trim()}`;
  const first = condition.trim();
  const tags = queryFromTags(first);
  const scope = scopeHint(first.split(/[\s=<>!~]/)[0] ?? '').startsWith('Write resource.') ? 'resource.' : '.';
  const candidates = [`{ ${first} }`, tags, `{ ${scope}${first} }`].map((filter) => filter && filter + rest);
  return tryFirstQuery(candidates, parse);
}

function tryFirstQuery(candidates: readonly (string | undefined)[], parse: (text: string) => void): string | undefined {
  for (const candidate of candidates) {
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

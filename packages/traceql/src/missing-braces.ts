import { INTRINSIC_SPELLINGS, STATIC_WORDS } from './intrinsics.ts';
import { scopeHint } from './mistakes.ts';
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
    (token.type === 'word' &&
      !cursor.isSymbol('(', 1) &&
      (INTRINSIC_SPELLINGS.has(token.text) || STATIC_WORDS.has(token.text) || cursor.ahead(1).type === 'symbol')) ||
    token.type === 'string' ||
    cursor.isSymbol('!');
  if (!isField) return undefined;
  const rewritten = tryRewrite(cursor.text.trim(), token.type === 'bare-attribute' ? token.text : undefined, parse);
  const hint = rewritten === undefined ? 'Write { condition }.' : `Write ${rewritten}`;
  return syntaxError('conditions stand in braces.', { from: token.from, to: token.to }, hint);
}

function tryRewrite(text: string, bare: string | undefined, parse: (text: string) => void): string | undefined {
  if (text.length > MAX_REWRITTEN_LENGTH) return undefined;
  const scoped = bare !== undefined && scopeHint(bare).includes('resource.') ? `resource.${text}` : `.${text}`;
  for (const candidate of [`{ ${text} }`, `{ ${scoped} }`]) {
    try {
      parse(candidate);
      return candidate;
    } catch (error) {
      if (!(error instanceof TraceqlError)) throw error;
      if (error.code === 'TRACEQL_NOT_YET') return candidate;
    }
  }
  return undefined;
}

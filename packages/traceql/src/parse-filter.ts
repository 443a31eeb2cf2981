import { operatorError } from './mistakes.ts';
import { parseFieldExpression } from './parse-field.ts';
import type { TokenCursor } from './token-cursor.ts';
import { syntaxError, type TraceqlError } from './traceql-error.ts';
import type { SpansetFilter, TextRange } from './tree.ts';

/** Reads `{ expression }`; the cursor stands at the brace. */
export function parseSpansetFilter(cursor: TokenCursor): SpansetFilter {
  const open = cursor.take();
  if (cursor.token.type === 'end') throw unclosedFilter(cursor, open);
  const inner = cursor.isSymbol('}') ? undefined : parseFieldExpression(cursor);
  if (!cursor.isSymbol('}')) throw unclosedFilter(cursor, open);
  const close = cursor.take();
  const at = { from: open.from, to: close.to };
  const expression = inner ?? cursor.node({ kind: 'static', static: { type: 'bool', value: true }, at }, []);
  return cursor.node({ kind: 'spanset-filter', expression, at }, [expression]);
}

function unclosedFilter(cursor: TokenCursor, open: TextRange): TraceqlError {
  const token = cursor.token;
  if (token.type === 'end') {
    return syntaxError('the filter is not closed.', { from: open.from, to: token.to }, 'Add }.');
  }
  return (
    operatorError(cursor) ?? syntaxError(`unexpected ${cursor.shown(token)}.`, token, 'Expected an operator or }.')
  );
}

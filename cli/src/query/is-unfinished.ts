import { lex } from '@clew/traceql/lex';

/** Whether Enter should begin another line: something is still open, or an operator waits for its right side. */
export function isUnfinished(text: string): boolean {
  let depth = 0;
  let last = '';
  try {
    for (const token of lex(text, { tolerant: true })) {
      if (token.type === 'end') break;
      if (token.type === 'string' && !token.closed) return true;
      last = token.type === 'symbol' ? token.text : '';
      if (last === '{' || last === '(') depth++;
      if (last === '}' || last === ')') depth--;
    }
  } catch {
    return false; // Too long to be a query: the server says so.
  }
  return depth > 0 || (last !== '' && last !== '}' && last !== ')');
}

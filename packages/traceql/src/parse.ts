import { missingBracesError } from './missing-braces.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { TokenCursor } from './token-cursor.ts';
import { syntaxError } from './traceql-error.ts';
import type { Query } from './tree.ts';
import { type ValidateOptions, validateQuery } from './validate.ts';

/**
 * Reads and checks a query.
 * @param options.checkRegex pass `checkRegex` of `@clew/traceql/validate-regex` where regular expressions must be
 *   known to be valid; left out, they are not looked at (the browser does without the regex engine).
 * @throws TraceqlError with the range of what is wrong.
 */
export function parseQuery(text: string, options: ValidateOptions = {}): Query {
  const query = parseSyntax(text);
  validateQuery(query, options);
  return query;
}

/**
 * Reads a query without checking types. Text that is correct as far as the whole language goes, but has no tree
 * yet, is TRACEQL_NOT_YET; a mistake anywhere in the text comes first.
 * @throws TraceqlError
 */
export function parseSyntax(text: string): Query {
  const cursor = new TokenCursor(text);
  if (cursor.token.type === 'end') {
    throw syntaxError('the query is empty.', cursor.token, 'Write { } to match every span.');
  }
  const missingBraces = missingBracesError(cursor, (candidate) => {
    parseSyntax(candidate);
  });
  if (missingBraces !== undefined) throw missingBraces;
  const query = parsePipeline(cursor);
  if (cursor.notYet !== undefined) throw cursor.notYet;
  return query;
}

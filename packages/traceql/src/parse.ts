import { missingBracesError, withTagsHint } from './missing-braces.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { soleFilter } from './sole-filter.ts';
import { TokenCursor } from './token-cursor.ts';
import { syntaxError, typeError } from './traceql-error.ts';
import type { Query, SpansetFilter, TextRange } from './tree.ts';
import type { ValidateOptions } from './validate.ts';
import { validateQuery } from './validate-query.ts';

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
 * Reads and checks a query that must be one filter `{ … }` and nothing else, for places that take no more.
 * @throws TraceqlError, TRACEQL_TYPE for a right query of another shape.
 */
export function parseFilterQuery(text: string, options: ValidateOptions = {}): SpansetFilter {
  return onlyFilter(parseQuery(text, options));
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
  const missingBraces = missingBracesError(cursor, checkRewritten);
  if (missingBraces !== undefined) throw missingBraces;
  try {
    const query = parsePipeline(cursor);
    if (cursor.notYet !== undefined) throw cursor.notYet;
    return query;
  } catch (error) {
    throw withTagsHint(error, text, checkRewritten);
  }
}

/** Throws unless a rewritten text is a query; never rewrites again. */
function checkRewritten(text: string): void {
  validateQuery(parsePipeline(new TokenCursor(text)));
}

/** `parseFilterQuery` without checking types. */
export function parseFilterSyntax(text: string): SpansetFilter {
  return onlyFilter(parseSyntax(text));
}

function onlyFilter(query: Query): SpansetFilter {
  const filter = soleFilter(query);
  if (filter !== undefined) return filter;
  throw typeError('only one filter is possible here.', secondPart(query), 'Write { conditions } and nothing else.');
}

/** Where the query goes beyond a filter. */
function secondPart(query: Query): TextRange {
  if (query.kind === 'metrics-query') return query.expression.at;
  return query.pipeline.stages[1]?.at ?? query.pipeline.at;
}

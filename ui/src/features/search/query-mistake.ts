import { parseQuery, TraceqlError } from '@clew/traceql';
import { ProblemError } from '../../client/problem-error.ts';

/** Why a query cannot run. */
export interface QueryMistake {
  readonly message: string;
  readonly hint: string | undefined;
  /** UTF-16 offsets in the text. */
  readonly position: { readonly from: number; readonly to: number } | undefined;
}

/** What is wrong with a query text; blank text is the query for everything, and right. */
export function findMistake(query: string): QueryMistake | undefined {
  if (query.trim() === '') return undefined;
  try {
    parseQuery(query);
    return undefined;
  } catch (error) {
    if (!(error instanceof TraceqlError)) throw error;
    return { message: error.message, hint: error.hint, position: { from: error.from, to: error.to } };
  }
}

/** A refusal of the server that is about the query text; undefined for any other failure. */
export function mistakeOfProblem(error: Error | null): QueryMistake | undefined {
  if (!(error instanceof ProblemError) || error.status !== 400 || error.position === undefined) return undefined;
  return { message: error.message, hint: undefined, position: error.position };
}

import {
  buildConjunction,
  type FieldExpression,
  parseFilterSyntax,
  type SpansetFilter,
  TraceqlError,
} from '@clew/traceql';
import { parseFilter } from '../../query/parse-filter.ts';

/** Longest query looked at. */
const MAX_LENGTH = 16_384;
/** Begins behind a delimiter only: in a long word there is one place to begin, so that reading takes linear time. */
const NAME = String.raw`(?<![^\s{}()=~!<>&|^,])(?:"(?:[^"\\]|\\.)*"|[^\s{}()=~!<>&|^,"])+`;
const VALUE = String.raw`(?:"(?:[^"\\]|\\.)*"|${'`[^`]*`'}|[^\s{}()=~!<>&|^,"]+)`;
const CONDITION = new RegExp(`(${NAME})\\s*(=~|!~|!=|>=|<=|=|<|>)\\s*(${VALUE})`, 'g');
const TEXT = /"(?:[^"\\]|\\.)*"|`[^`]*`/g;

/**
 * The filter of a query that somebody is still typing, for a list of suggestions: what is finished of it counts, the
 * rest does not. `{ span.a = "x" && span.b = }` is `{ span.a = "x" }`. With `||` nothing can be left out without
 * leaving out answers, so nothing counts.
 */
export function parseLenientFilter(text: string): FieldExpression {
  const query = text.slice(0, MAX_LENGTH).trim();
  if (query === '') return EVERYTHING();
  const whole = tryFilter(query);
  if (whole !== undefined) return whole;
  if (query.replace(TEXT, '').includes('||')) return EVERYTHING();
  const conditions = [...firstBraces(query).matchAll(CONDITION)].flatMap(
    ([condition]) => tryFilter(`{ ${condition} }`) ?? [],
  );
  return conditions.length === 0 ? EVERYTHING() : buildConjunction(conditions);
}

const EVERYTHING = (): FieldExpression => parseFilterSyntax('{ }').expression;

function tryFilter(text: string): SpansetFilter['expression'] | undefined {
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}

/** What stands in the first braces, closed or not: conditions of other spans are none of these. */
function firstBraces(query: string): string {
  const masked = query.replace(TEXT, (quoted) => '_'.repeat(quoted.length));
  const end = masked.indexOf('}');
  return end < 0 ? query : query.slice(0, end);
}

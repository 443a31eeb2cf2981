import { type Field, type FieldExpression, parseFilterQuery, tryParseField } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { QueryError } from './query-error.ts';

/**
 * What stands inside the braces of a query of one filter.
 * @throws TraceqlError
 */
export function parseFilter(text: string): FieldExpression {
  return parseFilterQuery(text, { checkRegex }).expression;
}

/**
 * An attribute or intrinsic by its name: `span.http.route`, `resource.service.name`, `.user.id`, `status`. What
 * follows a scope may be any text, quoted as in TraceQL or not.
 * @throws QueryError QUERY_FIELD_INVALID
 */
export function parseField(name: string): Field {
  const field = tryParseField(name);
  if (field === undefined) {
    throw new QueryError(
      'QUERY_FIELD_INVALID',
      `field: '${name.slice(0, 100)}' is not an attribute or intrinsic. ` +
        'Write span.KEY, resource.KEY, .KEY, or an intrinsic such as name, status, kind or rootName.',
    );
  }
  return field;
}

import {
  buildAttribute,
  type Field,
  type FieldExpression,
  parseFilterQuery,
  parseFilterSyntax,
  TraceqlError,
} from '@clew/traceql';
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
  const field = tryParseField(name) ?? tryPlainKey(name);
  if (field === undefined) {
    throw new QueryError(
      'QUERY_FIELD_INVALID',
      `field: '${name.slice(0, 100)}' is not an attribute or intrinsic. ` +
        'Write span.KEY, resource.KEY, .KEY, or an intrinsic such as name, status, kind or rootName.',
    );
  }
  return field;
}

function tryParseField(name: string): Field | undefined {
  try {
    const { expression } = parseFilterSyntax(`{ ${name} != nil }`);
    if (expression.kind !== 'comparison' || expression.right.kind !== 'static') return undefined;
    const { left } = expression;
    return left.kind === 'attribute' || left.kind === 'intrinsic' ? left : undefined;
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}

const SCOPE_PREFIXES = [
  ['span.', 'span'],
  ['resource.', 'resource'],
  ['.', 'any'],
] as const;

function tryPlainKey(name: string): Field | undefined {
  for (const [prefix, scope] of SCOPE_PREFIXES) {
    if (!name.startsWith(prefix) || name.length === prefix.length) continue;
    const field = buildAttribute(scope, name.slice(prefix.length));
    return field.kind === 'attribute' ? field : undefined;
  }
  return undefined;
}

/** TraceQL text → checked trees, for everything that takes a filter or the name of a field. */
import { type FieldExpression, parseQuery, TraceqlError } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';

/**
 * A spanset filter's condition: `{ span.http.route = "/cart" }` → the comparison. Blank text matches every span.
 * @throws TraceqlError with the position of what is wrong.
 */
export function parseFilter(text: string): FieldExpression {
  return parseQuery(text.trim() === '' ? '{ }' : text, { checkRegex }).expression;
}

/**
 * An attribute or intrinsic by its TraceQL name: `resource.service.name`, `.user.id`, `status`.
 * @throws TraceqlError when the text is not exactly one field.
 */
export function parseField(name: string): FieldExpression {
  const { expression } = parseQuery(`{ ${name} != nil }`, { checkRegex });
  const field = expression.kind === 'comparison' && expression.operator === '!=' ? expression.left : undefined;
  if (field === undefined || (field.kind !== 'attribute' && field.kind !== 'intrinsic')) {
    throw new TraceqlError(
      'TRACEQL_SYNTAX',
      `'${name}' is not a field.`,
      { from: 0, to: name.length },
      'Name one attribute or intrinsic, for example resource.service.name, .user.id or status.',
    );
  }
  return field;
}

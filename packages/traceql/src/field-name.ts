import { buildAttribute } from './build.ts';
import { parseFilterSyntax } from './parse.ts';
import { TraceqlError } from './traceql-error.ts';
import type { FieldReference } from './tree.ts';

const SCOPE_PREFIXES = [
  ['span.', 'span'],
  ['resource.', 'resource'],
  ['.', 'any'],
] as const;

/**
 * An attribute or intrinsic by its name: `span.http.route`, `resource.service.name`, `.user.id`, `status`. What
 * follows a scope may be any text, quoted as in TraceQL or not. Undefined for what names no field.
 */
export function tryParseField(name: string): FieldReference | undefined {
  return tryParseWritten(name) ?? tryPlainKey(name);
}

function tryParseWritten(name: string): FieldReference | undefined {
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

function tryPlainKey(name: string): FieldReference | undefined {
  for (const [prefix, scope] of SCOPE_PREFIXES) {
    if (!name.startsWith(prefix) || name.length === prefix.length) continue;
    const field = buildAttribute(scope, name.slice(prefix.length));
    return field.kind === 'attribute' ? field : undefined;
  }
  return undefined;
}

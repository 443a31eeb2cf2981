/**
 * TraceQL filter → SQL condition on a row of `spans`, with bound values only. What it means is defined by
 * packages/traceql/SEMANTICS.md; the in-memory evaluator is the judge (compile-filter.integration.test.ts).
 * Conditions are two-valued: a field that is not there makes a comparison false, never null.
 */
import { type FieldExpression, normalizeFilter, TraceqlError } from '@clew/traceql';
import type { CompileContext } from './compile-context.ts';
import { compileCondition } from './compile-expression.ts';
import { isExact } from './condition.ts';
import { TenantScope } from './tenant-scope.ts';

export type FilterContext = CompileContext;

export interface CompiledFilter {
  /** True for every span that satisfies the filter. */
  readonly sql: string;
  /** Whether it is true for no other span. */
  readonly exact: boolean;
}

/**
 * The narrowest condition that SQL can give. It is exact but for what depends on other spans of the trace (nested-set
 * intrinsics, `span:childCount`, attributes of the parent) and for powers and remainders of floats.
 * @throws TraceqlError when the filter does not pass `validateFilter`.
 */
export function compileBounds(filter: FieldExpression, context: FilterContext): CompiledFilter {
  const condition = compileCondition(normalizeFilter(filter), context);
  return { sql: condition.necessary, exact: isExact(condition) };
}

/**
 * Of no statement, to see whether SQL says something: as long as it gets, but for the names of parameters. What these
 * say of it holds in every statement that is compiled as decided.
 */
export function decisionContext(tenant: string): CompileContext {
  return { scope: new TenantScope(tenant), range: { fromUnixNano: 0n, toUnixNano: 1n } };
}

/**
 * The condition of a filter that SQL can give exactly.
 * @throws TraceqlError when the filter does not pass `validateFilter`, TRACEQL_NOT_YET when SQL alone cannot decide it.
 */
export function compileFilter(filter: FieldExpression, context: FilterContext): string {
  const { sql, exact } = compileBounds(filter, { ...context, isDecided: true });
  if (exact) return sql;
  throw new TraceqlError('TRACEQL_NOT_YET', 'this filter cannot be decided in the store alone.', filter.at);
}

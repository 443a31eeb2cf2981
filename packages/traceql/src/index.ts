/**
 * Text ⇄ tree for TraceQL. The evaluator (`@clew/traceql/evaluate`) and the regex check
 * (`@clew/traceql/validate-regex`) are apart: they bring a regex engine that the browser does without.
 */
export {
  buildAttribute,
  buildComparison,
  buildConjunction,
  buildIntrinsic,
  buildQuery,
  buildStatic,
  conjunctsOf,
} from './build.ts';
export { type CompletionContext, type CompletionField, completionContext } from './completion.ts';
export { durationText } from './duration-literal.ts';
export { MAX_QUERY_LENGTH } from './limits.ts';
export {
  type Field,
  type NormalComparison,
  type NormalFilter,
  type NormalLogical,
  normalizeFilter,
} from './normalize.ts';
export { parseQuery, parseSyntax } from './parse.ts';
export { printAttribute, printExpression, printQuery, printStatic, printString } from './print.ts';
export { isSameExpression } from './same-expression.ts';
export { addCondition, readShortcuts, type ShortcutChanges, type Shortcuts, withShortcuts } from './shortcuts.ts';
export { TraceqlError, type TraceqlErrorCode } from './traceql-error.ts';
export * from './tree.ts';
export { type ValidateOptions, validateFilter, validateQuery } from './validate.ts';

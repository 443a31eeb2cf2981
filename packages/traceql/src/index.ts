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
export { tryParseField } from './field-name.ts';
export { formatQuery } from './format.ts';
export { MAX_QUERY_LENGTH } from './limits.ts';
export { nearestNames } from './nearest-names.ts';
export {
  type Field,
  type NormalComparison,
  type NormalCondition,
  type NormalFilter,
  type NormalLogical,
  type NormalValue,
  normalizeFilter,
  normalizeValue,
} from './normalize.ts';
export { parseFilterQuery, parseFilterSyntax, parseQuery, parseSyntax } from './parse.ts';

export {
  printAttribute,
  printExpression,
  printPipeline,
  printQuery,
  printScalar,
  printStage,
  printStatic,
  printString,
} from './print.ts';
export { isSameExpression } from './same-expression.ts';
export { isSameQuery } from './same-query.ts';
export {
  addCondition,
  readConditions,
  readShortcuts,
  type ShortcutChanges,
  type Shortcuts,
  withConditions,
  withShortcuts,
} from './shortcuts.ts';
export { soleFilter } from './sole-filter.ts';
export { TraceqlError, type TraceqlErrorCode } from './traceql-error.ts';
export * from './tree.ts';
export { type ValidateOptions, validateFilter } from './validate.ts';
export { validateQuery } from './validate-query.ts';

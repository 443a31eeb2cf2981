/** Limits of a query text. All of them answer with TRACEQL_LIMIT. */

/** UTF-16 units of a query text. */
export const MAX_QUERY_LENGTH = 65_536;

/**
 * How deep expressions may nest: parentheses, `!`, `-`, and alternations of `&&` and `||`. A chain of one
 * operator counts once, however long. Every reader of the tree recurses, and ClickHouse's own parser stops
 * at a depth of 1000, several levels of which one of ours may need.
 */
export const MAX_NESTING = 100;

/** Nodes of the tree: fields, literals and operators together. */
export const MAX_EXPRESSIONS = 2_000;

/** UTF-16 units of a regular expression. */
export const MAX_REGEX_LENGTH = 4_096;

/**
 * Length of a regular expression times its counted repetitions (`x{20}` counts 20): an upper bound of the compiled
 * program, up to constants. Measured on a busy machine: `.{1000}` 500 times over takes 1.8 s to compile, the worst
 * found within the limit 0.5 s.
 */
export const MAX_REGEX_SIZE = 50_000;

/** Stages of one pipeline. */
export const MAX_STAGES = 50;

/** `topk`, `bottomk` and comparisons that follow one metrics expression. */
export const MAX_SERIES_STAGES = 20;

/** Fields of one `select(…)` or `by(…)`, quantiles of one `quantile_over_time(…)`, hints of one `with (…)`. */
export const MAX_ARGUMENTS = 50;

/** The largest number `topk`, `bottomk` and the second argument of `compare` take. */
export const MAX_TOP = 10_000;

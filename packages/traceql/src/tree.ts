/**
 * The TraceQL syntax tree: frozen data, made by the parser, read by the printer, the validator, the in-memory
 * evaluator and the SQL compiler. The whole language has its shape here.
 */

/** Half-open range of UTF-16 offsets in the query text. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A literal. Durations are nanoseconds. Status and kind are OTLP's numbers. */
export type Static =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'duration'; readonly value: bigint }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'status'; readonly value: number }
  | { readonly type: 'kind'; readonly value: number }
  | { readonly type: 'nil' };

/** `any` is the unscoped form `.key`: the span's attribute, else its resource's. */
export type AttributeScope = 'any' | 'span' | 'resource' | 'event' | 'link' | 'instrumentation';

/** Spelled as the canonical unscoped or scoped name; `span:name` and `name` are the same intrinsic. */
export type Intrinsic =
  | 'name'
  | 'duration'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'traceDuration'
  | 'rootName'
  | 'rootServiceName'
  | 'trace:id'
  | 'span:id'
  | 'span:parentID'
  /** Whether there is a parent: compared with nil only. */
  | 'parent'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'span:childCount'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version';

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '=~' | '!~';
export type LogicalOperator = '&&' | '||';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

/** What stands inside the braces of a spanset filter. */
export type FieldExpression =
  | { readonly kind: 'static'; readonly static: Static; readonly at: TextRange }
  | {
      readonly kind: 'attribute';
      readonly scope: AttributeScope;
      readonly key: string;
      /** `parent.key`, `parent.span.key`, `parent.resource.key`: of the span's parent. Absent: of the span itself. */
      readonly ofParent?: true;
      readonly at: TextRange;
    }
  | { readonly kind: 'intrinsic'; readonly intrinsic: Intrinsic; readonly at: TextRange }
  | { readonly kind: 'not'; readonly operand: FieldExpression; readonly at: TextRange }
  | { readonly kind: 'negate'; readonly operand: FieldExpression; readonly at: TextRange }
  | {
      readonly kind: 'comparison';
      readonly operator: ComparisonOperator;
      readonly left: FieldExpression;
      readonly right: FieldExpression;
      readonly at: TextRange;
    }
  | {
      readonly kind: 'logical';
      readonly operator: LogicalOperator;
      readonly left: FieldExpression;
      readonly right: FieldExpression;
      readonly at: TextRange;
    }
  | {
      readonly kind: 'arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: FieldExpression;
      readonly right: FieldExpression;
      readonly at: TextRange;
    };

/** `{ expression }`; an empty pair of braces is `{ true }`. */
export interface SpansetFilter {
  readonly kind: 'spanset-filter';
  readonly expression: FieldExpression;
  readonly at: TextRange;
}

/** Operators between sets of spans. `!` forms keep right spans without such a relation, `&` forms keep both sides. */
export type StructuralRelation = '>' | '>>' | '<' | '<<' | '~';
export type SpansetOperator =
  | LogicalOperator
  | StructuralRelation
  | `!${StructuralRelation}`
  | `&${StructuralRelation}`;

/** What yields a set of spans out of the spans it is given. */
export type SpansetExpression =
  | SpansetFilter
  | {
      readonly kind: 'spanset-operation';
      readonly operator: SpansetOperator;
      readonly left: SpansetExpression;
      readonly right: SpansetExpression;
      readonly at: TextRange;
    }
  /**
   * `( {…} | … )` as an operand of an operation, never elsewhere: the spans its pipeline yields, all its spansets
   * together. Its pipeline is never one spanset expression alone. (Parentheses around a whole pipeline, or around
   * one stage or several, mean nothing: `({ } | by(.a)) | count() > 1` is three stages.)
   */
  | { readonly kind: 'wrapped-pipeline'; readonly pipeline: Pipeline; readonly at: TextRange };

export type AggregateFunction = 'count' | 'min' | 'max' | 'sum' | 'avg';

/** A number of each spanset. Arithmetic of literals is folded by the parser: an operation has an aggregate in it. */
export type ScalarExpression =
  | { readonly kind: 'static'; readonly static: Static; readonly at: TextRange }
  | {
      readonly kind: 'aggregate';
      readonly function: AggregateFunction;
      /** Absent for count(). */
      readonly field?: FieldExpression;
      readonly at: TextRange;
    }
  | {
      readonly kind: 'scalar-arithmetic';
      readonly operator: ArithmeticOperator;
      readonly left: ScalarExpression;
      readonly right: ScalarExpression;
      readonly at: TextRange;
    };

/** Comparison operators of numbers of spansets and of metrics. */
export type ScalarComparison = Exclude<ComparisonOperator, '=~' | '!~'>;

/** A field that can be grouped by or selected. */
export type FieldReference = FieldExpression & { kind: 'attribute' | 'intrinsic' };

export type PipelineStage =
  | SpansetExpression
  /** `count() > 2`: keeps the spansets for which it holds. */
  | {
      readonly kind: 'scalar-filter';
      readonly operator: ScalarComparison;
      readonly left: ScalarExpression;
      readonly right: ScalarExpression;
      readonly at: TextRange;
    }
  /** `by(expression)`: splits each spanset by the value. */
  | { readonly kind: 'group'; readonly by: FieldExpression; readonly at: TextRange }
  /** `coalesce()`: the spansets of a trace become one again. */
  | { readonly kind: 'coalesce'; readonly at: TextRange }
  /** `select(field, …)`: what the answer shows of each span; changes no spanset. */
  | { readonly kind: 'select'; readonly fields: readonly FieldReference[]; readonly at: TextRange };

/** Stages from left to right; the first is given all spans of the trace as one spanset. Never empty. */
export interface Pipeline {
  readonly stages: readonly PipelineStage[];
  readonly at: TextRange;
}

export type MetricsFunction =
  | 'rate'
  | 'count_over_time'
  | 'min_over_time'
  | 'max_over_time'
  | 'sum_over_time'
  | 'avg_over_time'
  | 'quantile_over_time'
  | 'histogram_over_time';

export type MetricsAggregate =
  | {
      readonly kind: 'metrics-function';
      readonly function: MetricsFunction;
      /** Absent for rate() and count_over_time(). */
      readonly field?: FieldReference;
      /** Of quantile_over_time: numbers from 0 to 1, at least one. Otherwise empty. */
      readonly quantiles: readonly number[];
      readonly by: readonly FieldReference[];
      readonly at: TextRange;
    }
  | {
      readonly kind: 'compare';
      /** Spans that satisfy it are the selection, the others the baseline. */
      readonly selection: SpansetFilter;
      /** Values shown of each attribute (default 10). */
      readonly topN?: number;
      /** The selection is further limited to spans that start in this range; both or neither. */
      readonly startUnixNano?: bigint;
      readonly endUnixNano?: bigint;
      readonly at: TextRange;
    };

/** What is done with series, point in time by point in time. */
export type SeriesStage =
  | { readonly kind: 'top'; readonly function: 'topk' | 'bottomk'; readonly count: number; readonly at: TextRange }
  | {
      readonly kind: 'series-filter';
      readonly operator: ScalarComparison;
      /** Durations in seconds, as series of durations are. */
      readonly value: number;
      /** Written as a duration, and so to be printed. */
      readonly isDuration?: true;
      readonly at: TextRange;
    };

export type MetricsExpression =
  | {
      readonly kind: 'metrics-pipeline';
      readonly pipeline: Pipeline;
      readonly aggregate: MetricsAggregate;
      readonly stages: readonly SeriesStage[];
      readonly at: TextRange;
    }
  | {
      readonly kind: 'metrics-arithmetic';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: MetricsExpression;
      readonly right: MetricsExpression;
      readonly stages: readonly SeriesStage[];
      readonly at: TextRange;
    }
  /** A number as an operand; never the whole expression. */
  | { readonly kind: 'static'; readonly static: Static; readonly at: TextRange };

/** `with (name = value, …)` */
export interface Hint {
  readonly name: string;
  readonly value: Static;
  readonly at: TextRange;
}

export interface SpansetQuery {
  readonly kind: 'spanset-query';
  readonly pipeline: Pipeline;
  readonly hints: readonly Hint[];
  readonly at: TextRange;
}

export interface MetricsQuery {
  readonly kind: 'metrics-query';
  readonly expression: MetricsExpression;
  readonly hints: readonly Hint[];
  readonly at: TextRange;
}

/** A whole query of the language. */
export type Query = SpansetQuery | MetricsQuery;

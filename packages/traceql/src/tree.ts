/**
 * The TraceQL syntax tree: frozen data, made by the parser, read by the printer, the validator, the in-memory
 * evaluator and the SQL compiler. Built so that the rest of the language is an addition of variants.
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
  | 'span:parentID';

export type ComparisonOperator = '=' | '!=' | '<' | '<=' | '>' | '>=' | '=~' | '!~';
export type LogicalOperator = '&&' | '||';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';

/** What stands inside the braces of a spanset filter. */
export type FieldExpression =
  | { readonly kind: 'static'; readonly static: Static; readonly at: TextRange }
  | { readonly kind: 'attribute'; readonly scope: AttributeScope; readonly key: string; readonly at: TextRange }
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

/** A whole query: today one spanset filter; pipelines, structural operators and metrics become further variants. */
export type Query = SpansetFilter;

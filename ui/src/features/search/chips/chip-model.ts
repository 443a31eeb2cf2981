/** Builder chips as a projection of the query's tree: they read the text and write the text, and keep nothing else. */
import {
  buildComparison,
  type ComparisonOperator,
  type FieldExpression,
  isSameExpression,
  parseFilterSyntax,
  parseQuery,
  printExpression,
  printStatic,
  readConditions,
  type Static,
  TraceqlError,
  withConditions,
} from '@clew/traceql';

/** `field operator literal`: what the form of a chip can edit part by part. */
export interface ComparisonParts {
  /** As printed: `span.http.route`, `resource.service.name`, `status`. */
  readonly field: string;
  readonly operator: ComparisonOperator;
  readonly value: Static;
}

/** One condition that every match must satisfy. */
export interface Chip {
  /** As printed; it stands in the text like this, or says the same. */
  readonly text: string;
  /** Undefined for a condition of another shape, such as alternatives. */
  readonly parts: ComparisonParts | undefined;
  /** It keeps spans out: `!=`, `!~` or `!(…)`. */
  readonly isNegative: boolean;
}

export type ChipView =
  | { readonly kind: 'chips'; readonly chips: readonly Chip[] }
  /** Stages, relations or metrics: more than a list of conditions can say. */
  | { readonly kind: 'rich' }
  /** No query (yet). */
  | { readonly kind: 'mistake' };

/** What of a query text chips can show. */
export function readChips(text: string): ChipView {
  try {
    return { kind: 'chips', chips: readConditions(text).map(chipOf) };
  } catch (error) {
    if (!(error instanceof TraceqlError)) throw error;
    return { kind: isQuery(text) ? 'rich' : 'mistake' };
  }
}

/** The query with one condition in another form, or without it. @throws TraceqlError for a condition that is none. */
export function replaceChip(text: string, at: number, condition: string | undefined): string {
  const conditions = readConditions(text).flatMap((existing, place) => {
    if (place !== at) return [existing];
    return condition === undefined ? [] : [parseCondition(condition)];
  });
  return plain(withConditions(text, conditions));
}

/** The query with one more condition; unchanged where it has it. @throws TraceqlError for a condition that is none. */
export function addChip(text: string, condition: string): string {
  const conditions = readConditions(text);
  const added = parseCondition(condition);
  const isThere = conditions.some((existing) => isSameExpression(existing, added));
  return plain(withConditions(text, isThere ? conditions : [...conditions, added]));
}

/** The query with a condition turned into its opposite, and back. */
export function negateChip(text: string, at: number): string {
  const conditions = readConditions(text).map((existing, place) => (place === at ? opposite(existing) : existing));
  return plain(withConditions(text, conditions));
}

/** Whether `field = value` or `field != value` is among the conditions. */
export function valueState(text: string, field: string, value: Static): 'included' | 'excluded' | undefined {
  for (const { parts } of chipsOf(text)) {
    if (parts === undefined || parts.field !== field || printStatic(parts.value) !== printStatic(value)) continue;
    if (parts.operator === '=') return 'included';
    if (parts.operator === '!=') return 'excluded';
  }
  return undefined;
}

/**
 * The query that keeps spans with a value, or keeps them out; asked twice it takes the condition away. Another value
 * that had to be there is replaced: a span has one value only.
 */
export function toggleValue(text: string, field: string, value: Static, operator: '=' | '!='): string {
  const state = valueState(text, field, value);
  const isThere = state === (operator === '=' ? 'included' : 'excluded');
  const kept = readConditions(text).filter((condition) => {
    const { parts } = chipOf(condition);
    if (parts === undefined || parts.field !== field) return true;
    if (printStatic(parts.value) === printStatic(value)) return parts.operator !== '=' && parts.operator !== '!=';
    return !(operator === '=' && !isThere && parts.operator === '=');
  });
  const added = isThere ? [] : [parseCondition(`${field} ${operator} ${printStatic(value)}`)];
  return plain(withConditions(text, [...kept, ...added]));
}

/** @throws TraceqlError */
export function parseCondition(condition: string): FieldExpression {
  return parseFilterSyntax(`{ ${condition} }`).expression;
}

function chipsOf(text: string): readonly Chip[] {
  const view = readChips(text);
  return view.kind === 'chips' ? view.chips : [];
}

function chipOf(condition: FieldExpression): Chip {
  const parts = partsOf(condition);
  const isNegative =
    condition.kind === 'not' || (parts !== undefined && (parts.operator === '!=' || parts.operator === '!~'));
  return { text: printExpression(condition), parts, isNegative };
}

function partsOf(condition: FieldExpression): ComparisonParts | undefined {
  if (condition.kind !== 'comparison') return undefined;
  const { left, operator, right } = condition;
  if (right.kind !== 'static' || (left.kind !== 'attribute' && left.kind !== 'intrinsic')) return undefined;
  return { field: printExpression(left), operator, value: right.static };
}

const OPPOSITES: Readonly<Partial<Record<ComparisonOperator, ComparisonOperator>>> = {
  '=': '!=',
  '!=': '=',
  '=~': '!~',
  '!~': '=~',
};

/** Only equality turns by its operator: `<` and `>=` are no opposites for a span that has no such value. */
function opposite(condition: FieldExpression): FieldExpression {
  if (condition.kind === 'not') return condition.operand;
  if (condition.kind === 'comparison') {
    const operator = OPPOSITES[condition.operator];
    if (operator !== undefined && condition.right.kind === 'static') {
      return buildComparison(condition.left, operator, condition.right.static);
    }
  }
  return { kind: 'not', operand: condition, at: condition.at };
}

function plain(text: string): string {
  return text === '{ }' ? '' : text;
}

function isQuery(text: string): boolean {
  try {
    parseQuery(text);
    return true;
  } catch (error) {
    if (error instanceof TraceqlError) return false;
    throw error;
  }
}

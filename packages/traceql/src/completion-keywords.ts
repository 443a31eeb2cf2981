import type { Place } from './completion-place.ts';
import { INTRINSIC_SPELLINGS, INTRINSIC_TYPES } from './intrinsics.ts';
import type { Token } from './token.ts';
import type { Intrinsic } from './tree.ts';

const STATUS_KEYWORDS = ['error', 'ok', 'unset'] as const;
const KIND_KEYWORDS = ['server', 'client', 'internal', 'producer', 'consumer', 'unspecified'] as const;
const SCOPES = ['span.', 'resource.', '.', 'event.', 'link.', 'instrumentation.', 'parent.'] as const;
const FIELD_KEYWORDS: readonly string[] = [...INTRINSIC_SPELLINGS.keys(), ...SCOPES];
const NUMBER_FIELD_KEYWORDS: readonly string[] = [
  ...['duration', 'traceDuration', 'span:childCount', 'event:timeSinceStart'],
  ...SCOPES,
];
const COMPARISONS = ['>', '>=', '<', '<=', '=', '!='] as const;
const FIELD_OPERATORS = ['=', '!=', '>', '>=', '<', '<=', '=~', '!~'] as const;
const STRUCTURE = ['>>', '>', '<<', '<', '~', '&>>', '&>', '&<<', '&<', '&~', '!>>', '!>', '!<<', '!<', '!~'] as const;
const AGGREGATES = ['count()', 'avg(', 'min(', 'max(', 'sum('] as const;
const METRICS = [
  ...['rate()', 'count_over_time()', 'quantile_over_time(', 'histogram_over_time(', 'avg_over_time('],
  ...['min_over_time(', 'max_over_time(', 'sum_over_time(', 'compare({ '],
] as const;
const HINT_VALUES: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    sample: ['true', '0.1', '0.01', 'false'],
    span_sample: ['true', '0.1', '0.01', 'false'],
    trace_sample: ['true', '0.1', '0.01', 'false'],
    exemplars: ['true', 'false', '10', '100'],
  }),
);

/** Words and symbols that may stand at a place; undefined where it takes none, or values of a field. */
export function keywordsAt(place: Place): readonly string[] | undefined {
  switch (place.expects) {
    case 'first-stage':
      return ['{ ', '('];
    case 'next-stage':
      return ['{ ', ...AGGREGATES, 'by(', 'select(', 'coalesce()', ...METRICS];
    case 'series-stage':
      return ['topk(', 'bottomk('];
    case 'filter':
      return ['{ ', '('];
    case 'number':
      return ['1', '10', '100', '100ms', '1s', ...AGGREGATES];
    case 'operand':
      return place.wants === 'number' ? NUMBER_FIELD_KEYWORDS : FIELD_KEYWORDS;
    case 'comparison':
      return comparisonKeywords(place.field, place.closing);
    case 'logical':
      return ['&&', '||', place.closing];
    case 'argument-end':
      return place.keywords;
    case 'quantile':
      return ['.5', '.9', '.95', '.99'];
    case 'count':
      return ['5', '10', '20'];
    case 'hint-name':
      return ['sample=', 'exemplars=', 'most_recent=', 'span_sample=', 'trace_sample=', 'extrapolate='];
    case 'hint-equals':
      return ['='];
    case 'hint-value':
      return HINT_VALUES.get(place.hint) ?? ['true', 'false'];
    case 'open-parenthesis':
      return ['('];
    case 'nothing':
    case 'value':
      return undefined;
    default:
      return afterKeywords(place.expects, place.closing);
  }
}

function afterKeywords(expects: string, closing: string | undefined): readonly string[] {
  const ends = closing === undefined ? ['|', 'with ('] : ['|', closing];
  switch (expects) {
    case 'after-filter':
      return [...ends.slice(0, 1), '&&', '||', ...STRUCTURE, ...ends.slice(1)];
    case 'after-number':
      return [...COMPARISONS, '+', '-', '*', '/', ...(closing === undefined ? [] : [closing])];
    case 'after-metrics':
      return ['by(', ...ends, ...COMPARISONS];
    case 'after-series':
      return [...ends, ...COMPARISONS, ...(closing === undefined ? ['+', '-', '*', '/'] : [])];
    default:
      return ends;
  }
}

/** The operators that a field takes, the likely ones first. */
function comparisonKeywords(field: Token, closing: string): readonly string[] {
  const intrinsic = intrinsicOf(field);
  if (closing === ')') return [')', ...FIELD_OPERATORS, '+', '-', '*', '/', '&&', '||'];
  if (intrinsic === undefined) return [...FIELD_OPERATORS, '&&', '||', closing];
  if (intrinsic === 'parent') return ['!=', '='];
  switch (INTRINSIC_TYPES[intrinsic]) {
    case 'status':
    case 'kind':
      return ['=', '!='];
    case 'int':
    case 'duration':
      return [...COMPARISONS];
    case 'string':
      return ['=', '!=', '=~', '!~', '>', '>=', '<', '<='];
  }
}

/** Literals that an intrinsic is compared with; undefined for text, whose values the store knows. */
export function intrinsicValues(intrinsic: Intrinsic): readonly string[] | undefined {
  if (intrinsic === 'parent') return ['nil'];
  switch (INTRINSIC_TYPES[intrinsic]) {
    case 'status':
      return STATUS_KEYWORDS;
    case 'kind':
      return KIND_KEYWORDS;
    case 'duration':
      return ['1ms', '10ms', '100ms', '1s', '10s', '1m'];
    case 'int':
      return ['0', '1'];
    case 'string':
      return undefined;
  }
}

export function intrinsicOf(field: Token): Intrinsic | undefined {
  return field.type === 'word' ? INTRINSIC_SPELLINGS.get(field.text) : undefined;
}

import { buildConjunction, type FieldExpression, printExpression, type SpansetQuery } from '@clew/traceql';
import { type ColumnPlan, planColumns } from '@clew/traceql/columnar';
import type { LinkRequirement, SpanSearch, TraceRequirement } from '../../store/span-store.ts';
import { necessaryCondition } from './necessary-condition.ts';
import { type ShownFields, shownFields } from './shown-fields.ts';

/**
 * sql: the engine alone decides. rows: the engine decides conditions of single spans, what relates them is decided
 * over columns. whole-traces: candidate traces are loaded whole and evaluated.
 */
export type SearchTier = 'sql' | 'rows' | 'whole-traces';

/** How a query of spansets is answered. */
export interface SearchPlan {
  readonly tier: SearchTier;
  readonly query: SpansetQuery;
  /** Every span that the query finds satisfies it; with tier sql no other span of the range does. */
  readonly filter: FieldExpression;
  /** All of them hold of every trace that the query finds. */
  readonly required: readonly TraceRequirement[];
  /** Holds of every span that the query finds. */
  readonly link: LinkRequirement | undefined;
  /** About how many traces of which all this holds there are for each trace that is found. */
  readonly perFinding: number;
  readonly columns: ColumnPlan;
  readonly fields: ShownFields;
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

export function planSearch(query: SpansetQuery, search: Pick<SpanSearch, 'decides' | 'reads'>): SearchPlan {
  const { span, link, trace } = necessaryCondition(query.pipeline);
  const columns = planColumns(query.pipeline);
  const fields = shownFields(query.pipeline);
  const common = { query, columns, fields, link, perFinding: isSaidWhole(query) ? 1 : USUAL_PER_FINDING };
  const undecided = undecidedParts(columns, fields, search);
  if (undecided.length > 0) {
    const reasons = [`SQL cannot say ${undecided.join(', ')}: candidate traces are judged whole.`];
    return { ...common, tier: 'whole-traces', filter: span, required: trace, reasons };
  }
  const filter = tryOneFilter(query);
  if (filter !== undefined) {
    const reasons = ['Only single spans are asked about, and SQL can say it: the engine alone decides.'];
    return { ...common, tier: 'sql', filter, required: [], link: undefined, reasons };
  }
  const reasons = [
    'Spans are related, grouped or counted: the engine decides about single spans, the rest is computed over columns ' +
      `of ${columns.needsAllSpans ? 'all spans' : 'the spans that satisfy a filter'} of candidate traces.`,
  ];
  return { ...common, tier: 'rows', filter: span, required: trace, reasons };
}

const USUAL_PER_FINDING = 4;
/** Operators of which link and requirements say all there is. */
const SAID_OPERATORS: readonly string[] = ['>', '<', '&&'];

/** Whether what is required says as much as the query: one relation of two filters, or one filter and a count. */
function isSaidWhole({ pipeline: { stages } }: SpansetQuery): boolean {
  const [first, ...others] = stages;
  if (first === undefined) return false;
  const rest = others.filter(({ kind }) => kind !== 'select');
  if (first.kind === 'spanset-operation') {
    const isPlain = first.left.kind === 'spanset-filter' && first.right.kind === 'spanset-filter';
    return isPlain && SAID_OPERATORS.includes(first.operator) && rest.length === 0;
  }
  const [second] = rest;
  if (first.kind !== 'spanset-filter' || rest.length !== 1 || second.kind !== 'scalar-filter') return false;
  const { left, operator, right } = second;
  const isCount = left.kind === 'aggregate' && left.function === 'count' && right.kind === 'static';
  return isCount && (operator === '>' || operator === '>=');
}

/** Parts of the query that only whole traces can answer, as printed. */
function undecidedParts(
  { conditions, groups, numbers }: ColumnPlan,
  { named, selected }: ShownFields,
  search: Pick<SpanSearch, 'decides' | 'reads'>,
): string[] {
  const parts = [
    ...conditions.filter((condition) => !search.decides(condition)),
    ...[...groups, ...numbers, ...named, ...selected].filter((expression) => !search.reads(expression)),
  ];
  return [...new Set(parts.map(printExpression))];
}

/** The condition of a query that only takes spans away one by one: filters one after the other, and select(). */
function tryOneFilter({ pipeline }: SpansetQuery): FieldExpression | undefined {
  const filters: FieldExpression[] = [];
  for (const stage of pipeline.stages) {
    if (stage.kind === 'spanset-filter') filters.push(stage.expression);
    else if (stage.kind !== 'select' && stage.kind !== 'coalesce') return undefined;
  }
  return buildConjunction(filters);
}

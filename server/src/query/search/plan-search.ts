import { type FieldExpression, type SpansetQuery, soleFilter } from '@clew/traceql';
import { necessaryCondition } from './necessary-condition.ts';
import { type ShownFields, shownFields } from './shown-fields.ts';
import { sqlCanDecide, sqlCanDecideAlone } from './sql-can-say.ts';
import { weakenCondition } from './weaken-condition.ts';

export type SearchTier = 'sql' | 'rows' | 'whole-traces';

/** How a query of spansets is answered. */
export interface SearchPlan {
  readonly tier: SearchTier;
  readonly query: SpansetQuery;
  /** Every span that the query finds satisfies it; of one filter the filter itself. */
  readonly filter: FieldExpression;
  /** The same as far as SQL can say it of a span without the rest of its trace. */
  readonly candidate: FieldExpression;
  /** For each of these a trace needs a span that satisfies it; SQL can say them. */
  readonly required: readonly FieldExpression[];
  readonly fields: ShownFields;
  /** Sentences for people. */
  readonly reasons: readonly string[];
}

export function planSearch(query: SpansetQuery): SearchPlan {
  const { span, trace } = necessaryCondition(query.pipeline);
  const filter = soleFilter(query)?.expression;
  const isSql = filter !== undefined && sqlCanDecide(filter);
  const reasons: string[] = [];
  if (isSql) reasons.push('The query is one filter that SQL can say: the engine alone decides.');
  else if (filter !== undefined)
    reasons.push('The filter has parts that SQL cannot say: candidate traces are judged whole.');
  else reasons.push('The query relates or groups spans of a trace: candidate traces are judged whole.');
  const candidate = weakenCondition(span, sqlCanDecideAlone);
  if (isTrue(candidate) && !isTrue(span)) reasons.push('Nothing in the query narrows the candidates.');
  return {
    tier: isSql ? 'sql' : 'whole-traces',
    query,
    filter: span,
    candidate,
    required: isSql ? [] : trace.map((one) => weakenCondition(one, sqlCanDecide)).filter((one) => !isTrue(one)),
    fields: shownFields(query.pipeline),
    reasons,
  };
}

function isTrue(expression: FieldExpression): boolean {
  return expression.kind === 'static' && expression.static.type === 'bool' && expression.static.value;
}

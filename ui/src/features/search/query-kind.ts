import { type FieldReference, parseQuery, type Query, soleFilter, TraceqlError } from '@clew/traceql';

/** What the page shows for a query. */
export type QueryKind =
  | {
      readonly kind: 'traces' /** The query groups, relates or selects: what it found in each trace is shown. */;
      readonly hasSets: boolean;
    }
  | { readonly kind: 'metrics'; readonly unit: MetricUnit };

/** What the numbers of a metrics query are. */
export type MetricUnit = 'per-second' | 'seconds' | 'count' | 'number';

/** A text that is no query counts as one for traces: the page then shows what is wrong with it. */
export function queryKindOf(text: string): QueryKind {
  const query = tryParse(text);
  if (query === undefined) return { kind: 'traces', hasSets: false };
  if (query.kind === 'metrics-query') return { kind: 'metrics', unit: unitOf(query.expression) };
  return { kind: 'traces', hasSets: soleFilter(query) === undefined };
}

function tryParse(text: string): Query | undefined {
  if (text.trim() === '') return undefined;
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof TraceqlError) return undefined;
    throw error;
  }
}

type MetricsExpression = Extract<Query, { kind: 'metrics-query' }>['expression'];

function unitOf(expression: MetricsExpression): MetricUnit {
  if (expression.kind !== 'metrics-pipeline') return 'number';
  const { aggregate } = expression;
  if (aggregate.kind === 'compare') return 'count';
  switch (aggregate.function) {
    case 'rate':
      return 'per-second';
    case 'count_over_time':
    case 'histogram_over_time':
      return 'count';
    default:
      return aggregate.field !== undefined && isDuration(aggregate.field) ? 'seconds' : 'number';
  }
}

function isDuration(field: FieldReference): boolean {
  if (field.kind !== 'intrinsic') return false;
  return ['duration', 'traceDuration', 'event:timeSinceStart'].includes(field.intrinsic);
}

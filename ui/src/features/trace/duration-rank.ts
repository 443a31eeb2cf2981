import { printAttribute, printStatic } from '@clew/traceql';
import { queryOptions } from '@tanstack/react-query';
import { loadMetricTotal } from '../../client/api.ts';

/** Fewer are no company to be compared with. */
const MIN_SPANS = 20;
/** Who reads a span does not wait longer for this, and the server need not go on. */
const PATIENCE_MS = 3_000;
const DAY_MS = 86_400_000;

export interface DurationRank {
  /** Spans of the same service and name. */
  readonly count: number;
  /** The share of them that took less time, 0…1. */
  readonly slowerThan: number;
}

export interface RankedSpan {
  readonly service: string;
  readonly name: string;
  readonly durationNano: number;
  /** End of the trace, unix milliseconds. */
  readonly endMs: number;
}

/** How slow a span is among those like it in the day before the end of its trace; null where that is not known. */
export function durationRankQuery(span: RankedSpan) {
  const { service, name, durationNano } = span;
  return queryOptions({
    queryKey: ['duration-rank', service, name, durationNano, span.endMs],
    queryFn: ({ signal }) => loadRank(span, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)])),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 300_000,
    retry: false,
  });
}

async function loadRank(span: RankedSpan, signal: AbortSignal): Promise<DurationRank | null> {
  const to = Math.min(span.endMs + 1_000, Date.now());
  const range = { from: new Date(to - DAY_MS).toISOString(), to: new Date(to).toISOString() };
  const text = (value: string): string => printStatic({ type: 'string', value });
  const alike = `${printAttribute('resource', 'service.name')} = ${text(span.service)} && name = ${text(span.name)}`;
  const duration = printStatic({ type: 'duration', value: BigInt(Math.round(span.durationNano)) });
  const [count, quicker] = await Promise.all([
    loadMetricTotal(`{ ${alike} } | count_over_time()`, range, signal),
    loadMetricTotal(`{ ${alike} && duration < ${duration} } | count_over_time()`, range, signal),
  ]);
  if (count === undefined || count < MIN_SPANS) return null;
  return { count, slowerThan: Math.min(1, (quicker ?? 0) / count) };
}

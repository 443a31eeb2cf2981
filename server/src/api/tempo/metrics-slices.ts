import { type MetricsFunction, parseQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { gridOf } from '../../query/metrics/bucket-grid.ts';
import type { TimeRange } from '../../store/span-store.ts';
import type { TempoMetrics } from './metrics-request.ts';

/** Pieces of a long range. */
const SLICES = 4;
/** Shorter ranges are answered at once: the pieces would cost more than the wait. */
const SHORTEST_SLICED_NANO = 3n * 3_600_000_000_000n;
const FEWEST_BUCKETS = 4 * SLICES;

/** A range in pieces, and what is asked of the spans of each. */
export interface MetricsSlices {
  /** Newest first, each of whole buckets. */
  readonly ranges: readonly TimeRange[];
  readonly measure: MetricsFunction;
}

/**
 * The pieces a metrics query can be answered in; undefined where a piece would say something else than the whole:
 * compare, topk, filters and arithmetic look at all series at once.
 * @throws TraceqlError
 */
export function tryMetricsSlices({ text, range, stepNano, instant }: TempoMetrics): MetricsSlices | undefined {
  if (instant || range.toUnixNano - range.fromUnixNano < SHORTEST_SLICED_NANO) return undefined;
  const query = parseQuery(text, { checkRegex });
  if (query.kind !== 'metrics-query' || query.hints.some(({ name }) => name === 'exemplars')) return undefined;
  const { expression } = query;
  if (expression.kind !== 'metrics-pipeline' || expression.aggregate.kind !== 'metrics-function') return undefined;
  const isPlain =
    expression.stages.length === 0 && expression.pipeline.stages.every(({ kind }) => kind === 'spanset-filter');
  // Without a step of its own a piece would choose another.
  if (!isPlain || stepNano === undefined) return undefined;
  const grid = gridOf(range, stepNano);
  if (grid.count < FEWEST_BUCKETS) return undefined;
  const edges = Array.from({ length: SLICES + 1 }, (_, i) => BigInt(Math.round((grid.count * i) / SLICES)));
  const at = (edge: bigint): bigint => grid.originUnixNano + edge * stepNano;
  const ranges = edges
    .slice(1)
    .map((edge, i): TimeRange => ({ fromUnixNano: at(edges[i] ?? 0n), toUnixNano: at(edge) }))
    .reverse();
  return { ranges, measure: expression.aggregate.function };
}

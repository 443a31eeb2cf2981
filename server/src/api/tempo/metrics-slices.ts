import { parseQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import { defaultStepNano, gridOf } from '../../query/metrics/bucket-grid.ts';
import type { TimeRange } from '../../store/span-store.ts';
import type { TempoMetrics } from './metrics-request.ts';

/** Pieces of a long range. */
const SLICES = 4;
/** Shorter ranges are answered at once: the pieces would cost more than the wait. */
const SHORTEST_SLICED_NANO = 3n * 3_600_000_000_000n;
const FEWEST_BUCKETS = 4 * SLICES;

/**
 * The pieces a metrics query can be answered in, newest first, each of whole buckets; the range itself where a piece
 * would say something else than the whole: compare, topk, filters and arithmetic look at all series at once.
 * @throws TraceqlError
 */
export function metricsSlices({ text, range, stepNano, instant }: TempoMetrics): readonly TimeRange[] {
  if (instant || range.toUnixNano - range.fromUnixNano < SHORTEST_SLICED_NANO) return [range];
  const query = parseQuery(text, { checkRegex });
  if (query.kind !== 'metrics-query' || query.hints.some(({ name }) => name === 'exemplars')) return [range];
  const { expression } = query;
  const isPlain =
    expression.kind === 'metrics-pipeline' &&
    expression.aggregate.kind === 'metrics-function' &&
    expression.stages.length === 0 &&
    expression.pipeline.stages.every(({ kind }) => kind === 'spanset-filter');
  if (!isPlain) return [range];
  const step = stepNano ?? defaultStepNano(range);
  const grid = gridOf(range, step);
  // Without a step of its own a piece would choose another.
  if (stepNano === undefined || grid.count < FEWEST_BUCKETS) return [range];
  const edges = Array.from({ length: SLICES + 1 }, (_, i) => BigInt(Math.round((grid.count * i) / SLICES)));
  const at = (edge: bigint): bigint => grid.originUnixNano + edge * step;
  return edges
    .slice(1)
    .map((edge, i): TimeRange => ({ fromUnixNano: at(edges[i] ?? 0n), toUnixNano: at(edge) }))
    .reverse();
}

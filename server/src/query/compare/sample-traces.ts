import type { FoundTrace } from '@clew/contract';
import type { TraceId } from '@clew/model';
import type { TimeRange } from '../../store/span-store.ts';
import { searchTraces } from '../search.ts';
import type { ComparisonReads } from './comparison-reads.ts';
import type { Population } from './population.ts';

/** Where there are more traces than wanted, the newest of each of so many equal parts of the range are taken. */
const TIME_PARTS = 8n;

export interface TraceSample {
  readonly traceIds: readonly TraceId[];
  /** Whether these are all traces that match. */
  readonly isAll: boolean;
}

/**
 * Traces of a side: all of them where they are few, else some from each part of the range, so that a sample is not of
 * its last moment alone. No more than have `maxSpans` in all.
 */
export async function sampleTraces(
  reads: ComparisonReads,
  population: Population,
  maxTraces: number,
  maxSpans: number,
): Promise<TraceSample> {
  const newest = await search(reads, population, population.range, maxTraces);
  if (newest.isLast) return withinSpans(newest.traces, maxSpans, true);
  const parts = partsOf(population.range);
  const each = Math.ceil(maxTraces / parts.length);
  const found = await Promise.all(parts.map((part) => search(reads, population, part, each)));
  const spread = new Map(found.flatMap(({ traces }) => traces).map((trace) => [trace.traceId, trace]));
  // Parts with few traces leave room for more of the newest.
  for (const trace of newest.traces) if (spread.size < maxTraces) spread.set(trace.traceId, trace);
  return withinSpans([...spread.values()].slice(0, maxTraces), maxSpans, false);
}

async function search(
  reads: ComparisonReads,
  { text, side }: Population,
  range: TimeRange,
  limit: number,
): Promise<{ readonly traces: readonly FoundTrace[]; readonly isLast: boolean }> {
  const answer = await reads.read(`traces of ${side}`, (store, tenant, options) =>
    searchTraces(store, { tenant, text, range, limit, spansPerTrace: 0, options }),
  );
  return { traces: answer.traces, isLast: answer.cursor === undefined };
}

function partsOf({ fromUnixNano, toUnixNano }: TimeRange): TimeRange[] {
  const length = toUnixNano - fromUnixNano;
  const edge = (part: bigint): bigint => fromUnixNano + (length * part) / TIME_PARTS;
  return Array.from({ length: Number(TIME_PARTS) }, (_, part) => ({
    fromUnixNano: edge(BigInt(part)),
    toUnixNano: edge(BigInt(part) + 1n),
  })).filter((part) => part.fromUnixNano < part.toUnixNano);
}

/** Small traces first: many of them say more of what is usual than a single large one. */
function withinSpans(traces: readonly FoundTrace[], maxSpans: number, isAll: boolean): TraceSample {
  const bySize = [...traces].sort((x, y) => x.spanCount - y.spanCount);
  let spans = 0;
  const kept = bySize.filter(({ spanCount }) => {
    spans += spanCount;
    return spans <= maxSpans;
  });
  return {
    traceIds: kept.map(({ traceId }) => traceId as TraceId),
    isAll: isAll && kept.length === traces.length,
  };
}

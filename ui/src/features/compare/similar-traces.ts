import type { FoundTrace } from '@clew/contract';
import { printStatic } from '@clew/traceql';

/** Most traces looked at to find the median one. */
export const SIMILAR_TRACES_MAX = 200;

/** Traces that began with the same span. */
export function similarQuery(rootService: string, rootName: string): string {
  const literal = (value: string): string => printStatic({ type: 'string', value });
  return `{ trace:rootService = ${literal(rootService)} && trace:rootName = ${literal(rootName)} }`;
}

export interface SimilarTraces {
  readonly count: number;
  readonly fastest: FoundTrace;
  /** Of an even number the shorter of the two in the middle: it is a trace that there is. */
  readonly median: FoundTrace;
  readonly slowest: FoundTrace;
}

/** The traces one would compare `traceId` with; undefined without any other. */
export function pickSimilar(traces: readonly FoundTrace[], traceId: string): SimilarTraces | undefined {
  const others = traces
    .filter((trace) => trace.traceId !== traceId)
    .sort((x, y) => Number(x.durationNano) - Number(y.durationNano) || (x.traceId < y.traceId ? -1 : 1));
  if (others.length === 0) return undefined;
  return {
    count: others.length,
    fastest: others[0],
    median: others[(others.length - 1) >> 1],
    slowest: others[others.length - 1],
  };
}

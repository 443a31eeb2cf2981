/** GET /api/v1/compare. */
import type { FoundAttribute, ReadStatistics } from './api-types.ts';

export interface CompareAnswer {
  readonly a: ComparedPopulation;
  readonly b: ComparedPopulation;
  /** The merged tree of both samples of traces, depth first, siblings as they begin. */
  readonly paths: readonly ComparedPath[];
  /** Paths that the fewest traces have, left out to keep to a limit. */
  readonly omittedPaths: number;
  /** Attributes of the matching spans that tell the sides apart, most telling first. */
  readonly attributes: readonly ComparedAttribute[];
  /** Attributes that differ by no more than chance. */
  readonly alike: readonly string[];
  /** Attributes that tell nothing: nearly each span has a value of its own, or they are ids or times. */
  readonly leftOut: readonly { readonly name: string; readonly reason: 'unique' | 'identifier' | 'time' }[];
  readonly statistics: ReadStatistics;
  /** What should be known of the numbers, in sentences. */
  readonly notes?: readonly string[];
}

/** One side. */
export interface ComparedPopulation {
  /** The query in its canonical form. */
  readonly query: string;
  readonly startUnixNano: string;
  readonly endUnixNano: string;
  /** Matching spans, and those of them with status error; sampled spans count as many as they stand for. */
  readonly spanCount: number;
  readonly errorCount: number;
  readonly perSecond: number;
  /** Durations of the matching spans, nanoseconds; null without spans. */
  readonly durationNano: {
    readonly mean: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  } | null;
  /** The traces that were merged: how many, their spans, and whether these are all that match. */
  readonly traces: { readonly count: number; readonly spanCount: number; readonly isAll: boolean };
  /** The spans whose attributes were counted: how many, and whether these are all that match. */
  readonly attributeSpans: { readonly count: number; readonly isAll: boolean };
}

/** Spans of the same service, name and kind below the same path. */
export interface ComparedPath {
  /** Index of the path above, or -1. */
  readonly parent: number;
  readonly service: string;
  readonly name: string;
  readonly kind: number;
  readonly change: 'none' | 'slower' | 'faster' | 'only-a' | 'only-b' | 'count';
  readonly a: ComparedPathSide;
  readonly b: ComparedPathSide;
}

export interface ComparedPathSide {
  /** Of the sample: traces that have the path, spans in it, those with status error. */
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  /** Nanoseconds of a span. */
  readonly meanNano: number;
  readonly p50Nano: number;
  readonly p95Nano: number;
  readonly selfNano: number;
  /** The longest span; absent without spans. */
  readonly longest?: { readonly traceId: string; readonly spanId: string };
}

export interface ComparedAttribute {
  /** As TraceQL writes it. */
  readonly name: string;
  /** 0: alike, 1: no value in common; Jensen-Shannon divergence in bits, less what chance makes. */
  readonly score: number;
  /** One of the queries names it: that it differs may be what was asked for. */
  readonly isNamed: boolean;
  /** Spans that have it, of `attributeSpans.count`. */
  readonly a: number;
  readonly b: number;
  /** Those whose share differs most first. */
  readonly values: readonly ComparedValue[];
  /** Further values. */
  readonly otherValues: number;
}

export interface ComparedValue extends Pick<FoundAttribute, 'type' | 'value'> {
  /** Spans that have it, of `attributeSpans.count`. */
  readonly a: number;
  readonly b: number;
}

import type { FoundSpan, FoundSpanset, FoundTrace } from '@clew/contract';
import type { TraceData, TraceId } from '@clew/model';
import type { FieldReference, SpansetQuery } from '@clew/traceql';
import { type EvaluateTraces, prepareQuery, type SpansetResult, spanWeight } from '@clew/traceql/evaluate';
import type { SampledMatch, SpanSearch, TimeRange, TracePosition, TraceRequirement } from '../../store/span-store.ts';
import { compareLongestFirst, foundAttribute, foundSpan, foundSummary } from './found-span.ts';
import type { Judge, Judgement } from './judge.ts';

/** Spans (about 2 kB each) that are in memory at once, unless one trace alone has more. */
const MAX_SPANS_AT_ONCE = 20_000;
/** Spans of a trace that can be judged: about half a gigabyte. */
export const MAX_TRACE_SPANS = 250_000;
/** Sets of spans shown of one trace. */
export const MAX_SHOWN_SPANSETS = 100;

export interface TraceFinding extends SampledMatch {
  readonly spansets: readonly FoundSpanset[];
  /** Longest first, of all sets. */
  readonly matched: readonly FoundSpan[];
}

export interface TraceJudgeRequest {
  readonly search: SpanSearch;
  readonly query: SpansetQuery;
  /** All of them hold of every trace that the query finds: narrows what is loaded. */
  readonly required: readonly TraceRequirement[];
  readonly range: TimeRange;
  readonly spansPerTrace: number;
  /** Shown besides what the query selects. */
  readonly fields: readonly FieldReference[];
}

/** Loads candidate traces whole and evaluates the query over them: slow, and good for everything. */
export class TraceJudge implements Judge<TraceFinding> {
  readonly #request: TraceJudgeRequest;
  readonly #evaluate: EvaluateTraces;

  constructor(request: TraceJudgeRequest) {
    this.#request = request;
    this.#evaluate = prepareQuery(request.query);
  }

  async decide(candidates: readonly TracePosition[]): Promise<Judgement<TraceFinding>> {
    const { search, required } = this.#request;
    const findings: TraceFinding[] = [];
    let decided = 0;
    let spansInspected = 0;
    try {
      const sizes = await search.spanCounts(
        candidates.map(({ traceId }) => traceId),
        required,
      );
      for (const { traceIds, through, spanCount } of batchesOf(candidates, sizes)) {
        for (const [traceId, data] of await search.wholeTraces(traceIds)) findings.push(...this.#judge(traceId, data));
        spansInspected += spanCount;
        decided = through;
      }
      const tooLarge = candidates.find(({ traceId }) => (sizes.get(traceId) ?? 0) > MAX_TRACE_SPANS);
      const judgement = { findings, decided: candidates.length, spansInspected };
      if (tooLarge === undefined) return judgement;
      const leftOut = `trace ${tooLarge.traceId} has more than ${MAX_TRACE_SPANS} spans (limit for this query) and was left out`;
      return { ...judgement, leftOut };
    } catch (error) {
      const stoppedBy = search.limitReason(error);
      if (stoppedBy === undefined) throw error;
      return { findings, decided, spansInspected, stoppedBy };
    }
  }

  /** What of a trace is shown, without the trace itself: that is freed. */
  *#judge(traceId: TraceId, data: TraceData): Generator<TraceFinding> {
    const { range, fields, spansPerTrace } = this.#request;
    for (const { newestUnixNano, spansets } of this.#evaluate(data, { range, show: fields })) {
      const shown = spansets.slice(0, MAX_SHOWN_SPANSETS).map((set) => shownSet(set, spansPerTrace));
      yield {
        traceId,
        newestMatchUnixNano: newestUnixNano,
        // by() cuts sets apart: no span is in two.
        matchedCount: spansets.reduce((sum, set) => sum + set.matchedCount, 0),
        ...weighed(spansets),
        spansets: shown,
        matched: shown
          .flatMap(({ spans }) => spans)
          .sort(compareLongestFirst)
          .slice(0, spansPerTrace),
      };
    }
  }

  async show(findings: readonly TraceFinding[]): Promise<readonly FoundTrace[]> {
    const summaries = await this.#request.search.summaries(findings.map(({ traceId }) => traceId));
    return findings.flatMap(({ traceId, matchedCount, matched, spansets }) => {
      const summary = summaries.get(traceId);
      return summary === undefined ? [] : [{ ...foundSummary(summary), matchedCount, matched, spansets }];
    });
  }
}

function weighed(spansets: readonly SpansetResult[]): Pick<SampledMatch, 'sampledCount' | 'matchedWeight'> {
  let [sampledCount, matchedWeight] = [0, 0];
  for (const { spans } of spansets) {
    for (const { span } of spans) {
      const weight = spanWeight(span.traceState);
      if (weight > 1) sampledCount++;
      matchedWeight += weight;
    }
  }
  return { sampledCount, matchedWeight };
}

interface TraceBatch {
  readonly traceIds: readonly TraceId[];
  readonly spanCount: number;
  /** Candidates that are decided once this batch is. */
  readonly through: number;
}

/** Candidates in their order, cut by their number of spans; those without a size need not be looked at. */
function* batchesOf(candidates: readonly TracePosition[], sizes: ReadonlyMap<TraceId, number>): Generator<TraceBatch> {
  let traceIds: TraceId[] = [];
  let spanCount = 0;
  for (const [at, { traceId }] of candidates.entries()) {
    const size = sizes.get(traceId);
    if (size === undefined || size > MAX_TRACE_SPANS) continue;
    if (traceIds.length > 0 && spanCount + size > MAX_SPANS_AT_ONCE) {
      yield { traceIds, spanCount, through: at };
      traceIds = [];
      spanCount = 0;
    }
    traceIds.push(traceId);
    spanCount += size;
  }
  if (traceIds.length > 0) yield { traceIds, spanCount, through: candidates.length };
}

function shownSet({ spans, attributes, matchedCount }: SpansetResult, spansPerTrace: number): FoundSpanset {
  const found = spans.map(foundSpan).sort(compareLongestFirst);
  return { attributes: attributes.map(foundAttribute), matchedCount, spans: found.slice(0, spansPerTrace) };
}

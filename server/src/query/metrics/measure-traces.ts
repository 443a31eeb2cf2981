import type { TraceId } from '@clew/model';
import type { MetricsQuery } from '@clew/traceql';
import { collectMetrics, type MetricsCollector } from '@clew/traceql/evaluate';
import type { CandidateBatch, SpanSearch, SpanStore } from '../../store/span-store.ts';
import { type NecessaryCondition, necessaryCondition } from '../search/necessary-condition.ts';
import type { MetricsPipeline, PipelineMeasure, PipelineRequest } from './pipeline-measure.ts';

/** Spans (about 2 kB each) that are in memory at once, unless one trace alone has more. */
const MAX_SPANS_AT_ONCE = 20_000;
/** Spans of a trace that can be evaluated: about half a gigabyte. */
const MAX_TRACE_SPANS = 250_000;
/** Spans of all traces that are evaluated for one answer: what is measured of each is kept. */
export const MAX_EVALUATED_SPANS = 1_000_000;
const FIRST_ROUND = 256;
const MAX_ROUND = 4_096;

/** Loads the traces that may match whole, newest first, and evaluates the pipeline over each: slow, and right. */
export async function measureTraces(
  store: SpanStore,
  pipeline: MetricsPipeline,
  request: PipelineRequest,
  why: readonly string[],
): Promise<PipelineMeasure> {
  const { tenant, options, maxSeries } = request;
  const search = store.openSearch(tenant, options);
  const collector = collectorOf(pipeline, request);
  const evaluation = new TraceEvaluation(search, pipeline, collector);
  const reasons = await evaluation.run(rangeOf(request));
  const { series } = collector.result();
  if (series.length > maxSeries) reasons.push(`only ${maxSeries} of ${series.length} series are shown`);
  if (request.sample !== undefined) reasons.push('the sample that was asked for is not taken: every span counts');
  return {
    series: series.slice(0, maxSeries),
    source: 'spans',
    statistics: search.statistics(reasons.length === 0 ? undefined : reasons.join('; ')),
    notes: [],
    tier: 'whole-traces',
    reasons: why,
    steps: search.steps,
  };
}

function rangeOf({ grid }: PipelineRequest) {
  const end = grid.originUnixNano + grid.stepNano * BigInt(grid.count);
  return { fromUnixNano: grid.originUnixNano, toUnixNano: end };
}

/** Of the one pipeline, without what is done with its series afterwards. */
function collectorOf(pipeline: MetricsPipeline, request: PipelineRequest): MetricsCollector {
  const { at } = pipeline;
  const query: MetricsQuery = {
    kind: 'metrics-query',
    expression: { ...pipeline, stages: [] },
    hints: request.extrapolate ? [] : [{ name: 'extrapolate', value: { type: 'bool', value: false }, at }],
    at,
  };
  const { grid, maxExemplars, perDoubling = 1 } = request;
  // A single bucket need not begin at a multiple of its length.
  const step = grid.count === 1 ? {} : { stepNano: grid.stepNano };
  return collectMetrics(query, { range: rangeOf(request), ...step, exemplars: maxExemplars, perDoubling });
}

class TraceEvaluation {
  readonly #search: SpanSearch;
  readonly #pipeline: MetricsPipeline;
  readonly #collector: MetricsCollector;
  readonly #reasons: string[] = [];
  #evaluated = 0;

  constructor(search: SpanSearch, pipeline: MetricsPipeline, collector: MetricsCollector) {
    this.#search = search;
    this.#pipeline = pipeline;
    this.#collector = collector;
  }

  /** @returns why something may be missing. */
  async run({ fromUnixNano, toUnixNano }: ReturnType<typeof rangeOf>): Promise<string[]> {
    const { span, trace } = necessaryCondition(this.#pipeline.pipeline);
    // Buckets are closed on the right.
    const range = { fromUnixNano: fromUnixNano + 1n, toUnixNano: toUnixNano + 1n };
    try {
      const walk = this.#search.candidates({ condition: span, required: trace, range, after: undefined });
      let batch: CandidateBatch;
      let round = FIRST_ROUND;
      do {
        batch = await walk.next(round);
        if (batch.stoppedBy !== undefined) this.#reasons.push(batch.stoppedBy);
        const candidates = batch.traces.map(({ traceId }) => traceId);
        if (candidates.length > 0) await this.#evaluate(candidates, trace);
        round = Math.min(round * 4, MAX_ROUND);
      } while (!batch.isLast && batch.stoppedBy === undefined && this.#evaluated < MAX_EVALUATED_SPANS);
      if (!batch.isLast && this.#evaluated >= MAX_EVALUATED_SPANS) {
        this.#reasons.push(`only the newest ${this.#evaluated} spans of traces that may match were evaluated`);
      }
    } catch (error) {
      const reason = this.#search.limitReason(error);
      if (reason === undefined) throw error;
      this.#reasons.push(reason);
    }
    return this.#reasons;
  }

  async #evaluate(candidates: readonly TraceId[], required: NecessaryCondition['trace']): Promise<void> {
    const sizes = await this.#search.spanCounts(candidates, required);
    let traceIds: TraceId[] = [];
    let spans = 0;
    for (const traceId of candidates) {
      const size = sizes.get(traceId);
      if (size === undefined) continue;
      if (size > MAX_TRACE_SPANS) {
        this.#reasons.push(
          `trace ${traceId} has more than ${MAX_TRACE_SPANS} spans (limit for this query) and was left out`,
        );
        continue;
      }
      if (spans + size > MAX_SPANS_AT_ONCE) {
        await this.#addTraces(traceIds, spans);
        traceIds = [];
        spans = 0;
      }
      traceIds.push(traceId);
      spans += size;
    }
    await this.#addTraces(traceIds, spans);
  }

  async #addTraces(traceIds: readonly TraceId[], spans: number): Promise<void> {
    if (traceIds.length === 0) return;
    for (const data of (await this.#search.wholeTraces(traceIds)).values()) this.#collector.add(data);
    this.#evaluated += spans;
  }
}

import { type Pipeline, parseQuery, printQuery, type SpansetQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import type { SpanSample } from '../../store/span-measure.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { instantGrid } from '../metrics/bucket-grid.ts';
import { measurePipeline } from '../metrics/measure-pipeline.ts';
import type { MetricsPipeline, PipelineMeasure } from '../metrics/pipeline-measure.ts';
import { parseSearch } from '../search.ts';
import type { ComparisonReads } from './comparison-reads.ts';

/** One side of a comparison, as it is asked for. */
export interface PopulationRequest {
  /** TraceQL of traces. */
  readonly text: string;
  readonly range: TimeRange;
}

/** One side: its query parsed once, its range. */
export class Population {
  /** "a" or "b". */
  readonly side: 'a' | 'b';
  readonly range: TimeRange;
  /** Canonical, without hints. */
  readonly text: string;
  readonly pipeline: Pipeline;

  /** @throws TraceqlError */
  constructor(side: 'a' | 'b', { text, range }: PopulationRequest) {
    this.side = side;
    this.range = range;
    const query: SpansetQuery = { ...parseSearch(text), hints: [] };
    this.text = printQuery(query);
    this.pipeline = query.pipeline;
  }

  /**
   * A metrics function over the matching spans, in one bucket that is the range.
   * @param metric as it is written behind a query: `count_over_time() by (status)`.
   */
  async measure(
    reads: ComparisonReads,
    metric: string,
    maxSeries: number,
    sample?: SpanSample,
  ): Promise<PipelineMeasure> {
    const pipeline = metricsPipeline(`${this.text} | ${metric}`);
    return reads.read(`spans of ${this.side}`, (store, tenant, options) =>
      measurePipeline(store, pipeline, {
        tenant,
        grid: instantGrid(this.range),
        extrapolate: true,
        ...(sample && { sample }),
        maxSeries,
        maxExemplars: 0,
        options,
      }),
    );
  }
}

function metricsPipeline(text: string): MetricsPipeline {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'metrics-query' && query.expression.kind === 'metrics-pipeline') return query.expression;
  throw new Error(`compare: '${text}' is no metrics pipeline. Write it as one function behind a query.`);
}

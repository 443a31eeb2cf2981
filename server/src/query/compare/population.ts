import type { ReadStatistics } from '@clew/contract';
import { type Pipeline, parseQuery, printQuery, type SpansetQuery } from '@clew/traceql';
import { checkRegex } from '@clew/traceql/validate-regex';
import type { SpanSample } from '../../store/span-measure.ts';
import type { ReadOptions, SpanStore, TimeRange } from '../../store/span-store.ts';
import { instantGrid } from '../metrics/bucket-grid.ts';
import { measurePipeline } from '../metrics/measure-pipeline.ts';
import type { MetricsPipeline, PipelineMeasure } from '../metrics/pipeline-measure.ts';
import { parseSearch } from '../search.ts';

/** One side of a comparison, as it is asked for. */
export interface PopulationRequest {
  /** TraceQL of traces. */
  readonly text: string;
  readonly range: TimeRange;
}

/** What the reads of one comparison have in common: one deadline over all of them. */
export class ComparisonReads {
  readonly store: SpanStore;
  readonly tenant: string;
  readonly #options: ReadOptions;
  readonly #startedAt = performance.now();
  #rowsRead = 0;
  #bytesRead = 0;
  #unknownReads = 0;
  readonly #reasons = new Set<string>();

  constructor(store: SpanStore, tenant: string, options: ReadOptions) {
    this.store = store;
    this.tenant = tenant;
    this.#options = options;
  }

  /** With the time that is left. */
  get options(): ReadOptions {
    const { timeoutMs } = this.#options;
    if (timeoutMs === undefined) return this.#options;
    return { ...this.#options, timeoutMs: Math.max(1, timeoutMs - (performance.now() - this.#startedAt)) };
  }

  /** @param of what may be missing when it is not whole: "traces of a". */
  add(statistics: ReadStatistics, of: string): void {
    this.#rowsRead += statistics.rowsRead;
    this.#bytesRead += statistics.bytesRead;
    this.#unknownReads += statistics.unknownReads ?? 0;
    if (!statistics.complete) this.#reasons.add(`${of}: ${statistics.incompleteReason ?? 'a limit'}`);
  }

  get statistics(): ReadStatistics {
    const reasons = [...this.#reasons];
    return {
      rowsRead: this.#rowsRead,
      bytesRead: this.#bytesRead,
      ...(this.#unknownReads > 0 && { unknownReads: this.#unknownReads }),
      elapsedMs: Math.round(performance.now() - this.#startedAt),
      complete: reasons.length === 0,
      ...(reasons.length > 0 && { incompleteReason: reasons.join('; ') }),
    };
  }
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
    const measure = await measurePipeline(reads.store, metricsPipeline(`${this.text} | ${metric}`), {
      tenant: reads.tenant,
      grid: instantGrid(this.range),
      extrapolate: true,
      ...(sample && { sample }),
      maxSeries,
      maxExemplars: 0,
      options: reads.options,
    });
    reads.add(measure.statistics, `spans of ${this.side}`);
    return measure;
  }
}

function metricsPipeline(text: string): MetricsPipeline {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'metrics-query' && query.expression.kind === 'metrics-pipeline') return query.expression;
  throw new Error(`compare: '${text}' is no metrics pipeline. Write it as one function behind a query.`);
}

import type { QueryPlan, QueryStep, ReadStatistics } from '@clew/contract';
import {
  type FieldReference,
  type MetricsExpression,
  type MetricsQuery,
  parseQuery,
  printExpression,
  printQuery,
} from '@clew/traceql';
import type { Series } from '@clew/traceql/evaluate/series';
import { applyStages, combine, type Operand, sortSeries } from '@clew/traceql/evaluate/series-stages';
import { checkRegex } from '@clew/traceql/validate-regex';
import type { BucketGrid, Measured } from '../../store/span-measure.ts';
import type { ReadOptions, SpanStore, TimeRange } from '../../store/span-store.ts';
import { QueryError } from '../query-error.ts';
import { namedFields } from '../search/shown-fields.ts';
import { noteUnknownAttributes } from '../search/unknown-attributes.ts';
import { defaultStepNano, gridOf, instantGrid } from './bucket-grid.ts';
import { measurePipeline } from './measure-pipeline.ts';
import { type MetricsHints, readMetricsHints } from './metrics-hints.ts';
import type { PipelineMeasure } from './pipeline-measure.ts';
import { type MetricsSeries, metricsSeriesOf } from './series.ts';

/** Most series of an answer. */
export const MAX_SERIES = 1_000;
/** Most points of all series together: of many buckets there are fewer series. */
export const MAX_ANSWER_POINTS = 500_000;

export interface MetricsRequest {
  readonly tenant: string;
  /** TraceQL that ends in a metrics function. */
  readonly text: string;
  readonly range: TimeRange;
  /** Absent: by the length of the range. */
  readonly stepNano?: bigint | undefined;
  /** One bucket that is the range. */
  readonly instant?: boolean;
  /** Absent: as the query's hint says, else none. */
  readonly maxExemplars?: number | undefined;
  /** At most MAX_SERIES. */
  readonly maxSeries?: number | undefined;
  /** Buckets of histogram_over_time for each doubling of the value; absent: 1. */
  readonly perDoubling?: number | undefined;
  readonly explain?: boolean;
  /** False: from single spans even where sums a minute would do. */
  readonly useMinutes?: boolean;
  readonly options?: ReadOptions;
}

export interface MetricsResult {
  readonly grid: BucketGrid;
  readonly series: readonly MetricsSeries[];
  readonly statistics: ReadStatistics & Pick<Measured, 'source'> & Partial<Pick<Measured, 'sampling'>>;
  /** The share of the spans that was looked at, where the query asks for a sample. */
  readonly sampledShare?: number;
  readonly storedUntilUnixMs?: number;
  readonly notes: readonly string[];
  readonly plan?: QueryPlan;
}

/**
 * Series of a metrics query. What a limit left out is said in the statistics and the notes.
 * @throws TraceqlError, QueryError QUERY_NOT_METRICS, QUERY_STEP_INVALID
 */
export async function queryMetrics(store: SpanStore, request: MetricsRequest): Promise<MetricsResult> {
  const startedAt = performance.now();
  const query = parseMetricsQuery(request.text);
  const hints = readMetricsHints(query.hints);
  const grid = gridFor(request);
  const run = new MetricsRun(store, request, grid, hints);
  const search = store.openSearch(request.tenant, request.options);
  const [series, storedData] = await Promise.all([run.evaluate(query.expression), search.stored()]);
  const isNothing = typeof series !== 'number' && series.length === 0 && run.statistics.complete;
  const suspects = pipelinesOf(query.expression).flatMap((pipeline) =>
    isNothing ? measuredFields(pipeline) : neverSet(pipeline, series),
  );
  const unknown = await noteUnknownAttributes(suspects, search);
  const receivedUntil = storedData?.receivedUntilUnixMs;
  return {
    grid,
    series: typeof series === 'number' ? [] : sortSeries(series).map(metricsSeriesOf),
    statistics: { ...run.statistics, elapsedMs: Math.round(performance.now() - startedAt) },
    ...(hints.sample && { sampledShare: hints.sample.share }),
    ...(receivedUntil !== undefined && { storedUntilUnixMs: receivedUntil }),
    notes: [...new Set([...run.notes, ...unknown])],
    ...(request.explain === true && { plan: run.plan(printQuery(query)) }),
  };
}

type MetricsPipeline = MetricsExpression & { readonly kind: 'metrics-pipeline' };

/** All that an expression calculates with. */
function pipelinesOf(expression: MetricsExpression): readonly MetricsPipeline[] {
  switch (expression.kind) {
    case 'static':
      return [];
    case 'metrics-arithmetic':
      return [...pipelinesOf(expression.left), ...pipelinesOf(expression.right)];
    case 'metrics-pipeline':
      return [expression];
  }
}

/** What the pipelines name, and what is measured; without a value of that a span is not counted. */
function measuredFields({ pipeline, aggregate }: MetricsPipeline): readonly FieldReference[] {
  const measured = aggregate.kind === 'metrics-function' && aggregate.field !== undefined ? [aggregate.field] : [];
  return [...namedFields(pipeline), ...measured];
}

/** What by() names and no span of the answer has. */
function neverSet({ aggregate }: MetricsPipeline, series: Operand): readonly FieldReference[] {
  if (typeof series === 'number' || series.length === 0 || aggregate.kind !== 'metrics-function') return [];
  return aggregate.by.filter((field) => {
    const name = printExpression(field);
    return series.every(({ labels }) => labels.some((label) => label.name === name && label.value.type === 'nil'));
  });
}

function parseMetricsQuery(text: string): MetricsQuery {
  const query = parseQuery(text, { checkRegex });
  if (query.kind === 'metrics-query') return query;
  throw new QueryError(
    'QUERY_NOT_METRICS',
    'q: the query finds traces, not numbers. End it with a metrics function, for example | rate().',
  );
}

function gridFor({ range, stepNano, instant }: MetricsRequest): BucketGrid {
  if (instant === true) return instantGrid(range);
  if (stepNano !== undefined && stepNano < 1n) {
    throw new QueryError('QUERY_STEP_INVALID', 'step: it must be longer than zero. Write a duration such as 30s.');
  }
  return gridOf(range, stepNano ?? defaultStepNano(range));
}

/** The pipelines of one query, each measured by itself and all at once. */
class MetricsRun {
  readonly #store: SpanStore;
  readonly #request: MetricsRequest;
  readonly #grid: BucketGrid;
  readonly #hints: MetricsHints;
  readonly #measures: PipelineMeasure[] = [];

  constructor(store: SpanStore, request: MetricsRequest, grid: BucketGrid, hints: MetricsHints) {
    this.#store = store;
    this.#request = request;
    this.#grid = grid;
    this.#hints = hints;
  }

  async evaluate(expression: MetricsExpression): Promise<Operand> {
    switch (expression.kind) {
      case 'static':
        return literalNumber(expression);
      case 'metrics-pipeline':
        return applyStages(await this.#measure(expression), expression.stages);
      case 'metrics-arithmetic': {
        const operands = [this.evaluate(expression.left), this.evaluate(expression.right)] as const;
        const [left, right] = await Promise.all(operands);
        const combined = combine(expression.operator, left, right);
        return typeof combined === 'number' ? combined : applyStages(combined, expression.stages);
      }
    }
  }

  async #measure(pipeline: MetricsExpression & { kind: 'metrics-pipeline' }): Promise<readonly Series[]> {
    const { tenant, options = {}, explain = false, maxSeries = MAX_SERIES } = this.#request;
    const { maxExemplars, perDoubling, useMinutes } = this.#request;
    const { exemplars = 0, sample, extrapolate } = this.#hints;
    const pointLimit = Math.max(1, Math.floor(MAX_ANSWER_POINTS / this.#grid.count));
    const measure = await measurePipeline(this.#store, pipeline, {
      tenant,
      grid: this.#grid,
      extrapolate,
      ...(sample && { sample }),
      maxSeries: Math.min(maxSeries, MAX_SERIES, pointLimit),
      maxExemplars: maxExemplars ?? exemplars,
      ...(perDoubling !== undefined && { perDoubling }),
      ...(useMinutes !== undefined && { useMinutes }),
      options: { ...options, explain },
    });
    this.#measures.push(measure);
    return measure.series;
  }

  get statistics(): MetricsResult['statistics'] {
    const all = this.#measures;
    const add = (of: (measure: PipelineMeasure) => number): number => all.reduce((sum, one) => sum + of(one), 0);
    const reasons = [...new Set(all.flatMap(({ statistics }) => statistics.incompleteReason ?? []))];
    const sampling = {
      spans: add((one) => one.sampling?.spans ?? 0),
      sampled: add((one) => one.sampling?.sampled ?? 0),
      weight: add((one) => one.sampling?.weight ?? 0),
    };
    const unknownReads = add(({ statistics }) => statistics.unknownReads ?? 0);
    return {
      rowsRead: add(({ statistics }) => statistics.rowsRead),
      bytesRead: add(({ statistics }) => statistics.bytesRead),
      ...(unknownReads > 0 && { unknownReads }),
      elapsedMs: 0,
      complete: all.every(({ statistics }) => statistics.complete),
      ...(reasons.length > 0 && { incompleteReason: reasons.join('; ') }),
      source: all.length > 0 && all.every(({ source }) => source === 'minutes') ? 'minutes' : 'spans',
      ...(all.every((one) => one.sampling !== undefined) && { sampling }),
    };
  }

  get notes(): readonly string[] {
    return [...new Set(this.#measures.flatMap(({ notes }) => notes))];
  }

  plan(query: string): QueryPlan {
    const steps = this.#measures.flatMap(({ steps }): readonly QueryStep[] => steps);
    const tiers = this.#measures.map(({ tier }) => tier);
    const tier = tiers.includes('whole-traces') ? 'whole-traces' : tiers.includes('rows') ? 'rows' : 'sql';
    return { query, tier, reasons: [...new Set(this.#measures.flatMap(({ reasons }) => reasons))], steps };
  }
}

function literalNumber({ static: literal }: MetricsExpression & { kind: 'static' }): number {
  switch (literal.type) {
    case 'int':
    case 'float':
      return Number(literal.value);
    // Series of durations are in seconds.
    case 'duration':
      return Number(literal.value) / 1e9;
    default:
      return Number.NaN;
  }
}

import type { TraceData } from '@clew/model';
import type { MetricsExpression, MetricsQuery, Static } from '../tree.ts';
import { CompareSeries } from './compare-series.ts';
import { compilePipeline, type RunStage, wholeTrace } from './compile-pipeline.ts';
import { FunctionSeries } from './function-series.ts';
import type { SeriesGatherer } from './gather-series.ts';
import type { TimeRange } from './is-in-range.ts';
import type { Series } from './series.ts';
import { applyStages, combine, type Operand, sortSeries } from './series-stages.ts';
import { spanWeight } from './span-weight.ts';
import { bucketOf, buildTimeBuckets, type TimeBuckets } from './time-buckets.ts';
import { splitTraces, type TraceSpans } from './trace-spans.ts';

export interface MetricsOptions {
  readonly range: TimeRange;
  /** Length of a bucket, more than 0. Absent (an instant query): one bucket over the whole range. */
  readonly stepNano?: bigint;
  /** Spans to show beside the series, for each pipeline of the query; default none. */
  readonly exemplars?: number;
  /** Buckets of histogram_over_time for each doubling of the value; default 1. */
  readonly perDoubling?: number;
}

export interface MetricsResult {
  /** What each of the values of a series belongs to: the end of its bucket. */
  readonly bucketEndsUnixNano: readonly bigint[];
  readonly stepNano: bigint;
  /** By labels as printed. */
  readonly series: readonly Series[];
}

/** Collects traces, and says at any time what series they make. */
export interface MetricsCollector {
  /** Whole traces; none that was added before. */
  add(data: TraceData): void;
  result(): MetricsResult;
}

/**
 * The series of a metrics query over traces. `data` may hold several traces; each is taken whole.
 * @throws TraceqlError TRACEQL_TYPE for a regular expression that is invalid or no literal.
 */
export function evaluateMetrics(query: MetricsQuery, data: TraceData, options: MetricsOptions): MetricsResult {
  const collector = collectMetrics(query, options);
  collector.add(data);
  return collector.result();
}

/** As `evaluateMetrics`, for traces that come one after the other. What it keeps grows with the spans found. */
export function collectMetrics(query: MetricsQuery, options: MetricsOptions): MetricsCollector {
  const buckets = buildTimeBuckets(options.range, options.stepNano);
  const exemplars = options.exemplars ?? 0;
  const extrapolate = !query.hints.some(({ name, value }) => name === 'extrapolate' && isFalse(value));
  const root = prepareExpression(query.expression, {
    buckets,
    exemplars,
    extrapolate,
    perDoubling: options.perDoubling ?? 1,
  });
  return {
    add: (data) => {
      for (const trace of splitTraces(data)) root.add(trace);
    },
    result: () => {
      const operand = root.operand();
      const series = typeof operand === 'number' ? [] : sortSeries(operand);
      return { bucketEndsUnixNano: buckets.endsUnixNano, stepNano: buckets.stepNano, series };
    },
  };
}

function isFalse(value: Static): boolean {
  return value.type === 'bool' && !value.value;
}

interface Settings {
  readonly buckets: TimeBuckets;
  readonly exemplars: number;
  readonly extrapolate: boolean;
  readonly perDoubling: number;
}

interface Prepared {
  add(trace: TraceSpans): void;
  operand(): Operand;
}

function prepareExpression(expression: MetricsExpression, settings: Settings): Prepared {
  switch (expression.kind) {
    case 'static': {
      const value = numberOfStatic(expression.static);
      return { add: () => undefined, operand: () => value };
    }
    case 'metrics-arithmetic': {
      const left = prepareExpression(expression.left, settings);
      const right = prepareExpression(expression.right, settings);
      return {
        add: (trace) => {
          left.add(trace);
          right.add(trace);
        },
        operand: () => {
          const combined = combine(expression.operator, left.operand(), right.operand());
          return typeof combined === 'number' ? combined : applyStages(combined, expression.stages);
        },
      };
    }
    case 'metrics-pipeline':
      return preparePipeline(expression, settings);
  }
}

function preparePipeline(expression: MetricsExpression & { kind: 'metrics-pipeline' }, settings: Settings): Prepared {
  const run = compilePipeline(expression.pipeline);
  const { aggregate } = expression;
  const { exemplars, perDoubling } = settings;
  const gatherer: SeriesGatherer =
    aggregate.kind === 'compare' ? new CompareSeries(aggregate) : new FunctionSeries(aggregate, exemplars, perDoubling);
  return {
    add: (trace) => count(trace, run, gatherer, settings),
    operand: () => applyStages(gatherer.series(settings.buckets, settings.exemplars), expression.stages),
  };
}

/** Every span of the final spansets counts once, in the bucket of its start. */
function count(trace: TraceSpans, run: RunStage, gatherer: SeriesGatherer, { buckets, extrapolate }: Settings): void {
  const found = new Set(run(trace, wholeTrace(trace)).flatMap(({ spans }) => spans));
  for (const position of found) {
    const { span } = trace.spans[position];
    const bucket = bucketOf(buckets, span.startTimeUnixNano);
    if (bucket === undefined) continue;
    gatherer.add({ trace, position, bucket, weight: extrapolate ? spanWeight(span.traceState) : 1 });
  }
}

/** Durations are seconds, as those of series are. */
function numberOfStatic(value: Static): number {
  switch (value.type) {
    case 'int':
    case 'float':
      return Number(value.value);
    case 'duration':
      return Number(value.value) / 1e9;
    default:
      return Number.NaN;
  }
}

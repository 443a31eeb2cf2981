import type { SpanId, TraceId } from '@clew/model';
import { type FieldExpression, isSameExpression, printExpression } from '@clew/traceql';
import {
  type ColumnPlan,
  DURATION_NUMBER,
  FLOAT_NUMBER,
  INT_NUMBER,
  planColumns,
  preparePipeline,
  type RunPipeline,
} from '@clew/traceql/columnar';
import { FunctionSeries } from '@clew/traceql/evaluate/function-series';
import { labelsKey, type SeriesLabel } from '@clew/traceql/evaluate/series';
import { bucketOf, buildTimeBuckets, type TimeBuckets } from '@clew/traceql/evaluate/time-buckets';
import type { Value } from '@clew/traceql/evaluate/value';
import type { CandidateBatch, SpanRows, SpanSearch, SpanStore } from '../../store/span-store.ts';
import { necessaryCondition } from '../search/necessary-condition.ts';
import type { FunctionPipeline, PipelineMeasure, PipelineRequest } from './pipeline-measure.ts';

/** Rows that are looked at for one answer: some hundred bytes each, in parts. */
export const MAX_INSPECTED_ROWS = 20_000_000;
/** Values that are kept until the series are known. */
export const MAX_COUNTED_ROWS = 5_000_000;
const FIRST_ROUND = 512;
const MAX_ROUND = 2_048;

/**
 * Where spans are related, grouped or counted, and SQL says every condition and value: the spans of candidate traces
 * come as columns, newest traces first, and the pipeline runs over these.
 * @returns sentences that say why it cannot be answered so.
 */
export async function measureRows(
  store: SpanStore,
  pipeline: FunctionPipeline,
  request: PipelineRequest,
): Promise<PipelineMeasure | readonly string[]> {
  const search = store.openSearch(request.tenant, request.options);
  const columns = columnsOf(pipeline);
  const undecided = [
    ...columns.conditions.filter((condition) => !search.decides(condition)),
    ...[...columns.groups, ...columns.numbers].filter((expression) => !search.reads(expression)),
  ];
  if (undecided.length > 0) {
    return [`SQL cannot say ${undecided.map(printExpression).join(', ')}: candidate traces are evaluated whole`];
  }
  const counting = new RowCounting(search, pipeline, columns, request);
  const cut = await counting.run();
  const series = counting.series();
  if (series.length > request.maxSeries) cut.push(`only ${request.maxSeries} of ${series.length} series are shown`);
  return {
    series: series.slice(0, request.maxSeries),
    source: 'spans',
    statistics: search.statistics(cut.length === 0 ? undefined : [...new Set(cut)].join('; ')),
    sampling: counting.sampling,
    notes: [],
    tier: 'rows',
    reasons: [
      'spans are related, grouped or counted: the engine decides about single spans, the rest is computed over columns ' +
        'of candidate traces',
    ],
    steps: search.steps,
  };
}

/** What the pipeline reads, with what is measured of its spans. */
function columnsOf({ pipeline, aggregate }: FunctionPipeline): ColumnPlan {
  const plan = planColumns(pipeline);
  const numbers = aggregate.field === undefined ? [] : [aggregate.field];
  return { ...plan, groups: joined(plan.groups, aggregate.by), numbers: joined(plan.numbers, numbers) };
}

function joined(known: readonly FieldExpression[], further: readonly FieldExpression[]): readonly FieldExpression[] {
  const list = [...known];
  for (const one of further) if (!list.some((other) => isSameExpression(other, one))) list.push(one);
  return list;
}

class RowCounting {
  readonly #search: SpanSearch;
  readonly #pipeline: FunctionPipeline;
  readonly #columns: ColumnPlan;
  readonly #buckets: TimeBuckets;
  readonly #maxExemplars: number;
  readonly #run: RunPipeline;
  readonly #series: FunctionSeries;
  readonly #cut: string[] = [];
  readonly #isWeighted: boolean;
  #inspected = 0;
  #counted = 0;
  #sampled = 0;
  #weight = 0;

  constructor(search: SpanSearch, pipeline: FunctionPipeline, columns: ColumnPlan, request: PipelineRequest) {
    const { grid, maxExemplars, extrapolate, perDoubling } = request;
    this.#isWeighted = extrapolate;
    this.#search = search;
    this.#pipeline = pipeline;
    this.#columns = columns;
    const range = {
      fromUnixNano: grid.originUnixNano,
      toUnixNano: grid.originUnixNano + grid.stepNano * BigInt(grid.count),
    };
    this.#buckets = buildTimeBuckets(range, grid.count === 1 ? undefined : grid.stepNano);
    this.#maxExemplars = maxExemplars;
    this.#run = preparePipeline(pipeline.pipeline, columns);
    this.#series = new FunctionSeries(pipeline.aggregate, maxExemplars, perDoubling);
  }

  get sampling() {
    return { spans: this.#counted, sampled: this.#sampled, weight: this.#weight };
  }

  series() {
    return [...this.#series.series(this.#buckets, this.#maxExemplars)];
  }

  /** @returns why something may be missing. */
  async run(): Promise<string[]> {
    const { span, link, trace } = necessaryCondition(this.#pipeline.pipeline);
    const { originUnixNano, endsUnixNano } = this.#buckets;
    // Buckets are closed on the right.
    const range = { fromUnixNano: originUnixNano + 1n, toUnixNano: (endsUnixNano.at(-1) ?? originUnixNano) + 1n };
    try {
      const walk = this.#search.candidates({ condition: span, required: trace, link, range, after: undefined });
      let batch: CandidateBatch;
      let round = FIRST_ROUND;
      do {
        batch = await walk.next(round, true);
        if (batch.stoppedBy !== undefined) this.#cut.push(batch.stoppedBy);
        await this.#countTraces(
          batch.traces.map(({ traceId }) => traceId),
          trace,
        );
        round = Math.min(round * 2, MAX_ROUND);
      } while (!batch.isLast && batch.stoppedBy === undefined && !this.#isFull());
      if (!batch.isLast && this.#isFull()) {
        this.#cut.push(`only the newest ${this.#inspected} spans of traces that may match were looked at`);
      }
    } catch (error) {
      const reason = this.#search.limitReason(error);
      if (reason === undefined) throw error;
      this.#cut.push(reason);
    }
    return this.#cut;
  }

  #isFull(): boolean {
    return this.#inspected >= MAX_INSPECTED_ROWS || this.#counted >= MAX_COUNTED_ROWS;
  }

  async #countTraces(traceIds: readonly TraceId[], required: Parameters<SpanSearch['spanCounts']>[1]): Promise<void> {
    if (traceIds.length === 0) return;
    const rows = await this.#search.spanRows({
      columns: this.#columns,
      traceIds,
      required,
      weighted: this.#isWeighted,
    });
    if (rows !== undefined) return this.#countRows(rows);
    if (traceIds.length === 1) {
      this.#cut.push(`trace ${traceIds[0]} has too many spans for this query and was left out`);
      return;
    }
    const half = Math.ceil(traceIds.length / 2);
    await this.#countTraces(traceIds.slice(0, half), required);
    await this.#countTraces(traceIds.slice(half), required);
  }

  #countRows(rows: SpanRows): void {
    const labels = this.#labelsReader(rows);
    const value = this.#valueReader(rows);
    const spanIds = new Uint8Array(rows.table.spanIds.buffer, rows.table.spanIds.byteOffset);
    this.#inspected += rows.starts.length;
    for (const [trace, traceId] of rows.traceIds.entries()) {
      // by() cuts sets apart: no span is in two.
      for (const set of this.#run(rows.table, trace)) {
        for (const row of set.rows) {
          const startTimeUnixNano = BigInt.asUintN(64, rows.starts[row]);
          const bucket = bucketOf(this.#buckets, startTimeUnixNano);
          if (bucket === undefined) continue;
          const spanId = this.#maxExemplars === 0 ? NO_SPAN_ID : spanIdAt(spanIds, row);
          const span = { traceId, spanId, startTimeUnixNano };
          const weight = rows.weights?.[row] ?? 1;
          this.#series.addSpan({ span, value: value(row), ...labels(row), bucket, weight });
          this.#counted++;
          this.#weight += weight;
          if (weight > 1) this.#sampled++;
        }
      }
    }
  }

  /** Labels with their key, made once for each combination of values. */
  #labelsReader({ table }: SpanRows): (row: number) => { labels: readonly SeriesLabel[]; key: string } {
    const { by, function: name } = this.#pipeline.aggregate;
    if (by.length === 0) {
      const labels: SeriesLabel[] = [{ name: '__name__', value: { type: 'string', value: name } }];
      const only = { labels, key: labelsKey(labels) };
      return () => only;
    }
    const columns = by.map((field) => {
      const at = this.#columns.groups.findIndex((group) => isSameExpression(group, field));
      return { label: printExpression(field), ...table.groups[at] };
    });
    const known = new Map<string, { labels: readonly SeriesLabel[]; key: string }>();
    return (row) => {
      const ids =
        columns.length === 1 ? String(columns[0].ids[row]) : columns.map((column) => column.ids[row]).join(' ');
      let found = known.get(ids);
      if (found === undefined) {
        const labels = columns.map(({ label, ids: of, values }) => ({ name: label, value: values[of[row]] }));
        found = { labels, key: labelsKey(labels) };
        known.set(ids, found);
      }
      return found;
    };
  }

  #valueReader({ table }: SpanRows): (row: number) => Value {
    const { field } = this.#pipeline.aggregate;
    if (field === undefined) return () => undefined;
    const at = this.#columns.numbers.findIndex((number) => isSameExpression(number, field));
    const { kinds, ints, floats } = table.numbers[at];
    return (row) => {
      switch (kinds[row]) {
        case INT_NUMBER:
          return { type: 'int', value: ints[row] };
        case FLOAT_NUMBER:
          return { type: 'float', value: floats[row] };
        case DURATION_NUMBER:
          return { type: 'duration', value: ints[row] };
        default:
          return undefined;
      }
    };
  }
}

const NO_SPAN_ID = '' as SpanId;

/** Ids lie as the bytes they are. */
function spanIdAt(bytes: Uint8Array, row: number): SpanId {
  return Buffer.from(bytes.buffer, bytes.byteOffset + row * 8, 8).toString('hex') as SpanId;
}

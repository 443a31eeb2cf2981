import {
  TEMPO_COMPLETE,
  TEMPO_PARTIAL,
  type TempoKeyValue,
  type TempoQueryInstantResponse,
  type TempoQueryRangeResponse,
  type TempoSearchMetrics,
  type TempoSeries,
} from '@clew/wire/tempo/tempo-messages';
import { bucketEnd } from '../../query/metrics/bucket-grid.ts';
import { type MetricsResult, queryMetrics } from '../../query/metrics/query-metrics.ts';
import type { MetricsSeries } from '../../query/metrics/series.ts';
import { foundAttribute } from '../../query/search/found-span.ts';
import type { SpanStore, TimeRange } from '../../store/span-store.ts';
import { tempoValue } from './found-to-tempo.ts';
import type { TempoMetrics } from './metrics-request.ts';
import { tryMetricsSlices } from './metrics-slices.ts';
import { ZeroFill } from './zero-fill.ts';

export interface RunMetrics {
  readonly store: SpanStore;
  readonly tenant: string;
  readonly asked: TempoMetrics;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onRead: (rows: number, bytes: number) => void;
}

/** The whole range at once. @throws TraceqlError, QueryError */
export async function runQueryRange(options: RunMetrics): Promise<TempoQueryRangeResponse> {
  const result = await runPart(options, options.asked.range, options.timeoutMs);
  return rangeResponse(
    result,
    result.series.map((series) => rangeSeries(series, result.grid)),
    [1, 1],
  );
}

/** One value a series. @throws TraceqlError, QueryError */
export async function runQueryInstant(options: RunMetrics): Promise<TempoQueryInstantResponse> {
  const result = await runPart(options, options.asked.range, options.timeoutMs);
  const series = result.series
    .filter(({ values }) => !Number.isNaN(values[0]))
    .map(({ labels, values }) => ({ labels: keyValuesOf(labels), value: values[0] ?? 0 }));
  return { series, metrics: metricsOf(result, [1, 1]), ...statusOf(result) };
}

/**
 * The range piece by piece, newest first, where a piece says what the whole would say of it: each point comes once,
 * but for zeros of series that show up later. @throws TraceqlError, QueryError
 */
export async function* streamQueryRange(options: RunMetrics): AsyncGenerator<TempoQueryRangeResponse> {
  const slices = tryMetricsSlices(options.asked);
  if (slices === undefined) {
    yield await runQueryRange(options);
    return;
  }
  const startedMs = performance.now();
  const zeros = new ZeroFill(slices.measure);
  const { maxExemplars } = options.asked;
  const { ranges } = slices;
  const ofPiece = maxExemplars === undefined ? undefined : Math.ceil(maxExemplars / ranges.length);
  const piece: RunMetrics = { ...options, asked: { ...options.asked, maxExemplars: ofPiece } };
  let read = { rows: 0, bytes: 0 };
  let missing: Pick<MetricsResult['statistics'], 'complete' | 'incompleteReason'> = { complete: true };
  for (const [i, slice] of ranges.entries()) {
    const leftMs = Math.max(options.timeoutMs - (performance.now() - startedMs), 1_000);
    const result = await runPart(piece, slice, leftMs);
    read = { rows: read.rows + result.statistics.rowsRead, bytes: read.bytes + result.statistics.bytesRead };
    const series = result.series.map((one) => rangeSeries(one, result.grid));
    // What one piece lacks the whole lacks, and its last message speaks for all.
    if (missing.complete) missing = result.statistics;
    const { complete, incompleteReason } = missing;
    const total = {
      ...result.statistics,
      rowsRead: read.rows,
      bytesRead: read.bytes,
      complete,
      ...(incompleteReason !== undefined && { incompleteReason }),
    };
    const filled = zeros.fill(series, result.grid);
    yield rangeResponse({ ...result, statistics: total }, filled, [i + 1, ranges.length]);
  }
}

async function runPart(
  { store, tenant, asked, signal, onRead }: RunMetrics,
  range: TimeRange,
  timeoutMs: number,
): Promise<MetricsResult> {
  const { text, stepNano, instant, maxExemplars, maxSeries } = asked;
  const result = await queryMetrics(store, {
    ...{ tenant, text, range, stepNano, instant, maxExemplars, maxSeries },
    options: { signal, timeoutMs },
  });
  onRead(result.statistics.rowsRead, result.statistics.bytesRead);
  return result;
}

type Jobs = readonly [completed: number, total: number];

function rangeResponse(result: MetricsResult, series: readonly TempoSeries[], jobs: Jobs): TempoQueryRangeResponse {
  return {
    series: series.filter(({ samples }) => samples.length > 0),
    metrics: metricsOf(result, jobs),
    ...statusOf(result),
  };
}

function rangeSeries({ labels, values, exemplars }: MetricsSeries, grid: MetricsResult['grid']): TempoSeries {
  const samples = Array.from(values, (value, bucket) => ({ timestampMs: bucketEnd(grid, bucket) / 1_000_000n, value }));
  return {
    labels: keyValuesOf(labels),
    samples: samples.filter(({ value }) => !Number.isNaN(value)),
    exemplars: exemplars.map((exemplar) => ({
      labels: [
        { key: 'trace:id', value: { type: 'string', value: exemplar.traceId } },
        { key: 'span:id', value: { type: 'string', value: exemplar.spanId } },
      ],
      value: Number.isNaN(exemplar.value) ? valueAt(values, grid, exemplar.startUnixNano) : exemplar.value,
      timestampMs: exemplar.startUnixNano / 1_000_000n,
    })),
  };
}

/** What the series says where a span was only counted. */
function valueAt(values: Float64Array, grid: MetricsResult['grid'], unixNano: bigint): number {
  const bucket = Number((unixNano - grid.originUnixNano - 1n) / grid.stepNano);
  const value = values[bucket];
  return value === undefined || Number.isNaN(value) ? 0 : value;
}

function keyValuesOf(labels: MetricsSeries['labels']): readonly TempoKeyValue[] {
  return labels.map((label) => ({ key: label.name, value: tempoValue(foundAttribute(label)) }));
}

function metricsOf({ statistics }: MetricsResult, [completedJobs, totalJobs]: Jobs): TempoSearchMetrics {
  return {
    inspectedBytes: BigInt(statistics.bytesRead),
    inspectedSpans: BigInt(statistics.rowsRead),
    completedJobs,
    totalJobs,
  };
}

function statusOf({ statistics, notes }: MetricsResult): { readonly status: number; readonly message: string } {
  const reasons = [...(statistics.incompleteReason === undefined ? [] : [statistics.incompleteReason]), ...notes];
  return { status: statistics.complete ? TEMPO_COMPLETE : TEMPO_PARTIAL, message: reasons.join('; ') };
}

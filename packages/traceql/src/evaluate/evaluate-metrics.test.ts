import type { TraceData } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { buildVocabulary } from '@clew/testkit/filter-vocabulary';
import { Random } from '@clew/testkit/random';
import { randomMetricsQuery } from '@clew/testkit/random-query';
import { describe, expect, it } from 'vitest';
import { parseQuery } from '../parse.ts';
import { printQuery } from '../print.ts';
import type { MetricsQuery } from '../tree.ts';
import { collectMetrics, evaluateMetrics } from './evaluate-metrics.ts';
import { evaluateQuery } from './evaluate-query.ts';
import { labelsText, type Series } from './series.ts';
import { listSpans } from './trace-spans.ts';

const SEED = 20_261_122;
const HOUR = 3_600_000_000_000n;
const OPTIONS = {
  range: { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO },
  stepNano: HOUR,
};

function metricsQuery(text: string): MetricsQuery {
  const query = parseQuery(text);
  if (query.kind !== 'metrics-query') throw new Error(`not a metrics query: ${text}`);
  return query;
}

/** Sums of fractions depend on the order of adding in their last digits. */
function printSeries(series: readonly Series[]): string[] {
  return series.map(({ labels, values }) => `${labelsText(labels)} ${values.map((value) => value?.toPrecision(9))}`);
}

/** The data of one trace after the other. */
function byTrace(data: TraceData): TraceData[] {
  const ids = new Set(listSpans(data).map(({ span }) => span.traceId));
  return [...ids].map((traceId) => ({
    resourceSpans: data.resourceSpans.map((resource) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scope) => ({
        ...scope,
        spans: scope.spans.filter((span) => span.traceId === traceId),
      })),
    })),
  }));
}

describe(`metrics over traces (seed ${SEED})`, () => {
  const world = buildSmallWorld(new Random(SEED), 40);

  it('are the same whether traces come at once or one by one, in any order', () => {
    const random = new Random(SEED);
    const vocabulary = buildVocabulary(world);
    const traces = byTrace(world);
    for (let i = 0; i < 40; i++) {
      const query = randomMetricsQuery(random, vocabulary);
      const collector = collectMetrics(query, OPTIONS);
      for (const trace of traces.toReversed()) collector.add(trace);
      const atOnce = evaluateMetrics(query, world, OPTIONS);
      expect(printSeries(collector.result().series), printQuery(query)).toEqual(printSeries(atOnce.series));
    }
  });

  it('count every span of the result of the same pipeline once', () => {
    const metrics = evaluateMetrics(
      metricsQuery('{ status = error } || { kind = server } | by(name) | count_over_time() with (extrapolate=false)'),
      world,
      OPTIONS,
    );
    const spans = parseQuery('{ status = error } || { kind = server }');
    if (spans.kind !== 'spanset-query') throw new Error('not a query of spansets.');
    const [first, , , , , last] = metrics.bucketEndsUnixNano;
    const isInside = (start: bigint) => start > first - metrics.stepNano && start <= last;
    const starts = evaluateQuery(spans, world)
      .flatMap(({ spansets }) => spansets.flatMap((set) => set.spans))
      .map(({ span }) => span.startTimeUnixNano);
    expect(metrics.bucketEndsUnixNano).toHaveLength(7);
    const counted = (metrics.series[0]?.values ?? []).slice(0, 6).reduce((sum: number, value) => sum + (value ?? 0), 0);
    expect(counted).toBe(starts.filter(isInside).length);
  });

  it('show no more exemplars than wanted, of several buckets, with what was measured', () => {
    const query = metricsQuery('{ duration > 1s } | max_over_time(duration) by (status)');
    const spans = new Map(listSpans(world).map(({ span }) => [`${span.traceId} ${span.startTimeUnixNano}`, span]));
    for (const wanted of [0, 1, 3, 10]) {
      const { series, bucketEndsUnixNano } = evaluateMetrics(query, world, { ...OPTIONS, exemplars: wanted });
      const shown = series.flatMap(({ exemplars }) => exemplars);
      expect(shown).toHaveLength(wanted);
      for (const { traceId, startUnixNano, value } of shown) {
        const span = spans.get(`${traceId} ${startUnixNano}`);
        expect(span).toBeDefined();
        expect(value).toBeGreaterThan(1);
      }
      const buckets = new Set(
        shown.map(({ startUnixNano }) => bucketEndsUnixNano.findIndex((end) => startUnixNano <= end)),
      );
      expect(buckets.size).toBeGreaterThanOrEqual(Math.min(wanted, 3));
    }
  });
});

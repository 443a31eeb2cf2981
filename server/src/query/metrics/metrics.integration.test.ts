import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../../store/reader.ts';
import { queryMetrics } from './query-metrics.ts';

let engine: TestStore;
let store: ClickHouseSpanStore;
const range = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
const HOUR_NANO = 3_600_000_000_000n;

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(buildSmallWorld(new Random(7), 150), 't', Number(WORLD_END_UNIX_NANO / 1_000_000n));
});
afterAll(() => engine.close());

const lastEnd = range.toUnixNano + HOUR_NANO - (range.toUnixNano % HOUR_NANO);
const ask = (text: string) => queryMetrics(store, { tenant: 't', text, range, stepNano: HOUR_NANO, explain: true });

describe('a metrics query', () => {
  it.each([
    '{ } | rate()',
    '{ } | count_over_time() by(resource.service.name)',
    '{ status = error } | rate() by(name, kind)',
    '{ } | quantile_over_time(duration, .5, .9) by(status)',
    '{ } | histogram_over_time(duration)',
    '{ } | compare({ status = error })',
    '{ } | avg_over_time(span.attempts) by(.region)',
    '{ } | min_over_time(duration) by(span.odd) | topk(2)',
    '({ status = error } | rate()) / ({ } | rate())',
  ])('is answered by the engine alone: %s', async (text) => {
    const { series, plan, statistics } = await ask(text);
    expect(series.length).toBeGreaterThan(0);
    expect(plan?.tier).toBe('sql');
    expect(statistics.complete).toBe(true);
    if (!text.includes('compare')) expect(statistics.rowsRead).toBeGreaterThan(500);
  });

  it('has every span in one of its buckets', async () => {
    const { series, statistics } = await ask(
      '{ } | count_over_time() by(span.odd, resource.service.name) with(extrapolate=false)',
    );
    const counted = series.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), 0);
    const { rows } = await engine.selectJson<{ spans: string }>(
      'SELECT toString(count()) AS spans FROM spans WHERE toUnixTimestamp64Nano(start) > {from:Int64} ' +
        'AND toUnixTimestamp64Nano(start) <= {to:Int64}',
      { from: (range.fromUnixNano - (range.fromUnixNano % HOUR_NANO)).toString(), to: lastEnd.toString() },
      {},
    );
    expect(counted).toBe(Number(rows[0].spans));
    expect(statistics.sampling).toEqual({ spans: counted, sampled: 0, weight: counted });
  });

  it.each([
    ['{ status = error } | rate() by(resource.service.name)', 'sql'],
    ['{ } | quantile_over_time(duration, .5, .9) by(name)', 'sql'],
    ['{ } | histogram_over_time(duration)', 'sql'],
    ['{ } >> { status = error } | max_over_time(duration) by(name)', 'rows'],
  ])('shows spans that its series count: %s', async (text, tier) => {
    const result = await queryMetrics(store, {
      tenant: 't',
      text,
      range,
      stepNano: HOUR_NANO,
      maxExemplars: 12,
      explain: true,
      options: { timeoutMs: 120_000 },
    });
    expect(result.plan?.tier).toBe(tier);
    const shown = result.series.flatMap(({ exemplars }) => exemplars);
    expect(shown.length).toBeGreaterThan(2);
    expect(shown.length).toBeLessThanOrEqual(12);
    expect(new Set(shown.map(({ startUnixNano }) => startUnixNano / HOUR_NANO)).size).toBeGreaterThan(1);
    for (const { values, exemplars } of result.series) {
      for (const { traceId, spanId, startUnixNano } of exemplars) {
        const bucket = Number((startUnixNano - result.grid.originUnixNano - 1n) / HOUR_NANO);
        expect(values[bucket]).not.toBeNaN();
        const found = await store.loadSpans('t', traceId, [spanId]);
        const spans = (found?.resourceSpans ?? []).flatMap(({ scopeSpans }) => scopeSpans.flatMap((one) => one.spans));
        expect(spans.map((span) => span.startTimeUnixNano)).toContain(startUnixNano);
      }
    }
  });

  it('names the limit of series where it bites, and keeps those with the most spans', async () => {
    const all = await ask('{ } | count_over_time() by(span.odd)');
    const few = await queryMetrics(store, {
      tenant: 't',
      text: '{ } | count_over_time() by(span.odd)',
      range,
      stepNano: HOUR_NANO,
      maxSeries: 3,
    });
    const total = ({ values }: (typeof all.series)[number]) => values.reduce((sum, value) => sum + value, 0);
    expect(few.statistics).toMatchObject({
      complete: false,
      incompleteReason: 'only the 3 series with the most spans are shown',
    });
    expect(few.series.map(total).sort((a, b) => b - a)).toEqual(
      all.series
        .map(total)
        .sort((a, b) => b - a)
        .slice(0, 3),
    );
  });

  it('refuses a step that makes too many points, and a query that finds traces', async () => {
    await expect(
      queryMetrics(store, { tenant: 't', text: '{ } | rate()', range, stepNano: 1_000_000n }),
    ).rejects.toMatchObject({ code: 'QUERY_STEP_INVALID' });
    await expect(ask('{ status = error }')).rejects.toMatchObject({ code: 'QUERY_NOT_METRICS' });
  });

  it('sees nothing of other tenants, and several where they are asked for', async () => {
    await engine.insert(buildSmallWorld(new Random(8), 20), 'u', Number(WORLD_END_UNIX_NANO / 1_000_000n));
    const count = async (tenant: string, useMinutes: boolean) => {
      const text = '{ } | count_over_time() with(extrapolate=false)';
      const { series, statistics } = await queryMetrics(store, {
        tenant,
        text,
        range,
        stepNano: HOUR_NANO,
        useMinutes,
      });
      expect(statistics.source).toBe(useMinutes ? 'minutes' : 'spans');
      return series.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), 0);
    };
    for (const useMinutes of [true, false]) {
      const [t, u] = [await count('t', useMinutes), await count('u', useMinutes)];
      expect(t).toBeGreaterThan(u);
      expect(u).toBeGreaterThan(0);
      expect(await count('t|u', useMinutes)).toBe(t + u);
      expect(await count('nobody', useMinutes)).toBe(0);
    }
  });

  it.each([
    ['{ span.attemts = 1 } | rate()', ['No span has span.attemts. Did you mean span.attempts?']],
    ['{ span.attempts > 0 } | max_over_time(span.attemps)', ['No span has span.attemps. Did you mean span.attempts?']],
    [
      '({ span.attemts = 1 } | rate()) / ({ span.attemts = 2 } | rate())',
      ['No span has span.attemts. Did you mean span.attempts?'],
    ],
    ['{ span.odd = "no such value" } | rate()', []],
    ['{ } | rate() by(span.attemps)', ['No span has span.attemps. Did you mean span.attempts?']],
    ['{ } | rate() by(span.attemps, name) > 0', ['No span has span.attemps. Did you mean span.attempts?']],
    ['{ } | rate() by(span.odd)', []],
    ['{ span.odd = nil } | rate() by(span.odd)', []],
  ])('says what was probably meant where %s finds nothing, or nothing to group by', async (text, notes) => {
    expect((await ask(text)).notes).toEqual(notes);
  });

  it('has the same finer histogram however it is answered', async () => {
    const fine = async (filter: string) => {
      const text = `${filter} | histogram_over_time(duration) by(status)`;
      const result = await queryMetrics(store, {
        tenant: 't',
        text,
        range,
        stepNano: HOUR_NANO,
        perDoubling: 8,
        explain: true,
      });
      const cells = result.series.flatMap(({ labels, values }) => {
        const [status, bucket] = labels.map(({ value }) => (value.type === 'nil' ? '' : String(value.value)));
        const bound = Number((Number(bucket) * 1e9).toPrecision(9));
        return [...values].flatMap((count, at) =>
          count === 0 ? [] : [`${status} ${bound} ${at} ${count.toFixed(6)}`],
        );
      });
      return { tier: result.plan?.tier, cells: cells.sort(), bounds: new Set(cells.map((cell) => cell.split(' ')[1])) };
    };
    const [engineAlone, rows, wholeTraces] = [
      await fine('{ }'),
      await fine('{ } | count() > 0'),
      await fine('{ name != "no such name" || nestedSetLeft > 0 }'),
    ];
    expect([engineAlone.tier, rows.tier, wholeTraces.tier]).toEqual(['sql', 'rows', 'whole-traces']);
    expect(rows.cells).toEqual(engineAlone.cells);
    expect(wholeTraces.cells).toEqual(engineAlone.cells);
    const steps = [...engineAlone.bounds]
      .map(Number)
      .filter((bound) => bound > 0)
      .map((bound) => Math.log2(bound) * 8);
    for (const step of steps) expect(step).toBeCloseTo(Math.round(step), 5);
    expect(steps.some((step) => Math.round(step) % 8 !== 0)).toBe(true);
  });

  it('says that a sample was counted, and counts for the rest', async () => {
    const text = '{ } | count_over_time() with(sample=0.25, extrapolate=false)';
    const { sampledShare, statistics, series } = await ask(text);
    expect(sampledShare).toBe(0.25);
    const counted = series.reduce((sum, { values }) => sum + values.reduce((a, b) => a + b, 0), 0);
    expect(counted).toBe(statistics.sampling === undefined ? 0 : statistics.sampling.spans * 4);
    expect(statistics.sampling?.spans).toBeGreaterThan(0);
  });
});

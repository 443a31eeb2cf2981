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
});

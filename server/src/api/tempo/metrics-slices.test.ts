import { describe, expect, it } from 'vitest';
import { gridOf } from '../../query/metrics/bucket-grid.ts';
import type { TempoMetrics } from './metrics-request.ts';
import { tryMetricsSlices } from './metrics-slices.ts';
import { ZeroFill } from './zero-fill.ts';

const MINUTE = 60_000_000_000n;
const START = 1_700_000_123_000_000_000n;
const asked = (text: string, minutes: bigint, stepNano: bigint | undefined = MINUTE): TempoMetrics => ({
  ...{ text, stepNano, instant: false, maxExemplars: undefined, maxSeries: undefined },
  range: { fromUnixNano: START, toUnixNano: START + minutes * MINUTE },
});

describe('the pieces of a range', () => {
  it.each([180n, 181n, 1_000n, 1_439n])(
    'of %d minutes are whole buckets, newest first, and together the whole',
    (minutes) => {
      const question = asked('{ kind = server } | rate() by(name)', minutes);
      const slices = tryMetricsSlices(question)?.ranges ?? [];
      expect(slices).toHaveLength(4);
      const whole = gridOf(question.range, MINUTE);
      let end = whole.originUnixNano + BigInt(whole.count) * MINUTE;
      for (const slice of slices) {
        expect(slice.toUnixNano).toBe(end);
        const grid = gridOf(slice, MINUTE);
        expect(grid.originUnixNano).toBe(slice.fromUnixNano);
        expect(grid.originUnixNano + BigInt(grid.count) * MINUTE).toBe(end);
        end = slice.fromUnixNano;
      }
      expect(end).toBe(whole.originUnixNano);
    },
  );

  it.each([
    ['a short range', asked('{ } | rate()', 60n)],
    ['few buckets', asked('{ } | rate()', 600n, 60n * MINUTE)],
    ['no step of its own', { ...asked('{ } | rate()', 600n), stepNano: undefined }],
    ['one value', { ...asked('{ } | rate()', 600n), instant: true }],
    ['compare', asked('{ } | compare({ status = error })', 600n)],
    ['topk', asked('{ } | rate() by(name) | topk(3)', 600n)],
    ['a filter of series', asked('{ } | rate() > 5', 600n)],
    ['arithmetic', asked('({ } | rate()) / ({ } | rate())', 600n)],
    ['a pipeline over whole traces', asked('{ } | count() > 2 | rate()', 600n)],
    ['exemplars spread over the answer', asked('{ } | rate() with(exemplars=true)', 600n)],
  ])('are one for %s', (_what, question) => {
    expect(tryMetricsSlices(question)).toBeUndefined();
  });
});

describe('zeros', () => {
  function zerosOf(query: string): ZeroFill {
    const slices = tryMetricsSlices(asked(query, 600n));
    if (slices === undefined) throw new Error(`not answered in pieces: ${query}`);
    return new ZeroFill(slices.measure);
  }
  const labels = (name: string) => [{ key: 'name', value: { type: 'string' as const, value: name } }];
  const grid = (origin: bigint) => ({ originUnixNano: origin * 1_000_000n, stepNano: 1_000_000n, count: 2 });
  const sample = (timestampMs: bigint, value: number) => ({ timestampMs, value });

  it.each([
    '{ } | rate() by(name)',
    '{ } | count_over_time() by(name)',
    '{ } | histogram_over_time(duration) by(name)',
  ])('are added for series of other pieces, where spans are counted: %s', (query) => {
    const zeros = zerosOf(query);
    const a = { labels: labels('a'), samples: [sample(11n, 1), sample(12n, 0)], exemplars: [] };
    expect(zeros.fill([a], grid(10n))).toEqual([a]);
    const b = { labels: labels('b'), samples: [sample(9n, 2), sample(10n, 2)], exemplars: [] };
    expect(zeros.fill([b], grid(8n))).toEqual([
      { ...b, samples: [...b.samples, sample(11n, 0), sample(12n, 0)] },
      { labels: labels('a'), samples: [sample(9n, 0), sample(10n, 0)], exemplars: [] },
    ]);
  });

  it.each(['{ } | max_over_time(duration) by(name)', '{ name = "a | rate()" } | sum_over_time(duration) by(name)'])(
    'are not, where spans are measured: %s',
    (query) => {
      const zeros = zerosOf(query);
      expect(zeros.fill([], grid(10n))).toEqual([]);
      const b = { labels: labels('b'), samples: [sample(9n, 2)], exemplars: [] };
      expect(zeros.fill([b], grid(8n))).toEqual([b]);
      expect(zeros.fill([], grid(6n))).toEqual([]);
    },
  );
});

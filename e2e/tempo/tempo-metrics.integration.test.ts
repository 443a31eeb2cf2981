/** Metrics over the Tempo API, decoded as strictly as Grafana decodes them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';
import { type Json, type Query, tempoAsker } from './ask-tempo.ts';
import { CHECKOUT_ID, sendTempoWorld, type TempoWorld } from './tempo-world.ts';

let clew: ClewProcess;
let world: TempoWorld;
beforeAll(async () => {
  clew = await startClew();
  world = await sendTempoWorld(clew.urls);
});
afterAll(stopAll);

const { ask, read } = tempoAsker(() => clew.urls.tempo);
const range = (): Query => ({ start: world.start, end: world.end });

describe('metrics', () => {
  it('are series over time with typed labels, zeros left out', async () => {
    const answer = await read('QueryRangeResponse', '/api/metrics/query_range', {
      ...range(),
      q: '{ } | count_over_time() by(resource.service.name, span.http.response.status_code)',
      step: '30s',
      exemplars: 10,
    });
    const series = answer.series as readonly {
      labels: readonly Json[];
      samples: readonly Json[];
      exemplars: readonly Json[];
    }[];
    expect(series).toHaveLength(4);
    const failed = series.find(({ labels }) => JSON.stringify(labels).includes('"500"'));
    expect(failed?.labels).toEqual([
      { key: 'resource.service.name', value: { stringValue: 'shop' } },
      { key: 'span.http.response.status_code', value: { intValue: '500' } },
    ]);
    expect(failed?.samples.filter(({ value }) => value !== undefined)).toEqual([
      { value: 1, timestampMs: expect.stringMatching(/^\d{13}$/) as string },
    ]);
    expect(failed?.exemplars[0]).toMatchObject({
      value: 1,
      labels: expect.arrayContaining([{ key: 'trace:id', value: { stringValue: CHECKOUT_ID } }]) as unknown,
    });
  });

  it('are one value a series where they are asked for as instant', async () => {
    const answer = await read('QueryInstantResponse', '/api/metrics/query', {
      ...range(),
      q: '{ } | count_over_time()',
    });
    expect(answer.series).toEqual([
      { labels: [{ key: '__name__', value: { stringValue: 'count_over_time' } }], value: 5 },
    ]);
  });

  it('take times in every form and the query under its old name', async () => {
    const query = '{ } | count_over_time()';
    const { start, end } = world;
    for (const times of [
      { start: `${start}000000000`, end: `${end}000000000` },
      { start: `${start}.0`, end: `${end}.0` },
      { start: new Date(start * 1000).toISOString(), end: new Date(end * 1000).toISOString() },
      { since: '1h' },
      {},
    ]) {
      const { series } = await read('QueryInstantResponse', '/api/metrics/query', { ...times, query });
      expect(series, JSON.stringify(times)).toMatchObject([{ value: 5 }]);
    }
  });

  it.each([
    { q: '' },
    { q: '{ }' },
    { q: '{ } | rate(' },
    { q: '{ } | rate()', start: 20, end: 10 },
    { q: '{ } | rate()', step: 'often' },
    { q: '{ } | rate()', since: 'long' },
    { q: '{ } | rate()', start: 1, end: 2_000_000_000, step: '1s' },
  ])('refuse %j in plain text', async (query) => {
    const response = await ask('/api/metrics/query_range', query);
    expect([response.status, response.headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
  });
});

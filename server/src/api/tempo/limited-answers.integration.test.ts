/** What limits leave of Grafana's answers, over a real store. */
import type { SpanId, TraceData, TraceId } from '@clew/model';
import { TEMPO_PARTIAL, type TempoQueryRangeResponse } from '@clew/wire/tempo/tempo-messages';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../../store/reader.ts';
import { streamQueryRange } from './run-metrics.ts';
import { runSearch } from './run-search.ts';

const HOUR = 3_600_000_000_000n;
const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;

let engine: TestStore;

/** One name for hours, and many in the last one. */
function spans(): TraceData {
  const span = (id: number, name: string, startTimeUnixNano: bigint) => ({
    traceId: id.toString(16).padStart(32, '0') as TraceId,
    spanId: id.toString(16).padStart(16, '0') as SpanId,
    parentSpanId: '' as SpanId,
    ...{ traceState: '', flags: 1, name, kind: 2, startTimeUnixNano, endTimeUnixNano: startTimeUnixNano + 1_000_000n },
    ...{ attributes: [], droppedAttributesCount: 0, events: [], droppedEventsCount: 0, links: [] },
    ...{ droppedLinksCount: 0, status: { code: 0, message: '' } },
  });
  const old = [1, 2, 3, 4, 5, 6, 7].map((hours) => span(hours, 'always', NOW - BigInt(hours) * HOUR));
  const recent = [11, 12, 13, 14].map((id) => span(id, `new ${id}`, NOW - HOUR / 2n));
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
  return {
    resourceSpans: [
      {
        resource: { attributes: [], droppedAttributesCount: 0 },
        scopeSpans: [{ scope, spans: [...old, ...recent], schemaUrl: '' }],
        schemaUrl: '',
      },
    ],
  };
}

beforeAll(async () => {
  engine = await startTestStore();
  await engine.insert(spans(), 'acme', NOW_MS);
});

afterAll(() => engine.close());

const call = { tenant: 'acme', timeoutMs: 100_000, signal: new AbortController().signal, onRead: () => undefined };

it('metrics say with their last piece what any of them lacks', async () => {
  const asked = {
    text: '{ } | count_over_time() by(name)',
    range: { fromUnixNano: NOW - 8n * HOUR, toUnixNano: NOW },
    stepNano: HOUR / 4n,
    instant: false,
    maxExemplars: undefined,
    maxSeries: 2,
  };
  const answers: TempoQueryRangeResponse[] = [];
  for await (const answer of streamQueryRange({ store: new ClickHouseSpanStore(engine), asked, ...call })) {
    answers.push(answer);
  }
  expect(answers).toHaveLength(4);
  for (const { status, message } of answers) {
    expect([status, message]).toEqual([TEMPO_PARTIAL, 'only the 2 series with the most spans are shown']);
  }
});

it.each([true, false])(
  'a search that had no time for anything does not say that there is nothing',
  async (isStreamed) => {
    const range = { fromUnixNano: NOW - 8n * HOUR, toUnixNano: NOW };
    const search = { text: '{ name = "always" }', range, limit: 20, spansPerSpanSet: 3 };
    const found = async (limits: object): Promise<number> => {
      let count = 0;
      const store = new ClickHouseSpanStore(engine, limits);
      for await (const { traces } of runSearch({ store, search, isStreamed, ...call })) count += traces.length;
      return count;
    };
    expect(await found({})).toBe(7);
    await expect(found({ maxTimeoutMs: 0.001 })).rejects.toMatchObject({
      status: 504,
      message: expect.stringContaining('the time limit was reached') as string,
    });
  },
);

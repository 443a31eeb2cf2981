/** What a search says of the sampling of its matches, whichever way it is answered; a sampler upstream kept one in four. */
import type { Span, SpanId, TraceData, TraceId } from '@clew/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../store/reader.ts';
import { searchTraces } from './search.ts';

const NOON = BigInt(Date.UTC(2026, 10, 20, 12)) * 1_000_000n;
const RANGE = { fromUnixNano: NOON, toUnixNano: NOON + 1_000_000n };
/** Rejects three quarters of 2^56. */
const ONE_IN_FOUR = 'vendor=x,ot=rv:ffffffffffffff;th:c';

let engine: TestStore;
let store: ClickHouseSpanStore;

/** Trace n: a root, then a child; of odd traces both stand for four, of even ones each for itself. */
function spansOf(trace: number): readonly Span[] {
  return [1, 2].map((id) => ({
    traceId: trace.toString(16).padStart(32, '0') as TraceId,
    spanId: id.toString(16).padStart(16, '0') as SpanId,
    parentSpanId: (id === 1 ? '' : '1'.padStart(16, '0')) as SpanId,
    // A threshold of zero rejects nothing: such a span stands for itself.
    traceState: trace % 2 === 1 ? ONE_IN_FOUR : ['', 'ot=th:0'][id - 1],
    flags: 1,
    name: id === 1 ? 'root' : 'child',
    kind: 1,
    startTimeUnixNano: NOON + BigInt(trace * 10 + id),
    endTimeUnixNano: NOON + BigInt(trace * 10 + id + 5),
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
  }));
}

const DATA: TraceData = {
  resourceSpans: [
    {
      resource: { attributes: [], droppedAttributesCount: 0 },
      schemaUrl: '',
      scopeSpans: [
        {
          scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 },
          schemaUrl: '',
          spans: [1, 2, 3, 4].flatMap(spansOf),
        },
      ],
    },
  ],
};

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(DATA, 'acme', Number(NOON / 1_000_000n));
});

afterAll(() => engine.close());

async function ask(text: string, limit: number, cursor?: string) {
  const request = { tenant: 'acme', text, range: RANGE, limit, spansPerTrace: 0, cursor, explain: true };
  const { statistics, plan, cursor: next } = await searchTraces(store, request);
  return { tier: plan?.tier, sampling: statistics.sampling, next };
}

describe('the statistics of a search', () => {
  it.each([
    ['sql', '{ name = "child" }', { spans: 4, sampled: 2, weight: 10 }],
    ['rows', '{ name = "root" } &> { name = "child" }', { spans: 8, sampled: 4, weight: 20 }],
    ['rows', '{ } | by(name) | count() > 0', { spans: 8, sampled: 4, weight: 20 }],
    ['whole-traces', '{ nestedSetLeft > 0 && name = "child" }', { spans: 4, sampled: 2, weight: 10 }],
    ['sql', '{ name = "nothing" }', { spans: 0, sampled: 0, weight: 0 }],
  ])('say by %s for how many spans the matches of %s stand', async (tier, text, sampling) => {
    expect(await ask(text, 10)).toEqual({ tier, sampling, next: undefined });
  });

  it.each(['{ }', '{ } > { }'])('count the matches of the page alone: %s', async (text) => {
    const spans = text === '{ }' ? 2 : 1;
    const first = await ask(text, 1);
    expect(first.sampling).toEqual({ spans, sampled: 0, weight: spans });
    const second = await ask(text, 1, first.next);
    expect(second.sampling).toEqual({ spans, sampled: spans, weight: 4 * spans });
  });
});

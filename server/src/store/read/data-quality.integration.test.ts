/** Planted oddities, each counted once, by the real engine. */
import type { Resource, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseSpanStore } from '../reader.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12, 0, 0);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;
const RANGE = { fromUnixNano: NOW - 600n * SECOND, toUnixNano: NOW + 3_600n * SECOND };
const id = (number: number): SpanId => number.toString(16).padStart(16, '0') as SpanId;
const trace = (number: number): TraceId => number.toString(16).padStart(32, '0') as TraceId;

let spanIds = 0;

function span(traceId: TraceId, change: Partial<Span> = {}): Span {
  const start = NOW - 60n * SECOND;
  return {
    traceId,
    spanId: id(++spanIds),
    parentSpanId: '' as SpanId,
    traceState: '',
    flags: 0,
    name: 'work',
    kind: 1,
    startTimeUnixNano: start,
    endTimeUnixNano: start + SECOND,
    attributes: [],
    droppedAttributesCount: 0,
    events: [],
    droppedEventsCount: 0,
    links: [],
    droppedLinksCount: 0,
    status: { code: 0, message: '' },
    ...change,
  };
}

function of(service: string | undefined, spans: readonly Span[]): TraceData {
  const attributes: Resource['attributes'] =
    service === undefined ? [] : [{ key: 'service.name', value: { type: 'string', value: service } }];
  const scope = { name: '', version: '', attributes: [], droppedAttributesCount: 0 };
  const resource = { attributes, droppedAttributesCount: 0 };
  return { resourceSpans: [{ resource, scopeSpans: [{ scope, spans, schemaUrl: '' }], schemaUrl: '' }] };
}

describe('data quality', () => {
  let engine: TestStore;
  let store: ClickHouseSpanStore;
  beforeAll(async () => {
    engine = await startTestStore();
    store = new ClickHouseSpanStore(engine);
  });
  afterAll(() => engine.close());

  it('counts each oddity of each service, and those of other tenants not', async () => {
    const first = span(trace(1));
    await engine.insert(
      of('cart', [
        first,
        span(trace(1), { parentSpanId: first.spanId }),
        span(trace(1), { parentSpanId: first.spanId, startTimeUnixNano: first.startTimeUnixNano - 5n }),
        span(trace(2), { droppedAttributesCount: 3 }),
        span(trace(2), { endTimeUnixNano: first.startTimeUnixNano - 1n }),
        span(trace(3), { startTimeUnixNano: NOW + 120n * SECOND, endTimeUnixNano: NOW + 121n * SECOND }),
        span(trace(3), { traceState: 'ot=th:c' }),
        first,
      ]),
      'a',
      NOW_MS,
    );
    await engine.insert(of('cart', [span(trace(4))]), 'a', NOW_MS + 7_200_000);
    await engine.insert(
      of(undefined, [
        span(trace(5), { parentSpanId: id(999_001) }),
        span(trace(5), { parentSpanId: id(999_002) }),
        // Its parent began before the range, but is there.
        span(trace(6), { parentSpanId: id(999_003), startTimeUnixNano: RANGE.fromUnixNano + 5n }),
        span(trace(6), { spanId: id(999_003), startTimeUnixNano: RANGE.fromUnixNano - SECOND }),
      ]),
      'a',
      NOW_MS,
    );
    await engine.insert(of('cart', [span(trace(7), { parentSpanId: id(999_004) })]), 'b', NOW_MS);

    const { value, statistics } = await store.dataQuality('a', RANGE);
    expect(statistics.complete).toBe(true);
    expect(value.spanCount).toBe(12);
    expect(value.services).toEqual([
      {
        service: 'cart',
        spanCount: 9,
        cutBySender: 1,
        negativeDuration: 1,
        fromTheFuture: 1,
        late: 1,
        sampled: 1,
        weight: 12,
        maxWeight: 4,
      },
      expect.objectContaining({ service: 'unknown_service', spanCount: 3, sampled: 0, weight: 3 }),
    ]);
    expect(value.sample).toEqual({
      oneInTraces: 1,
      spanCount: 12,
      traceCount: 6,
      withoutParent: 2,
      tracesWithoutParent: 1,
      beforeParent: 1,
      duplicates: 1,
    });
  });

  it('is empty where there is nothing', async () => {
    const { value } = await store.dataQuality('nobody', RANGE);
    expect(value).toEqual({ spanCount: 0, services: [] });
  });
});

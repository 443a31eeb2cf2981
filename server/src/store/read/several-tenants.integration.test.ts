import type { ResourceSpans, SpanId, TraceData, TraceId } from '@clew/model';
import { parseFilterSyntax } from '@clew/traceql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchTraces } from '../../query/search.ts';
import { ClickHouseSpanStore } from '../reader.ts';
import type { TimeRange } from '../span-store.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const NOW = BigInt(NOW_MS) * 1_000_000n;
const SECOND = 1_000_000_000n;
const RANGE: TimeRange = { fromUnixNano: NOW - 3_600n * SECOND, toUnixNano: NOW + SECOND };
const traceIdOf = (number: number): TraceId => number.toString(16).padStart(32, 'a') as TraceId;
const spanIdOf = (number: number): SpanId => number.toString(16).padStart(16, '0') as SpanId;

let engine: TestStore;
let store: ClickHouseSpanStore;

/** One span of a resource that is the same, byte for byte, whoever sends it. */
function oneSpan(trace: number, span: number, secondsAgo: bigint, parent = 0): TraceData {
  const startTimeUnixNano = NOW - secondsAgo * SECOND;
  const resourceSpans: ResourceSpans = {
    resource: {
      attributes: [
        { key: 'service.name', value: { type: 'string', value: 'cart' } },
        { key: 'region', value: { type: 'string', value: 'eu' } },
      ],
      droppedAttributesCount: 0,
    },
    schemaUrl: '',
    scopeSpans: [
      {
        scope: { name: 'lib', version: '1', attributes: [], droppedAttributesCount: 0 },
        schemaUrl: '',
        spans: [
          {
            traceId: traceIdOf(trace),
            spanId: spanIdOf(span),
            parentSpanId: parent === 0 ? ('' as SpanId) : spanIdOf(parent),
            traceState: '',
            flags: 1,
            name: `work ${span}`,
            kind: 2,
            startTimeUnixNano,
            endTimeUnixNano: startTimeUnixNano + SECOND,
            attributes: [{ key: 'number', value: { type: 'int', value: BigInt(span) } }],
            droppedAttributesCount: 0,
            events: [],
            droppedEventsCount: 0,
            links: [],
            droppedLinksCount: 0,
            status: { code: 0, message: '' },
          },
        ],
      },
    ],
  };
  return { resourceSpans: [resourceSpans] };
}

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  await engine.insert(oneSpan(1, 1, 30n), 'bank', NOW_MS);
  await engine.insert(oneSpan(2, 2, 20n), 'shop', NOW_MS);
  // A request that crossed from one tenant to the other: one trace, a span in each.
  await engine.insert(oneSpan(3, 3, 10n), 'bank', NOW_MS);
  await engine.insert(oneSpan(3, 4, 9n, 3), 'shop', NOW_MS);
  await engine.insert(oneSpan(4, 5, 5n), 'other', NOW_MS);
});

afterAll(() => engine.close());

const search = (tenant: string, text = '{ }', cursor?: string) =>
  searchTraces(store, { tenant, text, range: RANGE, limit: 2, spansPerTrace: 10, cursor });

describe('a read of several tenants', () => {
  it('finds what each of them has, and nothing of others', async () => {
    const first = await search('bank|shop');
    expect(first.traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(3), traceIdOf(2)]);
    expect(first.traces[0]).toMatchObject({ spanCount: 2, matchedCount: 2, rootName: 'work 3' });
    const second = await search('bank|shop', '{ }', first.cursor);
    expect(second.traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(1)]);
    expect(second.cursor).toBeUndefined();
    expect((await search('shop')).traces.map(({ traceId }) => traceId)).toEqual([traceIdOf(3), traceIdOf(2)]);
  });

  it('refuses the cursor of other tenants', async () => {
    const { cursor } = await search('bank|shop');
    await expect(search('bank', '{ }', cursor)).rejects.toThrow('another query');
  });

  it.each([
    '{ resource.region = "eu" }',
    '{ resource.service.name = "cart" }',
    '{ .region =~ "e." }',
    '{ rootName = "work 3" }',
  ])('counts a span once where both have its resource: %s', async (text) => {
    const { traces } = await search('bank|shop', text);
    expect(traces[0]).toMatchObject({ traceId: traceIdOf(3), matchedCount: 2 });
    expect(traces[0].matched).toHaveLength(2);
  });

  it('joins the spans of one trace', async () => {
    const trace = await store.loadTrace('bank|shop', traceIdOf(3));
    expect(trace?.resourceSpans).toHaveLength(1);
    expect(trace?.resourceSpans[0].scopeSpans[0].spans.map(({ name }) => name)).toEqual(['work 3', 'work 4']);
    expect((await store.loadTraceColumns('bank|shop', traceIdOf(3)))?.spanCount).toBe(2);
    expect((await store.loadTraceColumns('bank', traceIdOf(3)))?.spanCount).toBe(1);
    expect(await store.loadTrace('bank|shop', traceIdOf(4))).toBeUndefined();
  });

  it('lists services, operations, keys and values of all of them once', async () => {
    expect((await store.services('bank|shop', RANGE)).map(({ name }) => name)).toEqual(['cart']);
    const operations = await store.operations('bank|shop', 'cart', RANGE);
    expect(operations.map(({ name }) => name)).toEqual(['work 1', 'work 2', 'work 3', 'work 4']);
    const keys = await store.attributeKeys('bank|shop', RANGE, '', 10);
    expect(keys.map(({ key }) => key)).toEqual(['number', 'region', 'service.name']);
    const region = parseFilterSyntax('{ resource.region }').expression;
    const values = await store.attributeValues('bank|shop', region, parseFilterSyntax('{ }').expression, RANGE, '', 10);
    expect(values.value).toEqual([{ type: 'string', value: 'eu', count: 4 }]);
    expect(await store.hasSpans('nobody|shop')).toBe(true);
    expect(await store.hasSpans('nobody|none')).toBe(false);
  });

  it('prunes by the primary key', async () => {
    const scope = new TenantScope('bank|shop');
    const { text, parameters } = scope.statement(`SELECT count() ${scope.from('spans')}`);
    const { rows } = await engine.client.selectJson<{ explain: string }>(`EXPLAIN indexes = 1 ${text}`, parameters);
    const plan = rows.map(({ explain }) => explain.trim());
    const keys = plan.slice(plan.indexOf('PrimaryKey'));
    expect(keys.slice(0, 4)).toEqual([
      'PrimaryKey',
      'Keys:',
      'tenant',
      expect.stringMatching(/^Condition: \(tenant in 2-element set\)$/),
    ]);
  });
});

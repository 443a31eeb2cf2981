import { selfTimes, TraceMerger } from '@clew/analysis';
import type { CompareAnswer } from '@clew/contract';
import type { AttributeValue, ResourceSpans, Span, SpanId, TraceData, TraceId } from '@clew/model';
import { buildSmallWorld, WORLD_END_UNIX_NANO, WORLD_START_UNIX_NANO } from '@clew/testkit/build-small-world';
import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestStore, type TestStore } from '../../store/read/proof/test-store.ts';
import { ClickHouseSpanStore } from '../../store/reader.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { comparePopulations, MAX_PATHS } from './compare-populations.ts';

let engine: TestStore;
let store: ClickHouseSpanStore;
const DEPLOY_UNIX_NANO = 1_763_700_000_000_000_000n;
const HOUR_NANO = 3_600_000_000_000n;
const before: TimeRange = { fromUnixNano: DEPLOY_UNIX_NANO - HOUR_NANO, toUnixNano: DEPLOY_UNIX_NANO };
const after: TimeRange = { fromUnixNano: DEPLOY_UNIX_NANO, toUnixNano: DEPLOY_UNIX_NANO + HOUR_NANO };
const both: TimeRange = { fromUnixNano: before.fromUnixNano, toUnixNano: after.toUnixNano };

beforeAll(async () => {
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  const receivedUnixMs = Number(DEPLOY_UNIX_NANO / 1_000_000n);
  await engine.insert(checkouts(1, 60, '1.0', before), 'shop', receivedUnixMs);
  await engine.insert(checkouts(1001, 40, '2.0', after), 'shop', receivedUnixMs);
  // Another tenant's, in the same hour and of the same name.
  await engine.insert(checkouts(5001, 30, '9.9', after), 'other', receivedUnixMs);
  const worldMs = Number(WORLD_END_UNIX_NANO / 1_000_000n);
  await engine.insert(buildSmallWorld(new Random(11), 24), 'world', worldMs);
});
afterAll(() => engine.close());

/** Checkouts over a range; version 2 queries five times as often, fails to pay half the time, and sends no mail. */
function checkouts(first: number, count: number, version: string, { fromUnixNano }: TimeRange): TraceData {
  const isNew = version !== '1.0';
  const resourceSpans: ResourceSpans[] = [];
  for (let at = 0; at < count; at++) {
    const traceId = (first + at).toString(16).padStart(32, '0') as TraceId;
    const start = fromUnixNano + (HOUR_NANO / BigInt(count)) * BigInt(at) + 1n;
    const fails = isNew && at % 2 === 0;
    const rows: [service: string, name: string, parent: number, ms: number, isError?: boolean][] = [
      ['web', 'POST /checkout', -1, isNew ? 300 + (at % 7) : 100 + (at % 7)],
      ['payment', 'charge', 0, 50 + (at % 5), fails],
      ...Array.from(
        { length: isNew ? 5 : 1 },
        () => ['db', 'SELECT', 0, 9 + (at % 3)] as [string, string, number, number],
      ),
      ...(isNew ? [] : ([['mail', 'send', 0, 5]] as [string, string, number, number][])),
    ];
    for (const [row, [service, name, parent, ms, isError = false]] of rows.entries()) {
      const attributes: Record<string, string> = {
        'service.name': service,
        'service.version': version,
        'service.instance.id': `${service}-${at % 3}`,
      };
      const span: Span = {
        ...{ traceId, spanId: spanId(row), parentSpanId: parent === -1 ? ('' as SpanId) : spanId(parent) },
        ...{ traceState: '', flags: 0, name, kind: parent === -1 ? 2 : 1 },
        startTimeUnixNano: start + BigInt(row) * 1000n,
        endTimeUnixNano: start + BigInt(row) * 1000n + BigInt(ms) * 1_000_000n,
        attributes: [
          { key: 'order.id', value: text(`${version}-${at}-${row}`) },
          { key: 'region', value: text(at % 2 === 0 ? 'eu' : 'us') },
          ...(isError ? [{ key: 'error.type', value: text('card_declined') }] : []),
        ],
        ...{ droppedAttributesCount: 0, events: [], droppedEventsCount: 0, links: [], droppedLinksCount: 0 },
        status: { code: isError ? 2 : 0, message: '' },
      };
      resourceSpans.push({
        resource: {
          attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: text(value) })),
          droppedAttributesCount: 0,
        },
        scopeSpans: [
          { scope: { name: '', version: '', attributes: [], droppedAttributesCount: 0 }, spans: [span], schemaUrl: '' },
        ],
        schemaUrl: '',
      });
    }
  }
  return { resourceSpans };
}

const spanId = (row: number): SpanId => (row + 1).toString(16).padStart(16, '0') as SpanId;
const text = (value: string): AttributeValue => ({ type: 'string', value });

const compare = (a: string, b: string, ranges: { a: TimeRange; b: TimeRange }, maxTraces = 200) =>
  comparePopulations(store, {
    tenant: 'shop',
    a: { text: a, range: ranges.a },
    b: { text: b, range: ranges.b },
    maxTraces,
    options: { timeoutMs: 120_000 },
  });

const pathNamed = ({ paths }: CompareAnswer, name: string) => paths.find((path) => path.name === name);

describe('two populations', () => {
  it('before and after a deploy: figures, structure and attributes tell what changed', async () => {
    const answer = await compare('{ }', '{ }', { a: before, b: after });
    expect(answer.statistics.complete).toBe(true);
    expect(answer.a).toMatchObject({ query: '{ }', spanCount: 240, errorCount: 0 });
    expect(answer.b).toMatchObject({ spanCount: 280, errorCount: 20 });
    expect(answer.a.perSecond).toBeCloseTo(240 / 3600, 9);
    expect(answer.a.traces).toEqual({ count: 60, spanCount: 240, isAll: true });
    expect(answer.b.traces).toEqual({ count: 40, spanCount: 280, isAll: true });
    expect(answer.a.attributeSpans).toEqual({ count: 240, isAll: true });
    expect(answer.a.durationNano?.p99).toBe(106_000_000);

    expect(answer.paths.map(({ parent, name, change }) => [parent, name, change])).toEqual([
      [-1, 'POST /checkout', 'slower'],
      [0, 'charge', 'count'],
      // Siblings as they begin on average: of five queries the middle one is later than the mail.
      [0, 'send', 'only-a'],
      [0, 'SELECT', 'count'],
    ]);
    expect(pathNamed(answer, 'SELECT')).toMatchObject({
      a: { traces: 60, spans: 60, errors: 0 },
      b: { traces: 40, spans: 200, errors: 0 },
    });
    expect(pathNamed(answer, 'charge')?.b.errors).toBe(20);

    const ranked = answer.attributes.map(({ name }) => name);
    expect(ranked[0]).toBe('resource.service.version');
    expect(answer.attributes[0]).toMatchObject({
      a: 240,
      b: 280,
      isNamed: false,
      values: [
        { type: 'string', value: '2.0', a: 0, b: 280 },
        { type: 'string', value: '1.0', a: 240, b: 0 },
      ],
    });
    expect(answer.attributes[0].score).toBeGreaterThan(0.98);
    expect(ranked).toContain('span.error.type');
    expect(answer.leftOut).toEqual([{ name: 'span.order.id', reason: 'unique' }]);
    expect(answer.alike).toContain('span.region');
  });

  it('two versions in one range: what the queries name is marked', async () => {
    const version = (value: string): string => `{ resource.service.version = "${value}" && name = "charge" }`;
    const answer = await compare(version('1.0'), version('2.0'), { a: both, b: both });
    expect([answer.a.spanCount, answer.b.spanCount]).toEqual([60, 40]);
    expect(answer.attributes.find(({ name }) => name === 'resource.service.version')?.isNamed).toBe(true);
    expect(answer.attributes.find(({ name }) => name === 'status')).toMatchObject({ isNamed: false, a: 60, b: 40 });
    // The tree is of whole traces, whatever part of them matches.
    expect(answer.paths).toHaveLength(4);
  });

  it('takes queries that relate spans', async () => {
    const answer = await compare(
      '{ name = "POST /checkout" } > { status = error }',
      '{ name = "POST /checkout" } > { name = "charge" && status != error }',
      { a: both, b: both },
    );
    expect([answer.a.spanCount, answer.b.spanCount]).toEqual([20, 80]);
    expect([answer.a.traces.count, answer.b.traces.count]).toEqual([20, 80]);
    expect(answer.attributes.some(({ name }) => name === 'span.error.type')).toBe(true);
  });

  it('samples traces from the whole range, and says so', async () => {
    const answer = await compare('{ }', '{ }', { a: before, b: after }, 16);
    expect(answer.a.traces).toEqual({ count: 16, spanCount: 64, isAll: false });
    expect(answer.b.traces).toMatchObject({ count: 16, isAll: false });
    expect(answer.a.spanCount).toBe(240);
  });

  it('of nothing is nothing, on one side and on both', async () => {
    const nothing = await compare('{ name = "no such" }', '{ name = "no such" }', { a: before, b: after });
    expect(nothing.paths).toEqual([]);
    expect(nothing.attributes).toEqual([]);
    expect(nothing.a).toMatchObject({ spanCount: 0, durationNano: null, traces: { count: 0, isAll: true } });
    const half = await compare('{ }', '{ name = "no such" }', { a: before, b: after });
    expect(half.attributes).toEqual([]);
    expect(half.paths.every(({ b }) => b.traces === 0)).toBe(true);
  });

  it('of random traces is what merging each of them by itself makes', async () => {
    const range = { fromUnixNano: WORLD_START_UNIX_NANO, toUnixNano: WORLD_END_UNIX_NANO };
    const sides = { a: '{ status = error }', b: '{ duration > 500ms }' } as const;
    const answer = await comparePopulations(store, {
      tenant: 'world',
      a: { text: sides.a, range },
      b: { text: sides.b, range },
      maxTraces: 200,
      options: { timeoutMs: 120_000 },
    });
    const merger = new TraceMerger();
    for (const side of ['a', 'b'] as const) {
      const found = await engine.selectJson<{ id: string }>(
        'SELECT DISTINCT lower(hex(trace_id)) AS id FROM spans WHERE tenant = {tenant:String} AND ' +
          'toUnixTimestamp64Nano(start) >= {from:Int64} AND toUnixTimestamp64Nano(start) < {to:Int64} AND ' +
          `${side === 'a' ? 'status = 2' : 'duration > 500000000'} ORDER BY id`,
        { tenant: 'world', from: range.fromUnixNano.toString(), to: range.toUnixNano.toString() },
        {},
      );
      expect(answer[side].traces.count).toBe(found.rows.length);
      for (const { id } of found.rows) {
        const columns = await store.loadTraceColumns('world', id as TraceId);
        if (columns === undefined) throw new Error(`trace ${id} is not there`);
        expect(selfTimes(columns)).toHaveLength(columns.spanCount);
        merger.add(side, columns);
      }
    }
    // Of spans with one id it is not said which is a parent: paths may differ, what is in them may not.
    const { paths } = merger.finish(MAX_PATHS);
    expect(spansByName(answer.paths)).toEqual(spansByName(paths));
    expect(answer.paths.length).toBeGreaterThan(10);
    expect(answer.omittedPaths).toBe(0);
  });
});

type Counted = Pick<CompareAnswer['paths'][number]['a'], 'spans' | 'errors'>;

function spansByName(
  paths: readonly { readonly service: string; readonly name: string; readonly a: Counted; readonly b: Counted }[],
): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const { service, name, a, b } of paths) {
    const key = `${service}: ${name}`;
    const sums = found[key] ?? [0, 0, 0, 0];
    found[key] = [a.spans, a.errors, b.spans, b.errors].map((count, at) => sums[at] + count);
  }
  return found;
}

describe('several traces', () => {
  it('are those whose spans fit the limit', async () => {
    const ids = Array.from({ length: 10 }, (_, at) => (at + 1).toString(16).padStart(32, '0') as TraceId);
    const all = await store.loadSeveralTraces('shop', ids, 40);
    expect(all.value.isCut).toBe(false);
    expect(all.value.traces.map(({ traceId }) => traceId)).toEqual(ids);
    const cut = await store.loadSeveralTraces('shop', ids, 39);
    expect(cut.value.isCut).toBe(true);
    expect(cut.value.traces).toHaveLength(9);
    expect((await store.loadSeveralTraces('other', ids, 100)).value.traces).toEqual([]);
    for (const columns of all.value.traces) {
      expect(columns).toEqual(await store.loadTraceColumns('shop', columns.traceId));
    }
  });
});

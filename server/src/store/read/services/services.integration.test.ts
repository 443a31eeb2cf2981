/** Figures of services against those counted span by span over random traces. */
import { Random } from '@clew/testkit/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClickHouseSpanStore } from '../../reader.ts';
import { startTestStore, type TestStore } from '../proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from '../read-limits.ts';
import { StatementRunner } from '../statement-runner.ts';
import { loadDependencies } from './load-dependencies.ts';
import { type CallSpan, generateCalls, traceDataOfCalls } from './proof/call-traces.ts';
import {
  durationOf,
  groupCalls,
  isError,
  isRequest,
  peerOf,
  quantilesOf,
  redOf,
  weightOf,
} from './proof/count-calls.ts';

const SEED = Number(process.env.CLEW_TEST_SEED ?? 20_261_121);
const TENANT = 'shop';
const NOW_MS = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 3_600_000;
const nano = (unixMs: number): bigint => BigInt(unixMs) * 1_000_000n;
const REQUEST = {
  range: { fromUnixNano: nano(NOW_MS - HOUR_MS), toUnixNano: nano(NOW_MS) },
  nowUnixNano: nano(NOW_MS),
  points: 30,
};

let engine: TestStore;
let store: ClickHouseSpanStore;
let now: readonly CallSpan[];
let before: readonly CallSpan[];

beforeAll(async () => {
  console.info(`seed ${SEED}`);
  engine = await startTestStore();
  store = new ClickHouseSpanStore(engine);
  const calls = generateCalls(new Random(SEED), 600, NOW_MS - 2 * HOUR_MS, 2 * HOUR_MS - 5_000);
  await engine.insert(traceDataOfCalls(calls), TENANT, NOW_MS);
  await engine.insert(
    traceDataOfCalls(generateCalls(new Random(7), 30, NOW_MS - HOUR_MS, HOUR_MS / 2)),
    'other',
    NOW_MS,
  );
  const isNow = ({ span }: CallSpan): boolean => span.startTimeUnixNano > REQUEST.range.fromUnixNano;
  now = calls.filter(isNow);
  before = calls.filter((call) => !isNow(call));
});
afterAll(() => engine.close());

const worked = (calls: readonly CallSpan[], service: string): readonly CallSpan[] =>
  calls.filter((call) => call.service === service && (service === 'library' || isRequest(call)));
const names = (): readonly string[] => [...new Set([...now, ...before].map(({ service }) => service))].sort();

describe('the overview of services', () => {
  it('counts requests, errors and durations of every service in both periods', async () => {
    const { services, hasMore, latencyShare, seconds } = await store.servicesOverview(TENANT, REQUEST);
    expect(services.map(({ name }) => name).sort()).toEqual(names());
    expect({ hasMore, latencyShare, seconds }).toEqual({ hasMore: false, latencyShare: 1, seconds: 3_600 });
    for (const service of services) {
      expect({ name: service.name, now: service.now, before: service.before }).toEqual({
        name: service.name,
        now: redOf(worked(now, service.name), 3_600),
        before: redOf(worked(before, service.name), 3_600),
      });
      expect(service.counted).toBe(service.name === 'library' ? 'spans' : 'requests');
      expect(service.namespace).toBe(now.find((call) => call.service === service.name)?.namespace);
    }
  });

  it('spreads them over buckets of whole minutes', async () => {
    const { services, stepNano, pointCount, startUnixNano } = await store.servicesOverview(TENANT, REQUEST);
    expect([stepNano, pointCount, startUnixNano]).toEqual(['120000000000', 30, String(REQUEST.range.fromUnixNano)]);
    const cart = services.find(({ name }) => name === 'cart');
    const counted = (calls: readonly CallSpan[]): number[] => {
      const buckets = new Array<number>(30).fill(0);
      for (const { span, weight } of calls) {
        buckets[Number((span.startTimeUnixNano - REQUEST.range.fromUnixNano - 1n) / 120_000_000_000n)] += weight;
      }
      return buckets.map((count) => count / 120);
    };
    expect(cart?.rates).toEqual(counted(worked(now, 'cart')));
    expect(cart?.errorRates).toEqual(counted(worked(now, 'cart').filter(isError)));
  });

  it('gives rates of what has passed of a period, and nothing for what is to come', async () => {
    const request = { ...REQUEST, nowUnixNano: nano(NOW_MS - HOUR_MS / 2 + 60_000) };
    const { services, seconds } = await store.servicesOverview(TENANT, request);
    expect(seconds).toBe(1_860);
    const rates = services[0].rates;
    expect(rates.slice(16)).toEqual(new Array(14).fill(null));
    expect(rates.slice(0, 15).every((rate) => rate !== null)).toBe(true);
  });

  it('counts the same from the spans where there are no sums a minute yet', async () => {
    const fromMinutes = await store.servicesOverview(TENANT, REQUEST);
    const since = `INSERT INTO span_minutes_since VALUES ('${TENANT}', ${nano(NOW_MS)})`;
    await engine.client.command(since);
    const fromSpans = await store.servicesOverview(TENANT, REQUEST);
    await engine.client.command('TRUNCATE TABLE span_minutes_since');
    expect(fromSpans.services).toEqual(fromMinutes.services);
  });

  it('is empty for a tenant without spans', async () => {
    expect((await store.servicesOverview('nobody', REQUEST)).services).toEqual([]);
  });
});

describe('one service', () => {
  const orders = async () => store.service(TENANT, { ...REQUEST, service: 'orders' });

  it('has its operations in both periods', async () => {
    const { operations, service } = await orders();
    const key = ({ span }: CallSpan): string => `${span.kind} ${span.name}`;
    const [nows, befores] = [now, before].map((calls) =>
      groupCalls(
        calls.filter((call) => call.service === 'orders'),
        key,
      ),
    );
    expect(service?.now).toEqual(redOf(worked(now, 'orders'), 3_600));
    expect(operations.map(({ kind, name }) => `${kind} ${name}`).sort()).toEqual(
      [...new Set([...nows.keys(), ...befores.keys()])].sort(),
    );
    for (const operation of operations) {
      const of = `${operation.kind} ${operation.name}`;
      expect([of, operation.now, operation.before]).toEqual([
        of,
        redOf(nows.get(of) ?? [], 3_600),
        redOf(befores.get(of) ?? [], 3_600),
      ]);
    }
    const totals = operations.map(({ totalNano }) => totalNano);
    expect(totals).toEqual([...totals].sort((a, b) => b - a));
  });

  it('has the spread of its durations', async () => {
    const { latency } = await orders();
    const calls = worked(now, 'orders');
    expect(latency.reduce((sum, { spans }) => sum + spans, 0)).toBe(weightOf(calls));
    for (const [i, { fromNano, toNano, spans, errors }] of latency.entries()) {
      if (i > 0) expect(fromNano).toBe(latency[i - 1].toNano);
      const within = calls.filter((call) => durationOf(call) > fromNano && durationOf(call) <= toNano);
      expect([spans, errors]).toEqual([weightOf(within), weightOf(within.filter(isError))]);
    }
  });

  it('has its errors by operation, message and exception, the newest as examples', async () => {
    const { errors } = await orders();
    const typeOf = ({ span }: CallSpan): string => {
      const of = [...(span.events[0]?.attributes ?? []), ...span.attributes.filter(({ key }) => key === 'error.type')];
      return of[0]?.value.type === 'string' ? of[0].value.value : '';
    };
    const groups = groupCalls(
      now.filter((call) => call.service === 'orders' && isError(call)),
      (call) => [call.span.kind, call.span.name, call.span.status.message, typeOf(call)].join('|'),
    );
    expect(
      errors.map(({ kind, name, message, exceptionType }) => [kind, name, message, exceptionType].join('|')).sort(),
    ).toEqual([...groups.keys()].sort());
    for (const error of errors) {
      const calls = groups.get([error.kind, error.name, error.message, error.exceptionType].join('|')) ?? [];
      const newest = [...calls].sort((a, b) => (a.span.startTimeUnixNano < b.span.startTimeUnixNano ? 1 : -1));
      expect(error.spans).toBe(weightOf(calls));
      expect(error.lastUnixNano).toBe(String(newest[0].span.startTimeUnixNano));
      expect(error.firstUnixNano).toBe(String(newest.at(-1)?.span.startTimeUnixNano));
      expect(error.examples).toEqual(newest.slice(0, 3).map(({ span: { traceId, spanId } }) => ({ traceId, spanId })));
    }
  });

  it('has its instances', async () => {
    const { instances } = await orders();
    const groups = groupCalls(worked(now, 'orders'), ({ instance, version }) => `${instance} ${version}`);
    expect(instances.map(({ instance, version }) => `${instance} ${version}`).sort()).toEqual(
      [...groups.keys()].sort(),
    );
    for (const { instance, version, host, figures } of instances) {
      expect(host).toBe(`host-of-${instance}`);
      expect(figures).toEqual(redOf(groups.get(`${instance} ${version}`) ?? [], 3_600));
    }
  });

  it('tells a version that appeared in the period from one that was there before', async () => {
    const { versions } = await orders();
    const first = (version: string): string => {
      const calls = worked([...before, ...now], 'orders').filter((call) => call.version === version);
      const starts = calls.map(({ span }) => span.startTimeUnixNano).sort((a, b) => (a < b ? -1 : 1));
      return String(starts[0]);
    };
    expect(versions.map(({ version, isNew, firstUnixNano }) => ({ version, isNew, firstUnixNano }))).toEqual([
      { version: '2.0', isNew: true, firstUnixNano: first('2.0') },
      { version: '1.9', isNew: false, firstUnixNano: first('1.9') },
    ]);
    const { versions: ofMailer } = await store.service(TENANT, { ...REQUEST, service: 'mailer' });
    expect(ofMailer.map(({ version, isNew }) => [version, isNew])).toEqual([['', false]]);
  });

  it('that sent nothing has no figures', async () => {
    const answer = await store.service(TENANT, { ...REQUEST, service: 'nobody' });
    expect(answer).toMatchObject({ operations: [], latency: [], errors: [], instances: [], versions: [] });
    expect(answer.service).toBeUndefined();
  });
});

/** `caller → callee` with its spans. */
function countEdges(calls: readonly CallSpan[], all: readonly CallSpan[]): Map<string, CallSpan[]> {
  const byId = new Map(all.map((call) => [`${call.span.traceId} ${call.span.spanId}`, call]));
  const answered = new Set(
    all
      .filter(({ span }) => [0, 2, 5].includes(span.kind) && span.parentSpanId !== '')
      .map(({ span }) => `${span.traceId} ${span.parentSpanId}`),
  );
  return groupCalls(
    calls.flatMap((call) => edgesOf(call).map((key) => ({ ...call, key }))),
    (call) => (call as CallSpan & { key: string }).key,
  );

  function edgesOf(call: CallSpan): string[] {
    const { span, service } = call;
    const edges: string[] = [];
    const parent = byId.get(`${span.traceId} ${span.parentSpanId}`);
    if (parent !== undefined && parent.service !== service)
      edges.push(`service ${parent.service} → service ${service}`);
    const peer = peerOf(call);
    if (peer === undefined) return edges;
    const isUnanswered = !answered.has(`${span.traceId} ${span.spanId}`);
    if ((span.kind === 3 || span.kind === 4) && isUnanswered) edges.push(`service ${service} → ${peer}`);
    if (span.kind === 5 && span.parentSpanId === '' && peer.startsWith('messaging')) {
      edges.push(`${peer} → service ${service}`);
    }
    return edges;
  }
}

describe('dependencies', () => {
  it('are the calls between services and to what sends no spans', async () => {
    const { edges, traceShare, isShortened, hasMore } = await store.dependencies(TENANT, REQUEST);
    const counted = countEdges(now, [...before, ...now]);
    expect({ traceShare, isShortened, hasMore }).toEqual({ traceShare: 1, isShortened: false, hasMore: false });
    expect(edges.map(keyOf).sort()).toEqual([...counted.keys()].sort());
    for (const edge of edges) {
      const calls = counted.get(keyOf(edge)) ?? [];
      const { calls: count, errors, rate, p50Nano, p95Nano, p99Nano, seen } = edge;
      expect([keyOf(edge), { count, errors, rate, seen, p50Nano, p95Nano, p99Nano }]).toEqual([
        keyOf(edge),
        {
          ...{ count: weightOf(calls), errors: weightOf(calls.filter(isError)), seen: calls.length },
          ...{ rate: weightOf(calls) / 3_600, ...quantilesOf(calls) },
        },
      ]);
      expect(calls.map(({ span }) => span.traceId)).toContain(edge.exampleTraceId);
    }
    const sizes = edges.map(({ calls }) => calls);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('of a share of the traces are those of whole traces, scaled up', async () => {
    const answer = await loadDependencies(runner(), TENANT, REQUEST, { maxReadSpans: 1e9, maxSpans: now.length / 4 });
    expect(answer.traceShare).toBe(0.25);
    const counted = countEdges(now, [...before, ...now]);
    const seen = answer.edges.reduce((sum, edge) => sum + edge.seen, 0);
    const all = [...counted.values()].reduce((sum, calls) => sum + calls.length, 0);
    expect(seen / all).toBeGreaterThan(0.15);
    expect(seen / all).toBeLessThan(0.35);
    for (const edge of answer.edges) expect(edge.seen).toBeLessThanOrEqual(counted.get(keyOf(edge))?.length ?? 0);
    const [{ calls, seen: ofFirst }] = answer.edges;
    expect(calls).toBeGreaterThanOrEqual(ofFirst * 4);
  });

  it('of more spans than are read are those of the newest minutes', async () => {
    const answer = await loadDependencies(runner(), TENANT, REQUEST, { maxReadSpans: now.length / 3, maxSpans: 1e9 });
    expect(answer.isShortened).toBe(true);
    const origin = BigInt(answer.startUnixNano);
    const newest = now.filter(({ span }) => span.startTimeUnixNano > origin);
    expect(newest.length).toBeGreaterThan(0);
    expect(newest.length).toBeLessThanOrEqual(now.length / 3);
    const counted = countEdges(newest, [...before, ...now]);
    expect(answer.edges.map(keyOf).sort()).toEqual([...counted.keys()].sort());
    expect(answer.edges.map(({ calls }) => calls).sort()).toEqual([...counted.values()].map(weightOf).sort());
  });

  it('say why they are incomplete where a limit stopped them', async () => {
    const limited = new ClickHouseSpanStore(engine, { maxMemoryBytes: 200_000 });
    const { statistics } = await limited.dependencies(TENANT, REQUEST);
    expect(statistics.complete).toBe(false);
    expect(statistics.incompleteReason).toContain('the memory limit was reached');
  });

  function runner(): StatementRunner {
    return new StatementRunner(engine, DEFAULT_READ_LIMITS);
  }

  type Edge = Awaited<ReturnType<typeof store.dependencies>>['edges'][number];
  function keyOf({ caller, callee }: Edge): string {
    return `${caller.kind} ${caller.name} → ${callee.kind} ${callee.name}`;
  }
});

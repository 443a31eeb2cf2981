/** How a trace is found by its id, and what its columns make of numbers that fit nowhere. */
import { parseTraceId, type TraceId } from '@clew/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TenantScope } from '../sql/tenant-scope.ts';
import { loadTraceColumns } from './load-trace-columns.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from './read-limits.ts';
import { StatementRunner } from './statement-runner.ts';
import { loadTraceBounds, spansOfTraces } from './trace-bounds.ts';

const MIDNIGHT = 1_760_054_400_000_000_000n;
const SECOND = 1_000_000_000n;
const TRACE = '0af7651916cd43dd8448eb211c80319c';

let store: TestStore;

beforeAll(async () => {
  store = await startTestStore();
  await store.client.command(`
    INSERT INTO spans (tenant, trace_id, day, service, name, start)
    SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), '2025-10-09', concat('svc-', toString(number % 20)),
      'op', fromUnixTimestamp64Nano(${MIDNIGHT - 20_000n * SECOND} + number * 1000000)
    FROM numbers(300000)`);
});

afterAll(() => store.close());

interface Sketch {
  readonly traceId?: string;
  readonly spanId: string;
  readonly start: bigint;
  readonly day: string;
  readonly kind?: number;
  readonly status?: number;
  readonly events?: number;
}

function insertSpan({ traceId = TRACE, spanId, start, day, kind = 1, status = 0, events = 0 }: Sketch): Promise<void> {
  return store.client.command(`
    INSERT INTO spans (tenant, trace_id, span_id, day, service, name, kind, status, start, events_and_links)
    SELECT 'acme', unhex('${traceId}'), unhex('${spanId}'), '${day}', 'svc-1', 'op', ${kind}, ${status},
      fromUnixTimestamp64Nano(${start}), mapFromArrays(arrayWithConstant(${events}, 'e'),
        arrayWithConstant(${events}, concat('0', repeat('\\0', 12))))`);
}

function traceIdOf(text: string): TraceId {
  const traceId = parseTraceId(text);
  if (traceId === undefined) throw new Error(`not a trace id: ${text}`);
  return traceId;
}

function load(traceId = TRACE) {
  return loadTraceColumns(new StatementRunner(store, DEFAULT_READ_LIMITS), 'acme', traceIdOf(traceId));
}

it('takes two statements, finds what came in several inserts and days, and looks at the id before all else', async () => {
  await insertSpan({ spanId: '0000000000000001', start: MIDNIGHT - SECOND, day: '2025-10-09' });
  const before = store.statements.length;
  expect((await load())?.spanCount).toBe(1);
  const statements = store.statements.slice(before);
  expect(statements).toHaveLength(2);
  for (const statement of statements) expect(statement).toContain(' PREWHERE trace_id = unhex(');
  // One day and one bucket: each is one condition, and a condition is what planning costs.
  expect(statements[1]).toMatch(/\(day = \{p\d:Date\}\) AND \(intDiv\(toUnixTimestamp64Nano\(start\), \d+\) = \{/);

  await insertSpan({
    spanId: '0000000000000002',
    start: MIDNIGHT + 1_200n * SECOND,
    day: '2025-10-10',
    kind: 300,
    status: -1,
    events: 70_000,
  });
  const columns = await load();
  expect(columns?.spanCount).toBe(2);
  expect([...(columns?.kind ?? [])]).toEqual([1, 0]);
  expect([...(columns?.statusCode ?? [])]).toEqual([0, 0]);
  expect([...(columns?.eventCount ?? [])]).toEqual([0, 65_535]);
});

it('finds starts that only 64 bits without a sign hold, beside others', async () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const starts = [MIDNIGHT, -1n, -(2n ** 63n), 2n ** 63n - 1n];
  for (const [at, start] of starts.entries()) {
    await insertSpan({ traceId, spanId: `000000000000000${at + 1}`, start, day: '2025-10-09' });
    expect((await load(traceId))?.spanCount).toBe(at + 1);
  }
});

it('knows nothing of a trace that is not stored', async () => {
  expect(await load('00000000000000000000000000000001')).toBeUndefined();
});

it('reads few of all spans', async () => {
  const traceId = traceIdOf(TRACE);
  const bounds = await loadTraceBounds(new StatementRunner(store, DEFAULT_READ_LIMITS), 'acme', [traceId]);
  if (bounds === undefined) throw new Error('the trace is not stored');
  const scope = new TenantScope('acme');
  const explain = scope.statement(`EXPLAIN indexes = 1 SELECT span_id ${spansOfTraces(scope, [traceId], bounds)}`);
  const { rows } = await store.client.selectJson<{ explain: string }>(explain.text, explain.parameters);
  const text = rows.map(({ explain: line }) => line).join('\n');
  for (const index of ['Min-Max', 'PrimaryKey', 'trace_id_bloom']) expect(text).toContain(index);
  const left = /Granules: (\d+)/.exec(text);
  expect(Number(left?.[1])).toBeLessThanOrEqual(3);
});

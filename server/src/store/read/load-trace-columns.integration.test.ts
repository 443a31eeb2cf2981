/** How a trace is found by its id, and what its columns make of numbers that fit nowhere. */
import { parseTraceId } from '@clew/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadTraceColumns } from './load-trace-columns.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from './read-limits.ts';
import { StatementRunner } from './statement-runner.ts';

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
  readonly spanId: string;
  readonly start: bigint;
  readonly day: string;
  readonly kind?: number;
  readonly status?: number;
  readonly events?: number;
}

function insertSpan({ spanId, start, day, kind = 1, status = 0, events = 0 }: Sketch): Promise<void> {
  return store.client.command(`
    INSERT INTO spans (tenant, trace_id, span_id, day, service, name, kind, status, start, event_time)
    SELECT 'acme', unhex('${TRACE}'), unhex('${spanId}'), '${day}', 'svc-1', 'op', ${kind}, ${status},
      fromUnixTimestamp64Nano(${start}), arrayWithConstant(${events}, fromUnixTimestamp64Nano(${start}))`);
}

function load() {
  const traceId = parseTraceId(TRACE);
  if (traceId === undefined) throw new Error('not a trace id');
  return loadTraceColumns(new StatementRunner(store, DEFAULT_READ_LIMITS), 'acme', traceId);
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

it('reads few of all spans', async () => {
  const { rows } = await store.client.selectJson<{ explain: string }>(
    `EXPLAIN indexes = 1 SELECT span_id FROM spans PREWHERE trace_id = unhex('${TRACE}')
     WHERE tenant = 'acme' AND day = '2025-10-09' AND
       intDiv(toUnixTimestamp64Nano(start), 300000000000) = ${(MIDNIGHT - SECOND) / 300_000_000_000n}`,
  );
  const text = rows.map(({ explain }) => explain).join('\n');
  expect(text).toContain('trace_id_bloom');
  const left = /Parts: 1 \| Granules: (\d+)/.exec(text);
  expect(Number(left?.[1])).toBeLessThanOrEqual(2);
});

/** Which index a read leaves alone, and that it prunes without it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInRange } from '../sql/start-range.ts';
import { TenantScope } from '../sql/tenant-scope.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from './read-limits.ts';
import { StatementRunner } from './statement-runner.ts';

const SPANS = 60_000;
const FIRST = 1_760_000_000_000_000_000n;
const SECOND = 1_000_000_000n;

let store: TestStore;

/** A span a second, of twenty services. */
const INSERT = `
  INSERT INTO spans (tenant, trace_id, service, name, start)
  SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), concat('svc-', toString(number % 20)), 'op',
    fromUnixTimestamp64Nano(${FIRST} + number * ${SECOND})
  FROM numbers(${SPANS})`;

beforeAll(async () => {
  store = await startTestStore();
  await store.client.command(INSERT);
  await store.client.command('OPTIMIZE TABLE spans FINAL');
});

afterAll(() => store.close());

it('prunes a time range by the sort key alone', async () => {
  const scope = new TenantScope('acme');
  const range = { fromUnixNano: FIRST, toUnixNano: FIRST + 600n * SECOND };
  const source = scope.from('spans', [startInRange(range, scope.parameters)]);
  const explain = scope.statement(`EXPLAIN indexes = 1 SELECT count() ${source}`);
  const runner = new StatementRunner(store, DEFAULT_READ_LIMITS);
  const ours = (await runner.rows<{ explain: string }>(explain)).map((row) => row.explain).join('\n');
  const { rows } = await store.client.selectJson<{ explain: string }>(explain.text, explain.parameters);
  const without = rows.map((row) => row.explain).join('\n');
  expect(without).toContain('Name: start_minmax');
  expect(ours).not.toContain('Name: start_minmax');
  expect(ours).toContain('intDiv(toUnixTimestamp64Nano(start), 300000000000) in');
});

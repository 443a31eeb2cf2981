/** Limits that are met when an answer has begun: the engine can only break it off. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TenantScope } from '../sql/tenant-scope.ts';
import { startTestStore, type TestStore } from './proof/test-store.ts';
import { DEFAULT_READ_LIMITS } from './read-limits.ts';
import { StatementRunner, tryLimitReason } from './statement-runner.ts';

let store: TestStore;

const INSERT = `
  INSERT INTO spans (tenant, trace_id, service, name, start)
  SELECT 'acme', reinterpretAsFixedString(sipHash128(number)), 'svc', 'op', fromUnixTimestamp64Nano(number)
  FROM numbers(60000)`;

beforeAll(async () => {
  // What is left of such a statement would be in the way of others.
  store = await startTestStore({ ownEngine: true });
  await store.client.command(INSERT);
});

afterAll(() => store.close());

/** Asks for much, of which a limit lets through some; why there is no more. */
async function metLimit(
  copies: number,
  columns: string,
  limits: Partial<typeof DEFAULT_READ_LIMITS>,
): Promise<string | undefined> {
  const scope = new TenantScope('acme');
  const source = `FROM (SELECT arrayJoin(range(${copies})) AS copy ${scope.from('spans')})`;
  const statement = scope.statement(`SELECT repeat('x', 100), ${columns} ${source}`);
  const runner = new StatementRunner(store, { ...DEFAULT_READ_LIMITS, ...limits });
  try {
    for await (const _ of runner.blocks(statement, { max_threads: 1, max_block_size: 4_096 }));
    return undefined;
  } catch (error) {
    return tryLimitReason(error);
  }
}

it('names the limit of time', async () => {
  expect(await metLimit(10, 'sleep(0.5)', { timeoutMs: 3_000 })).toBe('the time limit was reached');
});

it('names what uses up the memory as far as it is known', async () => {
  const dear = `length(repeat('y', if(rowNumberInAllBlocks() < 2000000, 1, 400000)))`;
  expect(await metLimit(100, dear, { maxMemoryBytes: 200_000_000 })).toContain('broke off');
});

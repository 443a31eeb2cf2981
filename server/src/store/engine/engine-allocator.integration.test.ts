import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestEngine, type TestEngine } from './test-engine.ts';

let running: TestEngine;
beforeAll(async () => {
  running = await startTestEngine();
}, 60_000);
afterAll(() => running.close());

test('the library knows the statement that gives its free pages back', async () => {
  await running.client.command('SYSTEM JEMALLOC PURGE');
});

test('the process tells its memory, with and without giving back what it keeps', async () => {
  expect(await running.engine.memory()).toBeGreaterThan(50e6);
  expect(await running.engine.memory(true)).toBeGreaterThan(50e6);
});

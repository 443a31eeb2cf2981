import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MERGE_PRIORITY_MS } from './engine-limits.ts';
import { lowerMergePriority, MERGE_NICE } from './lower-merge-priority.ts';
import { startTestEngine } from './test-engine.ts';

/** Name and nice value of each thread: proc_pid_stat(5), fields 2 and 19. */
function threadsOf(pid: number): { name: string; nice: number }[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    const nameEnd = stat.lastIndexOf(')');
    return { name: stat.slice(stat.indexOf('(') + 1, nameEnd), nice: Number(stat.slice(nameEnd + 2).split(' ')[16]) };
  });
}

describe.runIf(process.platform === 'linux')('threads of the engine', () => {
  it('merge with less weight than those that others wait for', async () => {
    const test = await startTestEngine();
    try {
      const own = threadsOf(process.pid)[0]?.nice ?? 0;
      await test.client.command('CREATE TABLE rows (a UInt64) ENGINE = MergeTree ORDER BY a');
      for (let part = 0; part < 2; part++) await test.client.command('INSERT INTO rows SELECT number FROM numbers(10)');
      await test.client.command('OPTIMIZE TABLE rows FINAL');
      const niceOf = (name: string): number[] =>
        threadsOf(test.engine.pid ?? 0)
          .filter((thread) => thread.name === name)
          .map(({ nice }) => nice);
      expect(niceOf('MergeMutate').length).toBeGreaterThan(0);
      await expect
        .poll(() => niceOf('MergeMutate').every((nice) => nice === MERGE_NICE), { timeout: 3 * MERGE_PRIORITY_MS })
        .toBe(true);
      expect(niceOf('node')).toContain(own);
    } finally {
      await test.close();
    }
  });
});

it('lowers nothing where threads are not listed', () => {
  expect(lowerMergePriority('/nowhere/task')).toBe(0);
});

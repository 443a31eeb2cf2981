import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { ProcessGroup } from './process-group.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Works for a while, then idles. */
async function startWorker(busyMs: number): Promise<number> {
  const script = `const end = Date.now() + ${busyMs}; console.log('up'); while (Date.now() < end); setInterval(() => {}, 1000)`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  if (child.stdout === null || child.pid === undefined) throw new Error('no worker.');
  await once(child.stdout, 'data');
  return child.pid;
}

test('waiting ends when the work is done, and the CPU of the work has been counted', async () => {
  const group = new ProcessGroup([await startWorker(800)]);
  const before = group.cpuSeconds();
  const { cpuSeconds, isQuiet } = await group.quiet(30_000);
  expect(isQuiet).toBe(true);
  expect(cpuSeconds).toBeGreaterThan(before);
});

test('what never rests is said not to have rested', async () => {
  const group = new ProcessGroup([await startWorker(60_000)]);
  expect(await group.quiet(1000)).toMatchObject({ isQuiet: false });
});

test('a process that descends from another, or is named twice, counts once', async () => {
  const pid = await startWorker(0);
  const alone = new ProcessGroup([process.pid]).rssBytes();
  const again = new ProcessGroup([process.pid, pid, pid]).rssBytes();
  expect(new ProcessGroup([pid]).rssBytes()).toBeGreaterThan(10 * 2 ** 20);
  // This process grows a little meanwhile, the worker would add more than 30 MiB.
  expect(again).toBeLessThan(alone + 25 * 2 ** 20);
});

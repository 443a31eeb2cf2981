import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { DataDirectoryInUseError, DataDirectoryLock, LOCK_FILE } from './data-directory-lock.ts';
import { identityOf, isRunning } from './process-identity.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'clew-lock-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const writeLock = (record: unknown) =>
  writeFileSync(join(directory, LOCK_FILE), typeof record === 'string' ? record : JSON.stringify(record));
const endedPid = () => spawnSync(process.execPath, ['-e', '']).pid;

it('names the process that holds the directory and what to do', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    writeLock({ holder: identityOf(other.pid ?? 0) });
    await expect(DataDirectoryLock.acquire(directory)).rejects.toThrow(
      `data directory ${directory} is in use by process ${other.pid}. Stop it or choose another with --data.`,
    );
  } finally {
    other.kill('SIGKILL');
  }
});

it('takes over a lock whose holder is gone, or whose pid now is another process', async () => {
  const stale = [
    { holder: identityOf(endedPid()) },
    { holder: { pid: process.ppid, startedAt: 'before' } },
    // In a container every start may have the same pid.
    { holder: identityOf(process.pid) },
    'half a rec',
  ];
  for (const record of stale) {
    writeLock(record);
    const lock = await DataDirectoryLock.acquire(directory);
    expect(JSON.parse(readFileSync(join(directory, LOCK_FILE), 'utf8'))).toMatchObject({
      holder: { pid: process.pid },
    });
    lock.release();
  }
});

it('waits for the engine of a killed holder', async () => {
  const engine = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 300)']);
  const identity = identityOf(engine.pid ?? 0);
  writeLock({ holder: identityOf(endedPid()), engine: identity });
  expect(isRunning(identity)).toBe(true);
  const lock = await DataDirectoryLock.acquire(directory);
  expect(isRunning(identity)).toBe(false);
  lock.release();
});

it('kills the engine of a killed holder when that does not end by itself', { timeout: 30_000 }, async () => {
  const engine = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)']);
  const identity = identityOf(engine.pid ?? 0);
  engine.kill('SIGSTOP');
  writeLock({ holder: identityOf(endedPid()), engine: identity });
  const lock = await DataDirectoryLock.acquire(directory);
  expect(isRunning(identity)).toBe(false);
  lock.release();
});

it('is held once in a process, and leaves nothing behind', async () => {
  const lock = await DataDirectoryLock.acquire(directory);
  await expect(DataDirectoryLock.acquire(directory)).rejects.toThrow(DataDirectoryInUseError);
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
});

it('says why a directory cannot be used and what to do', async () => {
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const advice = 'Correct that or choose another with --data.';
  await expect(DataDirectoryLock.acquire(file)).rejects.toThrow(
    `data directory ${file} cannot be used: a file has this name. ${advice}`,
  );
  await expect(DataDirectoryLock.acquire(join(file, 'below'))).rejects.toThrow(
    `data directory ${join(file, 'below')} cannot be used: a part of its path is a file. ${advice}`,
  );
  // A directory that exists and takes nothing: node's recursive mkdir never comes back from there.
  if (process.platform === 'linux') {
    await expect(DataDirectoryLock.acquire('/proc/clew/data')).rejects.toThrow(
      `data directory /proc/clew/data cannot be used: nothing can be created there. ${advice}`,
    );
  }
});

import type { ChildProcess } from 'node:child_process';
import type { StoreClient } from '../../server/src/store/client.ts';

export const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

/** Asks it to end; ends it when it takes too long. */
export async function stopTarget(client: StoreClient, child: ChildProcess, ask: () => void): Promise<void> {
  await client.close();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.exitCode !== null || child.signalCode !== null) return;
  ask();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('a process could not be started.');
  return child.pid;
}

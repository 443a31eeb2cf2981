import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes; fails with `what` after a minute. */
export async function waitUntil(
  ask: () => Promise<boolean> | boolean,
  what: string,
  timeoutMs = 60_000,
): Promise<void> {
  const until = performance.now() + timeoutMs;
  while (performance.now() < until) {
    if (await ask()) return;
    await sleep(50);
  }
  throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
}

import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses grow from the first to the last: each question is work for the program, for a status two milliseconds. */
const FIRST_PAUSE_MS = 25;
const LAST_PAUSE_MS = 150;

/** Asks until the answer is yes; fails with `what` after a minute. */
export async function waitUntil(
  ask: () => Promise<boolean> | boolean,
  what: string,
  timeoutMs = 60_000,
): Promise<void> {
  const until = performance.now() + timeoutMs;
  for (let pauseMs = FIRST_PAUSE_MS; performance.now() < until; pauseMs = Math.min(pauseMs * 1.2, LAST_PAUSE_MS)) {
    if (await ask()) return;
    await sleep(pauseMs);
  }
  throw new Error(`waited ${timeoutMs} ms in vain for: ${what}`);
}

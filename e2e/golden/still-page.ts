/** Takes out of a page whatever differs from run to run: clocks, ports, versions, rates. */
import type { StatusAnswer } from '@clew/contract';
import type { Page } from '@playwright/test';
import { GOLDEN_NOW_MS } from './shop-world.ts';

/** What a Clew with the usual ports and some hours behind it says of itself; everything else is the real answer. */
function stillStatus(real: StatusAnswer): StatusAnswer {
  return {
    ...real,
    version: '0.1.0',
    startedUnixMs: GOLDEN_NOW_MS - 5 * 3_600_000,
    acceptedPerSecond: 412,
    journal: { entries: 3, bytes: 48_214, oldestAgeMs: 180 },
    endpoints: {
      otlpGrpc: 'http://127.0.0.1:4317',
      otlpHttp: 'http://127.0.0.1:4318',
      ui: 'http://127.0.0.1:8317',
      tempo: 'http://127.0.0.1:3200',
    },
    storage: {
      bytes: 1_840_000,
      spans: real.spans.accepted,
      oldestDay: real.spans.accepted === 0 ? null : '2026-11-20',
      newestDay: real.spans.accepted === 0 ? null : '2026-11-20',
      limitBytes: null,
      freeBytes: 412e9,
      warnings: [],
    },
  };
}

/** Call before the first page is opened. */
export async function makeStill(page: Page): Promise<void> {
  await page.clock.setFixedTime(GOLDEN_NOW_MS);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.route('**/api/v1/status', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: stillStatus((await answer.json()) as StatusAnswer) });
  });
}

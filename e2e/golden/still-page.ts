/** Takes out of a page whatever differs from run to run: clocks, ports, versions, rates. */
import type { StatusAnswer } from '@clew/contract';
import type { APIResponse, Page, Route } from '@playwright/test';
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

/** What the engine read and how long it took differs from run to run. */
function stillStatistics(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('statistics' in answer)) return answer;
  return {
    ...answer,
    statistics: { ...Object(answer.statistics), rowsRead: 9_515, bytesRead: 412_000, elapsedMs: 24 },
  };
}

const ACKNOWLEDGED = /^(clew_acknowledge_seconds_bucket\{le="([^"]+)".*\}) \d+$/gm;
/** Acknowledgements below this many seconds are shown as none, others as all. */
const ACKNOWLEDGED_IN = 0.004;
const STORE_SIZES = /^(clew_store_(?:table_bytes|table_parts|fullness_ratio|merges)\b.*) \S+$/gm;

/** Latencies and sizes as of an idle machine; what counts requests and spans is the real text. */
function stillMetrics(text: string): string {
  const requests = /^clew_acknowledge_seconds_count\{.*\} (\d+)$/m.exec(text)?.[1] ?? '0';
  return text
    .replace(ACKNOWLEDGED, (_, name: string, bound: string) =>
      bound === '+Inf' || Number(bound) >= ACKNOWLEDGED_IN ? `${name} ${requests}` : `${name} 0`,
    )
    .replace(STORE_SIZES, '$1 0');
}

/** Call before the first page is opened. */
export async function makeStill(page: Page): Promise<void> {
  await page.clock.setFixedTime(GOLDEN_NOW_MS);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const change = async (route: Route, of: (answer: APIResponse) => Promise<{ json?: unknown; body?: string }>) => {
    // A request that is under way when the test ends has no answer.
    const answer = await route.fetch().catch(() => undefined);
    const changed = answer === undefined ? undefined : await of(answer).catch(() => undefined);
    if (answer !== undefined && changed !== undefined) await route.fulfill({ response: answer, ...changed });
  };
  const isJson = (answer: APIResponse): boolean => answer.headers()['content-type']?.includes('json') === true;
  await page.route('**/api/v1/**', (route) =>
    change(route, async (answer) => (isJson(answer) ? { json: stillStatistics(await answer.json()) } : {})),
  );
  await page.route('**/api/v1/status', (route) =>
    change(route, async (answer) => ({ json: stillStatus((await answer.json()) as StatusAnswer) })),
  );
  await page.route('**/metrics', (route) =>
    change(route, async (answer) => ({ body: stillMetrics(await answer.text()) })),
  );
}

/**
 * The interface in a language that nobody wrote it in: every page in the pseudo-locale, wide and narrow. What is not in
 * brackets is not in the catalogue; what makes a page scroll sideways has no room for longer words.
 */
import type { Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { greek, planGreekTrace, sendShopTrace } from './greek-world.ts';
import { findUndisguised, outsideOf } from './undisguised-text.ts';
import { expect, test } from './watched-page.ts';

test.use({ clewOf: 'translation', timezoneId: 'UTC', trace: 'off' });

const PARTS = ['Explore', 'a trace', 'Compare and services', 'all other pages'] as const;
type Part = (typeof PARTS)[number];

const WIDTHS = [1440, 360] as const;
/** Of a machine with a lot to do. */
const PAGE_TIMEOUT_MS = 30_000;

interface Screen {
  readonly name: string;
  readonly path: string;
  /** There when the page shows what it is about. */
  readonly ready: string;
  /** A key pressed then. */
  readonly press?: string;
}

/** By test; each takes as long as its pages do on a machine with a lot to do. */
function screensOf(first: string, second: string): Readonly<Record<Part, readonly Screen[]>> {
  const trace = `/trace/${first}`;
  const failed = `${trace}?span=00000000000000a2`;
  return {
    Explore: [
      { name: 'Explore with traces', path: '/explore', ready: '.results a, .result' },
      { name: 'Explore with spans', path: '/explore?res=spans&viz=table', ready: 'table tbody tr' },
      {
        name: 'Explore with errors',
        path: '/explore?viz=errors&q={ status = error }',
        ready: '.errors-bars, .error-bars',
      },
      { name: 'Explore, metrics', path: '/explore?q={ } | rate() by (resource.service.name)', ready: '.series-chart' },
      { name: 'Explore, a mistake', path: '/explore?q={ name = ', ready: '[role=alert], .query-problem' },
      { name: 'Explore, nothing found', path: '/explore?q={ name = "1" }', ready: '.notice' },
      { name: 'Explore, live', path: '/explore?live=1', ready: '.live-results' },
    ],
    'a trace': [
      { name: 'trace with details', path: failed, ready: '.dock' },
      { name: 'flame graph', path: `${trace}?view=flame`, ready: '.flame canvas' },
      { name: 'span table', path: `${trace}?view=table`, ready: 'table tbody tr' },
      { name: 'map of the trace', path: `${trace}?view=map`, ready: '.trace-map svg, main svg' },
      { name: 'events', path: `${trace}?view=events`, ready: '[role=option]' },
    ],
    'Compare and services': [
      { name: 'Compare, to choose', path: '/compare', ready: '.compare-option' },
      { name: 'Compare, traces', path: `/compare?a=${first}&b=${second}`, ready: '[role=treegrid]' },
      {
        name: 'Compare, sets',
        path: '/compare?a={ status = error }&b={ status != error }',
        ready: 'main table, [role=treegrid]',
      },
      { name: 'Services', path: '/services', ready: '.service-table a' },
      { name: 'page of a service', path: `/services/${greek('payments')}`, ready: '.series-chart' },
      { name: 'service map', path: '/services?view=map', ready: 'main svg .map-node, main svg [role]' },
    ],
    'all other pages': [
      { name: 'Setup', path: '/setup', ready: '[role=tabpanel]' },
      { name: 'Health', path: '/health', ready: '[role=tabpanel] table, [role=tabpanel] dl' },
      { name: 'Health, storage', path: '/health?tab=storage', ready: '[role=tabpanel]' },
      { name: 'Health, sampling', path: '/health?tab=sampling', ready: '[role=tabpanel]' },
      { name: 'Health, quality', path: '/health?tab=quality', ready: '[role=tabpanel] table' },
      { name: 'Settings', path: '/settings', ready: 'main h2' },
      { name: 'Import', path: '/import', ready: 'main input[type=file]' },
      { name: 'a page that is not there', path: '/nothing-here', ready: 'main h1' },
      {
        name: 'command palette',
        path: trace,
        ready: '.wf-critical:visible',
        press: 'Control+k',
      },
      { name: 'key sheet', path: trace, ready: '.wf-critical:visible', press: '?' },
    ],
  };
}

const TRACES: string[] = [];

test.beforeAll(async ({ clew }) => {
  const now = Date.now();
  for (const shop of [planGreekTrace(now - 60_000), planGreekTrace(now - 40_000)]) {
    await sendShopTrace(clew.urls.otlpHttp, shop);
    await expectStored(clew.urls.ui, '{ }', shop.traceId);
    TRACES.push(shop.traceId);
  }
});

for (const part of PARTS) {
  test(`${part}: every word comes from the catalogue, and longer ones have room`, async ({ page, clew }) => {
    test.slow();
    await page.addInitScript("localStorage.setItem('clew.locale.1', 'en-XA')");
    for (const screen of screensOf(TRACES[0], TRACES[1])[part]) {
      await test.step(screen.name, () => expectTranslatable(page, clew.urls.ui, screen));
    }
    expect(await page.evaluate<string>('document.documentElement.lang')).toBe('en-XA');
  });
}

async function expectTranslatable(page: Page, ui: string, { name, path, ready, press }: Screen): Promise<void> {
  await page.setViewportSize({ width: WIDTHS[0], height: 900 });
  await page.goto(`${ui}${path}`);
  await expect(page.locator(ready).first(), name).toBeVisible({ timeout: PAGE_TIMEOUT_MS });
  await expect(page.locator('.progress, .is-stale')).toHaveCount(0, { timeout: PAGE_TIMEOUT_MS });
  if (press !== undefined) {
    await page.keyboard.press(press);
    await expect(page.locator('dialog[open]')).toBeVisible();
  }
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect.soft(await findUndisguised(page), `${name} at ${width}: words that are not in ui/src/text`).toEqual([]);
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect.soft(wide, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(width);
  }
}

test('the rule lets nothing through but what was sent and what is written for machines', () => {
  for (const words of ['Save', '⟦Šááṽéé⟧ all', 'Errors: 12', 'ματ and καρτ', '12 spans', '⟦ÓÓƒ ⟦ƀ⟧⟧ of']) {
    expect(outsideOf(words), words).toMatch(/[A-Za-z]/);
  }
  for (const words of [
    '⟦Šááṽéé ⟦đáátáá⟧ καρτ⟧',
    'καρτ',
    '12.5 ms',
    'Nov 20, 2026, 14:03:07.512 UTC',
    '3m ago',
    'http.route',
  ]) {
    expect(outsideOf(words), words).not.toMatch(/[A-Za-z]/);
  }
});

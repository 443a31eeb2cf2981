/**
 * Every page as a picture that has been looked at: docs/images/ui. A page that comes out differently fails; after a
 * wanted change: npx playwright test -c e2e/playwright.config.ts screenshots -u, look at what changed, and let
 * node tools/shrink-png.mjs docs/images/ui/*.png make the files small. A new page
 * is one row of PAGES. The documentation shows the light ones.
 */
import type { Locator, Page } from '@playwright/test';
import { startClew } from '../clew-process.ts';
import { type GoldenWorld, sendGoldenWorld } from '../golden/shop-world.ts';
import { makeStill } from '../golden/still-page.ts';
import { test as base, expect } from './watched-page.ts';

interface GoldenPage {
  /** Of the picture: `<name>.png`, `<name>-dark.png`, and `<name>-360.png` for the narrow window. */
  readonly name: string;
  readonly path: (world: GoldenWorld) => string;
  /** Resolves when the page shows all it will show. */
  readonly ready: (page: Page) => Promise<void>;
  /** In a narrow window too. */
  readonly narrow?: boolean;
  /** Asked of a Clew without a span. */
  readonly empty?: boolean;
}

/** Of a machine with a lot to do. */
const PAGE_TIMEOUT_MS = 30_000;

const visible = (find: (page: Page) => Locator) => async (page: Page) =>
  expect(find(page).first()).toBeVisible({ timeout: PAGE_TIMEOUT_MS });
const rangeOf = ({ from, to }: GoldenWorld): string => `from=${from}&to=${to}`;
const waterfall = visible((page) => page.locator('.wf-critical:visible'));

const PAGES: readonly GoldenPage[] = [
  {
    name: 'explore',
    path: (world) => `/explore?${rangeOf(world)}&q=${encodeURIComponent('{ kind = server }')}`,
    ready: visible((page) => page.getByRole('region', { name: 'Traces' }).getByRole('link')),
    narrow: true,
  },
  {
    name: 'explore-empty',
    path: (world) => `/explore?${rangeOf(world)}&q=${encodeURIComponent('{ name = "nothing has this name" }')}`,
    ready: visible((page) => page.getByRole('heading', { name: 'No trace matches' })),
  },
  { name: 'trace-waterfall', path: ({ failedCheckout }) => `/trace/${failedCheckout}`, ready: waterfall, narrow: true },
  {
    name: 'trace-flame',
    path: ({ failedCheckout }) => `/trace/${failedCheckout}?view=flame`,
    ready: visible((page) => page.locator('.flame canvas')),
  },
  {
    name: 'trace-table',
    path: ({ failedCheckout }) => `/trace/${failedCheckout}?view=table`,
    ready: visible((page) => page.getByRole('table')),
  },
  {
    name: 'trace-map',
    path: ({ failedCheckout }) => `/trace/${failedCheckout}?view=map`,
    ready: visible((page) => page.getByRole('main').locator('svg:not(.icon)')),
  },
  {
    name: 'compare',
    path: ({ goodCheckout, failedCheckout }) => `/compare?a=${goodCheckout}&b=${failedCheckout}`,
    ready: visible((page) => page.getByRole('treegrid')),
  },
  {
    name: 'services',
    path: (world) => `/services?${rangeOf(world)}`,
    ready: visible((page) => page.getByRole('table').getByRole('link')),
    narrow: true,
  },
  {
    name: 'service',
    path: (world) => `/services/checkout?${rangeOf(world)}`,
    ready: async (page) => expect(page.locator('.series-chart')).toHaveCount(2, { timeout: PAGE_TIMEOUT_MS }),
  },
  {
    name: 'service-map',
    path: (world) => `/services?view=map&${rangeOf(world)}`,
    ready: visible((page) => page.getByRole('list', { name: 'Legend' })),
  },
  {
    name: 'setup',
    path: () => '/setup',
    ready: visible((page) => page.getByRole('tabpanel')),
    narrow: true,
    empty: true,
  },
  { name: 'health', path: () => '/health', ready: visible((page) => page.getByRole('tabpanel')), narrow: true },
  { name: 'settings', path: () => '/settings', ready: visible((page) => page.getByRole('heading', { name: 'Time' })) },
  {
    name: 'palette',
    path: ({ failedCheckout }) => `/trace/${failedCheckout}`,
    ready: async (page) => {
      await waterfall(page);
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Command palette' }).fill('err');
      await expect(page.getByRole('option').first()).toBeVisible();
    },
  },
];

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 360, height: 780 };

const test = base.extend<object, { readonly world: GoldenWorld; readonly emptyUi: string }>({
  world: [
    async ({ clew }, use) => {
      const world = await sendGoldenWorld(clew.urls.otlpHttp);
      await expect(async () => {
        const answer = await fetch(`${clew.urls.ui}/api/v1/status`);
        const { spans } = (await answer.json()) as { readonly spans: { readonly stored: number } };
        expect(spans.stored).toBe(world.spanCount);
      }).toPass();
      await use(world);
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  emptyUi: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape.
    async ({}, use) => use((await startClew()).urls.ui),
    { scope: 'worker', timeout: 60_000 },
  ],
});

test.use({
  timezoneId: 'UTC',
  locale: 'en-US',
  deviceScaleFactor: 1,
  clewOf: 'screenshots',
  clewFlags: ['--store-retention-days', '0'],
  // A recording of every step would cost more than the pictures.
  trace: 'off',
});

// One test: each page more would be a browser's whole start more.
test('every page looks as it did', async ({ page, clew, world, emptyUi }) => {
  test.slow();
  await makeStill(page);
  for (const { name, path, ready, narrow, empty } of PAGES) {
    await test.step(name, async () => {
      await page.setViewportSize(WIDE);
      await page.emulateMedia({ colorScheme: 'light' });
      await page.goto(`${empty === true ? emptyUi : clew.urls.ui}${path(world)}`);
      await ready(page);
      await expect(page.locator('.progress, .is-stale')).toHaveCount(0);
      // The row or point under the pointer is tinted.
      await page.mouse.move(700, 4);
      await expect.soft(page).toHaveScreenshot(`${name}.png`);
      await page.emulateMedia({ colorScheme: 'dark' });
      await expect.soft(page).toHaveScreenshot(`${name}-dark.png`);
      if (narrow !== true) return;
      await page.emulateMedia({ colorScheme: 'light' });
      await page.setViewportSize(NARROW);
      await expect.soft(page).toHaveScreenshot(`${name}-360.png`);
    });
  }
});

/**
 * The interface in a language that nobody wrote it in: every page in the pseudo-locale, wide and narrow. What is not in
 * brackets is not in the catalogue; what makes a page scroll sideways has no room for longer words.
 */
import { expectStored } from './expect-stored.ts';
import { greek, planGreekTrace, sendShopTrace } from './greek-world.ts';
import { findUndisguised, outsideOf } from './undisguised-text.ts';
import { expect, test } from './watched-page.ts';

test.use({ clewOf: 'translation', timezoneId: 'UTC', trace: 'off' });

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

function screensOf(first: string, second: string): readonly Screen[] {
  const trace = `/trace/${first}`;
  const failed = `${trace}?span=00000000000000a2`;
  return [
    { name: 'Explore with traces', path: '/explore', ready: '.results a, .result' },
    { name: 'Explore with spans', path: '/explore?res=spans&ov=table', ready: 'table tbody tr' },
    { name: 'Explore with errors', path: '/explore?ov=errors&q={ status = error }', ready: '.errors-panel, .overview' },
    { name: 'Explore, metrics', path: '/explore?q={ } | rate() by (resource.service.name)', ready: '.series-chart' },
    { name: 'Explore, a mistake', path: '/explore?q={ name = ', ready: '[role=alert], .query-problem' },
    { name: 'Explore, nothing found', path: '/explore?q={ name = "1" }', ready: '.notice' },
    { name: 'Explore, live', path: '/explore?live=1', ready: '.live' },
    { name: 'trace with details', path: failed, ready: '.dock' },
    { name: 'flame graph', path: `${trace}?view=flame`, ready: '.flame canvas' },
    { name: 'span table', path: `${trace}?view=table`, ready: 'table tbody tr' },
    { name: 'map of the trace', path: `${trace}?view=map`, ready: '.trace-map svg, main svg' },
    { name: 'events', path: `${trace}?view=events`, ready: '[role=option]' },
    { name: 'Compare, to choose', path: '/compare', ready: 'main form' },
    { name: 'Compare, traces', path: `/compare?a=${first}&b=${second}`, ready: '[role=treegrid]' },
    {
      name: 'Compare, sets',
      path: '/compare?a={ status = error }&b={ status != error }',
      ready: 'main table, [role=treegrid]',
    },
    { name: 'Services', path: '/services', ready: '.service-table a' },
    { name: 'page of a service', path: `/services/${greek('payments')}`, ready: '.series-chart' },
    { name: 'service map', path: '/services?view=map', ready: 'main svg .map-node, main svg [role]' },
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
  ];
}

test('every word of every page comes from the catalogue, and longer ones have room', async ({ page, clew }) => {
  test.setTimeout(240_000);
  const now = Date.now();
  const [first, second] = [planGreekTrace(now - 60_000), planGreekTrace(now - 40_000)];
  for (const shop of [first, second]) await sendShopTrace(clew.urls.otlpHttp, shop);
  await expectStored(clew.urls.ui, '{ }', second.traceId);
  await page.addInitScript("localStorage.setItem('clew.locale.1', 'en-XA')");
  for (const { name, path, ready, press } of screensOf(first.traceId, second.traceId)) {
    await test.step(name, async () => {
      await page.setViewportSize({ width: WIDTHS[0], height: 900 });
      await page.goto(`${clew.urls.ui}${path}`);
      await expect.soft(page.locator(ready).first(), name).toBeVisible({ timeout: PAGE_TIMEOUT_MS });
      await expect(page.locator('.progress, .is-stale')).toHaveCount(0);
      if (press !== undefined) await page.keyboard.press(press);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        expect.soft(await findUndisguised(page), `${name} at ${width}: words that are not in ui/src/text`).toEqual([]);
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
        expect.soft(wide, `${name} at ${width} scrolls sideways`).toBeLessThanOrEqual(width);
      }
    });
  }
  expect(await page.evaluate<string>('document.documentElement.lang')).toBe('en-XA');
});

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

/** What is left of the pages where the system chooses the colours, and on paper. */
import type { Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { planShopTrace, sendShopTrace } from './shop-trace.ts';
import { expect, test } from './watched-page.ts';

test.use({ clewOf: 'media' });

let traces: readonly string[] = [];

test.beforeAll(async ({ clew }) => {
  const now = Date.now();
  // The second is of the same shape, but each of its spans takes longer.
  const shops = [planShopTrace(now - 50_000), planShopTrace(now - 40_000)];
  for (const shop of shops) await sendShopTrace(clew.urls.otlpHttp, shop);
  await expectStored(clew.urls.ui, '{ }', shops[1].traceId);
  traces = shops.map(({ traceId }) => traceId);
});

/** Value of a CSS property of the first element that matches, as the browser computes it. */
function style(page: Page, selector: string, property: string, pseudo = ''): Promise<string> {
  const element = `document.querySelector(${JSON.stringify(selector)})`;
  return page.evaluate<string>(
    `getComputedStyle(${element}, ${JSON.stringify(pseudo)}).getPropertyValue('${property}')`,
  );
}

/** Different colours of a canvas, of its pixels every few. */
function colourCount(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)});
    // A copy: reading the canvas itself again and again would slow it down, and the browser says so.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const pixels = new Uint32Array(copy.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return new Set(pixels.filter((_, at) => at % 7 === 0)).size;
  })()`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`in forced colours, ${colorScheme}, bars, shapes, charts, focus and what is chosen can be seen`, async ({
    page,
    clew,
  }) => {
    await page.emulateMedia({ forcedColors: 'active', colorScheme });
    // A theme chosen here gives way to the system's.
    await page.addInitScript(
      `localStorage.setItem('clew.settings.1', '{"theme":"${colorScheme === 'dark' ? 'light' : 'dark'}"}')`,
    );
    await page.goto(`${clew.urls.ui}/trace/${traces[0]}`);
    await expect(page.locator('.wf-critical:visible').first()).toBeVisible();
    const canvas = await style(page, 'body', 'background-color');
    expect(canvas).toBe(colorScheme === 'dark' ? 'rgb(0, 0, 0)' : 'rgb(255, 255, 255)');
    const bars = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.wf-row:not([hidden]) .wf-bar')].map((bar) => getComputedStyle(bar).backgroundColor)`,
    );
    expect(new Set(bars).size).toBeGreaterThan(3);
    expect(bars).not.toContain(canvas);
    expect(await style(page, '.wf-chevron:not(.is-leaf)', 'background-color', '::before')).not.toBe(canvas);
    expect(await colourCount(page, '.minimap canvas, canvas')).toBeGreaterThan(4);
    await page.getByRole('row', { name: /^payments, charge card/ }).click();
    expect(await style(page, '.wf-row.is-selected', 'outline-style')).toBe('solid');
    await page.keyboard.press('ArrowUp');
    expect(await style(page, '.wf-row.is-active', 'outline-style')).not.toBe('none');
    expect(await style(page, '.wf-scroll', 'outline-style')).toBe('solid');

    await page.goto(`${clew.urls.ui}/trace/${traces[0]}?view=flame`);
    await expect(page.locator('.flame canvas')).toBeVisible();
    await expect.poll(() => colourCount(page, '.flame canvas')).toBeGreaterThan(8);
    const pressed = await style(page, 'button[aria-pressed="true"]', 'background-color');
    expect(pressed).not.toBe(await style(page, 'button[aria-pressed="false"]', 'background-color'));

    await page.goto(`${clew.urls.ui}/explore?viz=heat`);
    await expect(page.locator('.result-bar i').first()).toBeVisible();
    expect(await style(page, '.result-bar i', 'background-color')).not.toBe(canvas);
    await expect(page.locator('.heat-layers canvas').first()).toBeVisible();
    await expect.poll(() => colourCount(page, '.heat-layers canvas')).toBeGreaterThan(3);
    expect(await style(page, '.switch [aria-pressed="true"]', 'background-color')).not.toBe(canvas);
    expect(await style(page, '.heat-shades i:last-child', 'background-color')).not.toBe(
      await style(page, '.heat-shades i', 'background-color'),
    );
  });
}

test('on paper a dark page is light and whole, without what can only be clicked', async ({ page, clew }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  const open = async (path: string, ready: string): Promise<void> => {
    await page.emulateMedia({ media: 'screen' });
    await page.goto(`${clew.urls.ui}${path}`);
    await expect(page.locator(ready).first()).toBeVisible();
    await page.emulateMedia({ media: 'print' });
    expect(await style(page, 'body', 'background-color'), path).toBe('rgb(255, 255, 255)');
  };
  await open('/explore', '.result');
  for (const gone of ['.shell-head', '.facets', '.results-controls', '.view-choice']) {
    await expect(page.locator(gone).first(), gone).toBeHidden();
  }
  expect(await style(page, '.result', 'content-visibility')).toBe('visible');
  expect(await style(page, '.scan', 'position')).toBe('static');

  await open(`/compare?a=${traces[0]}&b=${traces[1]}`, '.diff-row');
  const rows = page.locator('.diff-scroll');
  expect((await rows.boundingBox())?.height).toBeGreaterThan(400);

  await open(`/trace/${traces[0]}?view=flame`, '.flame canvas');
  // The canvas is painted anew: its free part is as light as the paper.
  await expect
    .poll(() =>
      page.evaluate<number>(`(() => {
        const canvas = document.querySelector('.flame canvas');
        const copy = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
        copy.drawImage(canvas, canvas.width - 2, canvas.height - 2, 1, 1, 0, 0, 1, 1);
        return copy.getImageData(0, 0, 1, 1).data[0];
      })()`),
    )
    .toBeGreaterThan(240);
  for (const path of ['/explore', '/services', `/trace/${traces[0]}`, `/trace/${traces[0]}?view=map`]) {
    await page.goto(`${clew.urls.ui}${path}`);
    await expect(page.getByRole('main')).toContainText('payments');
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    // A page of nothing is two kilobytes; drawn text with its font is far more.
    expect(pdf.length, path).toBeGreaterThan(15_000);
  }
});

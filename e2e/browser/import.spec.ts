/** Files of traces: opened without the server, told what is wrong with them, written in every form and opened again. */
import { readFile } from 'node:fs/promises';
import type { Download, Page } from '@playwright/test';
import { planShopTrace } from './shop-trace.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'import' });

function choose(page: Page, name: string, content: string | Buffer): Promise<void> {
  const buffer = typeof content === 'string' ? Buffer.from(content) : content;
  return page.getByLabel('Choose files').first().setInputFiles({ name, mimeType: 'application/json', buffer });
}

async function download(page: Page, format: string): Promise<Download> {
  const started = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Copy, download, save as picture or print' }).click();
  await page.getByRole('button', { name: format }).click();
  const file = await started;
  await page.keyboard.press('Escape');
  return file;
}

/** What a browser tells the page while somebody drags a file over it and drops it; run in the page. */
function dragging(event: 'dragenter' | 'drop', ...contents: readonly string[]): string {
  return `(() => {
    const dataTransfer = new DataTransfer();
    for (const content of ${JSON.stringify(contents)}) dataTransfer.items.add(new File([content], 'again.json'));
    document.body.dispatchEvent(new DragEvent('${event}', { dataTransfer, bubbles: true, cancelable: true }));
  })()`;
}

test('opens traces out of files, offline, and says what is wrong with a file', async ({ page, clew }) => {
  const shop = planShopTrace();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/api\/v1\/(traces|search|metrics)/.test(request.url())) asked.push(request.url());
  });
  await page.goto(`${clew.urls.ui}/import`);
  await choose(page, 'broken.json', '{"data": [{"traceID": "a",\n "spans": [}]}');
  await expect(page.getByRole('alert')).toContainText('broken.json cannot be read');
  await expect(page.getByRole('alert')).toContainText('line 2, column 12');
  await choose(page, 'jaeger.json', '{"data":[{"traceID":"ab","spans":[{"traceID":"xyz","spanID":"1"}]}]}');
  await expect(page.getByRole('alert')).toContainText('data[0].spans[0].traceID is "xyz"');
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/screenshots/import-error-dark.png' });
  await page.emulateMedia({ colorScheme: 'light' });

  await choose(page, 'shop.json', JSON.stringify(shop.data));
  const list = page.getByRole('region', { name: 'Trace', exact: true });
  await expect(list.getByRole('row')).toHaveCount(3);
  await expectAccessible(page);
  await list.getByRole('link', { name: 'web POST /checkout' }).click();
  const row = page.getByRole('row', { name: /^payments, charge card/ });
  await row.click();
  const dock = page.getByRole('complementary', { name: 'Span details' });
  await expect(dock).toContainText('payment.method');
  await dock.getByRole('tab', { name: /Links/ }).click();
  await expect(dock.getByRole('link', { name: 'refunds undo charge' })).toHaveAttribute('href', /^\/import\//);
  await page.keyboard.press('6');
  await expect(page.getByRole('option', { name: /cart loaded/ })).toBeVisible();
  await page.keyboard.press('1');
  await page.getByRole('searchbox', { name: /^Find/ }).fill('{ span.cart.items = 3 }');
  await expect(page.getByText('1 of 1').or(page.getByText('0 of 1'))).toBeVisible();

  await page.goBack();
  await page.getByRole('link', { name: 'From shop.json' }).click();
  await expect(list).toBeVisible();
  expect(asked, 'requests for a trace out of a file').toEqual([]);
});

/** The spans of the plan dealt out to so many files, whatever trace they are of. */
function dealOut(count: number): readonly string[] {
  const { data } = planShopTrace();
  return Array.from({ length: count }, (_, file) => {
    let at = 0;
    const resourceSpans = data.resourceSpans.map((resource) => ({
      ...resource,
      scopeSpans: resource.scopeSpans.map((scope) => ({
        ...scope,
        spans: scope.spans.filter(() => at++ % count === file),
      })),
    }));
    return JSON.stringify({ resourceSpans });
  });
}

test('opens several files as one: parts of a trace come together, and a bad file harms no other', async ({
  page,
  clew,
}) => {
  const parts = dealOut(2);
  const files = [
    { name: 'node-1.json', mimeType: 'application/json', buffer: Buffer.from(parts[0]) },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('buy milk') },
    { name: 'node-2.json', mimeType: 'application/json', buffer: Buffer.from(parts[1]) },
  ];
  await page.goto(`${clew.urls.ui}/import`);
  await page.getByLabel('Choose files').first().setInputFiles(files);
  await expect(page.getByRole('heading', { name: 'Traces in 2 files' })).toBeVisible();
  await expect(page.getByRole('alert')).toHaveText(/notes\.txt cannot be read/);
  const list = page.getByRole('region', { name: 'Trace', exact: true });
  await expect(list.getByRole('row', { name: /web POST \/checkout/ })).toContainText('node-1.json, node-2.json');
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 360],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await expectAccessible(page);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `pixels beyond ${width}`).toBeLessThanOrEqual(0);
    await page.screenshot({ path: `test-results/screenshots/import-several-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await list.getByRole('link', { name: 'web POST /checkout' }).click();
  await expect(page.getByRole('row', { name: /^payments, charge card/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /^db, execute/ })).toBeVisible();
  await expect(page.getByText('parent missing')).toHaveCount(0);
  await page.getByRole('link', { name: 'From node-1.json, node-2.json' }).click();
  // Dropped, too; the same file twice adds nothing.
  await page.evaluate(dragging('drop', parts[0], parts[1], parts[0]));
  await expect(page.getByRole('heading', { name: 'Traces in 3 files' })).toBeVisible();
  await expect(page.getByText(/in more than one file, and shown once/)).toBeVisible();
});

test('writes a trace as OTLP, Jaeger and Zipkin JSON, which open again where they are dropped', async ({
  page,
  clew,
}) => {
  const shop = planShopTrace();
  await page.goto(`${clew.urls.ui}/import`);
  await choose(page, 'shop.json', JSON.stringify(shop.data));
  await page.getByRole('link', { name: 'web POST /checkout' }).click();
  await expect(page.getByRole('row', { name: /^payments, charge card/ })).toBeVisible();
  const files: string[] = [];
  for (const format of ['OTLP JSON', 'Jaeger JSON', 'Zipkin v2 JSON']) {
    files.push(await readFile(await (await download(page, format)).path(), 'utf8'));
  }
  for (const content of files) {
    await page.goto(`${clew.urls.ui}/explore`);
    await expect(async () => {
      await page.evaluate(dragging('dragenter', content));
      await expect(page.getByText('Drop to open')).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await page.evaluate(dragging('drop', content));
    await expect(page).toHaveURL(new RegExp(`/import/${shop.traceId}`));
    await expect(page.getByRole('row', { name: /^payments, charge card.*error/ })).toBeVisible();
    await expect(page.getByRole('row', { name: /^db, execute/ })).toBeVisible();
  }
  await page.reload();
  await expect(page.getByRole('heading', { name: 'This file is no longer open' })).toBeVisible();
});

/** The newcomer's way: empty store, first span from an instrumented application, find it, open it, read what was slow. */
import { startApplication } from './instrumented-application.ts';
import { replaceQuery } from './replace-query.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'first-trace' });

test.describe.configure({ mode: 'serial' });

const BOTH = ['light', 'dark'] as const;

test('waits on the set-up page and turns into a link to the first trace', async ({ page, clew }) => {
  await page.goto(clew.urls.ui);
  await expect(page.getByRole('heading', { name: 'Send your first span' })).toBeVisible();
  await expect(page.getByText(clew.urls.otlpHttp).first()).toBeVisible();
  for (const language of ['Node.js', 'Python', 'Go', 'Java', 'curl']) {
    await page.getByRole('tab', { name: language }).click();
    await expect(page.getByRole('tabpanel')).toContainText(clew.urls.otlpHttp);
  }
  await expectAccessible(page, BOTH);
  await expect(page.getByText('Waiting for the first span')).toBeVisible();
  const application = startApplication(clew.urls.otlpHttp);
  await application.checkOut();
  await application.stop();
  await page.getByRole('link', { name: 'Open the latest trace' }).click();
  await expect(page.getByRole('treegrid')).toBeVisible();
  await expect(page).toHaveURL(/\/trace\/[0-9a-f]{32}/);
});

test('finds the trace on the search page and reads its slowest span', async ({ page, clew }) => {
  const application = startApplication(clew.urls.otlpHttp);
  const traceId = await application.checkOut();
  await application.stop();

  await page.goto(`${clew.urls.ui}/explore`);
  const query = page.getByRole('textbox', { name: 'Query' });
  await replaceQuery(page, query, '{ .server.address = "bank.example" && duration > 500ms }');
  await query.press('Enter');
  const results = page.getByRole('region', { name: 'Traces' });
  const result = results.locator(`a[href*="${traceId}"]`).first();
  // Visible about a second after the acknowledgement; ask again until then.
  await expect(async () => {
    await page.getByRole('button', { name: 'Run' }).click();
    await expect(result).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await expect(results).toContainText('POST /checkout');
  await expectAccessible(page, BOTH);
  await result.click();

  const rows = page.getByRole('treegrid').getByRole('row');
  await expect(rows).toHaveCount(6);
  await expect(page.getByRole('row', { name: /^payments, charge card, 800 ms, starts at 40 ms/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /send receipt.*error/ })).toBeVisible();
  // The critical path runs through what the request waited for.
  await expect(page.getByRole('row', { name: /charge card/ }).locator('.wf-critical')).toBeVisible();
  await page.getByRole('row', { name: /charge card/ }).click();
  const details = page.getByRole('complementary', { name: 'Span details' });
  await expect(details).toContainText('charge card');
  await expect(details).toContainText('800 ms');
  await expect(details).toContainText('server.address');
  await expect(details).toContainText('bank.example');
  await expect(details).toContainText('19.99');
  await details.getByRole('tab', { name: /Events/ }).click();
  await expect(details).toContainText('bank answered slowly');
  await expectAccessible(page, BOTH);
});

test('keeps everything in the address: reload and back bring the same page', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  const query = page.getByRole('textbox', { name: 'Query' });
  await replaceQuery(page, query, '{ name = "charge card" }');
  await query.press('Enter');
  await expect(page).toHaveURL(/[?&]q=/);
  const results = page.getByRole('region', { name: 'Traces' });
  // Until the answer is there, what was found before stays in sight.
  await expect(results).toContainText('1 matched');
  const result = results.getByRole('link').first();
  await result.click();
  const details = page.getByRole('complementary', { name: 'Span details' });
  // The link of a result leads to the span that matched.
  await expect(details).toContainText('charge card');
  await page.getByRole('row', { name: /load cart/ }).click();
  await expect(details).toContainText('load cart');
  await page.reload();
  await expect(details).toContainText('load cart');
  await page.goBack();
  await expect(details).toContainText('charge card');
  await page.goBack();
  await expect(query).toHaveText('{ name = "charge card" }');
  await expect(result).toBeVisible();
});

test('works from the keyboard: arrows walk the tree, Enter opens the details, e finds the error', async ({
  page,
  clew,
}) => {
  await page.goto(`${clew.urls.ui}/explore`);
  await page.getByRole('region', { name: 'Traces' }).getByRole('link').first().click();
  const tree = page.getByRole('treegrid');
  await tree.focus();
  const selected = page.locator('[role=row][aria-selected=true]');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Span details' })).toBeVisible();
  await tree.focus();
  await page.keyboard.press('e');
  await expect(selected).toHaveAttribute('aria-label', /send receipt.*error/);
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
});

test('shows where a query is wrong and keeps working', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  const query = page.getByRole('textbox', { name: 'Query' });
  await replaceQuery(page, query, '{ http.route = "/checkout" }');
  await query.press('Enter');
  await expect(page.getByRole('alert')).toContainText('.http.route');
  await replaceQuery(page, query, '{ .http.route = "/checkout" }');
  await query.press('Enter');
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
});

test('fits a narrow window', async ({ page, clew }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  for (const path of ['/explore', '/setup']) {
    await page.goto(`${clew.urls.ui}${path}`);
    await expect(page.getByRole('navigation')).toBeVisible();
    await expectAccessible(page);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
  }
});

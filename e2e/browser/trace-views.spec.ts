/** The other ways to look at a trace: flame graph, merged flame graph, table. */
import { expectStored } from './expect-stored.ts';
import { startApplication } from './instrumented-application.ts';
import { planBatchJob, sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'trace-views' });

const BOTH = ['light', 'dark'] as const;

test('shows a trace as flame graphs and as a table, and goes back to the waterfall', async ({ page, clew }) => {
  const application = startApplication(clew.urls.otlpHttp);
  const traceId = await application.checkOut();
  await application.stop();
  await expectStored(clew.urls.ui, '{ name = "charge card" }', traceId);
  await page.goto(`${clew.urls.ui}/trace/${traceId}`);
  await expect(page.getByRole('treegrid')).toBeVisible();

  await page.getByRole('button', { name: 'Flame graph' }).click();
  await expect(page).toHaveURL(/view=flame/);
  const flame = page.getByRole('application', { name: /^Flame graph in the order of time/ });
  await flame.focus();
  const spoken = flame.getByRole('status');
  await page.keyboard.press('ArrowDown');
  await expect(spoken).toContainText(/· self /);
  await expectAccessible(page, BOTH);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'Span details' })).toBeVisible();
  await expect(page).toHaveURL(/span=/);

  await page.keyboard.press('Escape');
  // Coloured as the rows of the waterfall are; the colour is said in words too.
  await page.getByRole('button', { name: 'How rows are shown' }).click();
  await page.getByRole('radio', { name: 'Kind' }).check();
  await expect(page).toHaveURL(/color=kind/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('list', { name: /kind/ })).toBeVisible();
  await flame.focus();
  await page.keyboard.press('ArrowUp');
  await expect(spoken).toContainText('kind: Server');

  await page.keyboard.press('3');
  await expect(page).toHaveURL(/view=heavy/);
  await expect(page.getByRole('application', { name: /merged paths/ })).toBeVisible();
  await expectAccessible(page, BOTH);

  await page.keyboard.press('4');
  const table = page.getByRole('region', { name: 'Spans by group' });
  await expect(table.getByRole('row')).toHaveCount(7);
  await expect(table.getByRole('row', { name: /charge card/ })).toContainText('800 ms');
  await table.getByRole('button', { name: 'Longest' }).click();
  await expect(table.getByRole('columnheader', { name: /Longest/ })).toHaveAttribute('aria-sort', 'descending');
  await page.getByLabel('Group by').selectOption('Service');
  await expect(table.getByRole('row', { name: /payments/ })).toBeVisible();
  await expectAccessible(page, BOTH);

  await table.getByRole('button', { name: 'payments' }).click();
  await expect(page).not.toHaveURL(/view=/);
  await expect(page).toHaveURL(/find=payments/);
  await expect(page.getByRole('row', { name: /^payments, charge card/ })).toBeVisible();
  await page.goBack();
  await expect(table).toBeVisible();
});

test('fits a narrow window and keeps the view through a reload', async ({ page, clew }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const traceId = await sendTrace(clew.urls.otlpHttp, planBatchJob(300));
  await expectStored(clew.urls.ui, '{ name = "last call" }', traceId);
  await page.goto(`${clew.urls.ui}/trace/${traceId}?view=table`);
  await expect(page.getByRole('region', { name: 'Spans by group' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Spans by group' })).toBeVisible();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  await page.screenshot({ path: 'test-results/screenshots/trace-table-narrow.png' });
  await page.keyboard.press('2');
  await expect(page.getByRole('application')).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/screenshots/trace-flame-narrow.png' });
});

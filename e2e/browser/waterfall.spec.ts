/** How rows of the waterfall are shown: runs of siblings, missing spans, clock skew, colours, columns, search. */
import type { Page } from '@playwright/test';
import type { ClewProcess } from '../clew-process.ts';
import { expectStored } from './expect-stored.ts';
import { type PlannedSpan, sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'waterfall' });

const MS = 1_000_000;

/** A checkout that asks for forty items one by one, calls a host with a clock of its own, and misses two spans. */
function planOddCheckout(): readonly PlannedSpan[] {
  const spans: PlannedSpan[] = [
    { service: 'web', name: 'POST /checkout', start: 0, duration: 900 * MS, attributes: { 'http.route': '/checkout' } },
    { service: 'cart', name: 'GET /cart', parent: 0, start: 10 * MS, duration: 50 * MS },
  ];
  for (let item = 0; item < 40; item++) {
    spans.push({
      service: 'cart',
      name: 'SELECT item',
      parent: 1,
      start: (11 + item * 1.1) * MS,
      duration: (0.3 + (item % 7) * 0.1) * MS,
      error: item === 31,
      attributes: { 'db.rows': item % 5, 'db.system.name': item % 2 === 0 ? 'redis' : 'postgresql' },
    });
  }
  const charge = spans.push({ service: 'web', name: 'charge', parent: 0, start: 80 * MS, duration: 500 * MS }) - 1;
  spans.push({ service: 'payments', name: 'POST /charge', parent: charge, start: -220 * MS, duration: 460 * MS });
  spans.push({ service: 'mail', name: 'send receipt', parent: 0, start: 605 * MS, duration: 900 * MS });
  for (let at = 0; at < 2; at++) {
    spans.push({ service: 'stock', name: 'reserve', parent: 'ffffffffffffff01', start: (650 + at) * MS, duration: MS });
  }
  return spans;
}

async function expectNoOverflow(page: Page): Promise<void> {
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth')).toBeLessThanOrEqual(
    0,
  );
}

async function sendOddCheckout(clew: ClewProcess): Promise<string> {
  const traceId = await sendTrace(clew.urls.otlpHttp, planOddCheckout());
  await expectStored(clew.urls.ui, '{ name = "send receipt" }', traceId);
  return traceId;
}

test('shows runs of siblings as one line, missing parents, and only what TraceQL finds', async ({ page, clew }) => {
  const traceId = await sendOddCheckout(clew);
  await page.goto(`${clew.urls.ui}/trace/${traceId}`);
  const tree = page.getByRole('treegrid');
  const rows = page.getByRole('row');
  const run = page.getByRole('row', { name: /^40 times cart, SELECT item, Σ .* p50 .* max 900 µs · 1 failed/ });

  // One line for forty siblings, one for the parent that is missing; opened and closed from the keyboard.
  await expect(rows).toHaveCount(9);
  await expect(page.getByRole('row', { name: /^Missing span; 2 spans below it arrived/ })).toBeVisible();
  await tree.focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await page.keyboard.press(key);
  await expect(run).toHaveAttribute('aria-expanded', 'true');
  await expect(tree).toHaveAttribute('aria-rowcount', '49');
  await expect(page).toHaveURL(/fold=/);
  await page.reload();
  await expect(tree).toHaveAttribute('aria-rowcount', '49');
  await run.click();
  await expect(tree).toHaveAttribute('aria-rowcount', '9');
  await page.keyboard.press('r');
  await expect(tree).toHaveAttribute('aria-rowcount', '48');
  await expect(page).toHaveURL(/group=0/);

  // What the server finds by attribute; only that, with what it lies under.
  const find = page.getByRole('searchbox', { name: /Find/ });
  await find.fill('{ .db.rows = 3 }');
  await find.press('Enter');
  await expect(page.getByRole('status').filter({ hasText: 'of 8' })).toBeVisible();
  await tree.focus();
  await page.keyboard.press('m');
  await expect(tree).toHaveAttribute('aria-rowcount', '10');
  await page.keyboard.press('n');
  await expect(page.getByRole('status').filter({ hasText: '1 of 8' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tree).toHaveAttribute('aria-rowcount', '48');
});

test('colours and shows columns by attribute, and puts clocks right', async ({ page, clew }) => {
  const traceId = await sendOddCheckout(clew);
  await page.goto(`${clew.urls.ui}/trace/${traceId}`);
  const tree = page.getByRole('treegrid');
  await page.getByRole('row', { name: /^40 times/ }).click();
  await page.getByRole('button', { name: 'How rows are shown' }).click();
  await page.getByLabel('An attribute').check();
  await page.getByRole('textbox', { name: 'Attribute', exact: true }).fill('db.system.name');
  await page.keyboard.press('Enter');
  const legend = page.getByRole('list', { name: 'Colours by .db.system.name' });
  await expect(legend).toContainText('redis20');
  await page.getByRole('textbox', { name: 'Add column' }).fill('span.db.rows');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/color=.*cols=|cols=.*color=/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('gridcell', { name: '3', exact: true }).first()).toBeVisible();
  await legend.getByRole('button', { name: /redis/ }).click();
  await expect(page.getByRole('status').filter({ hasText: 'of 20' })).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('row', { name: /^40 times/ }).click();

  // The callee whose clock is behind moves into its call; what was received stays in the details.
  const charged = page.getByRole('row', { name: /^payments, POST \/charge/ });
  await expect(charged).toHaveAttribute('aria-label', /starts at 0 ns.*clock skew/);
  await page.getByRole('button', { name: 'How rows are shown' }).click();
  await page.getByLabel('Adjust clock skew').check();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Clock skew is adjusted')).toBeVisible();
  await expect(charged).toHaveAttribute('aria-label', /starts at 100 ms.*clock skew/);
  await charged.click();
  await expect(page.getByRole('complementary', { name: 'Span details' })).toContainText('320 ms later than received');
  await page.getByRole('button', { name: 'Show as received' }).click();
  await expect(charged).toHaveAttribute('aria-label', /starts at 0 ns/);

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const [width, height] of [
      [1440, 900],
      [1024, 700],
      [360, 780],
    ]) {
      await page.setViewportSize({ width, height });
      await expect(tree).toBeVisible();
      await expectNoOverflow(page);
    }
  }
  // The dark theme in a narrow window; other pages prove the light one.
  await expectAccessible(page);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: 'How rows are shown' }).click();
  await expectAccessible(page);
});

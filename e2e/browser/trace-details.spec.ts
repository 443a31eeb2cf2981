/** What the trace page tells of one span, of all events and of the calls between services. */
import { expectStored } from './expect-stored.ts';
import { planShopTrace, sendShopTrace } from './shop-trace.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'trace-details' });

test('tells everything about a span, wherever the details stand', async ({ page, clew }) => {
  const shop = planShopTrace();
  await sendShopTrace(clew.urls.otlpHttp, shop);
  await expectStored(clew.urls.ui, '{ name = "undo charge" }', shop.followUpTraceId);
  await page.goto(`${clew.urls.ui}/trace/${shop.traceId}?span=${shop.ids.charge}`);
  const dock = page.getByRole('complementary', { name: 'Span details' });
  await expect(dock.getByText(/% of the trace’s critical path/)).toBeVisible();
  await expect(dock.getByText('the bank said no')).toBeVisible();

  await dock.getByRole('tab', { name: /Stack trace/ }).click();
  await expect(dock.getByText('at charge (payments/charge.js:41:13)')).toBeVisible();
  await expect(dock.getByRole('button', { name: 'Copy the stack trace' })).toBeVisible();
  await dock.getByRole('tab', { name: /Raw/ }).click();
  const raw = JSON.parse((await dock.locator('.raw pre').textContent()) ?? '') as {
    readonly resourceSpans: readonly {
      readonly scopeSpans: readonly { readonly spans: readonly { readonly spanId: string }[] }[];
    }[];
  };
  expect(raw.resourceSpans[0]?.scopeSpans[0]?.spans[0]?.spanId).toBe(shop.ids.charge);

  await dock.getByRole('tab', { name: /Links/ }).click();
  await expect(dock.getByRole('link', { name: 'refunds undo charge' })).toBeVisible();
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/screenshots/trace-links.png' });
  await dock.getByRole('button', { name: /^stock reserve/ }).click();
  await expect(page).toHaveURL(new RegExp(`span=${shop.ids.reserve}`));
  await page.goBack();
  await dock.getByRole('link', { name: 'refunds undo charge' }).click();
  await expect(page).toHaveURL(new RegExp(`/trace/${shop.followUpTraceId}`));
  await page.goBack();

  await dock.getByRole('tab', { name: /Attributes/ }).click();
  await dock.getByRole('button', { name: 'Show span.payment.method as a column of the waterfall' }).click();
  await expect(page).toHaveURL(/cols=span.payment.method/);
  await expect(dock.getByRole('link', { name: 'Search spans with another payment.method' })).toHaveAttribute(
    'href',
    /payment\.method\+%21%3D|payment\.method%20!%3D/,
  );

  await dock.getByRole('button', { name: 'Details at the bottom' }).click();
  await expect(page).toHaveURL(/dock=bottom/);
  await page.reload();
  await expect(dock).toHaveClass(/is-bottom/);
  await page.keyboard.press('i');
  await expect(page).toHaveURL(/dock=off/);
  await dock.getByRole('button', { name: 'Details of charge card' }).click();
  await expect(dock.getByRole('tab', { name: /Attributes/ })).toBeVisible();
  await dock.getByRole('navigation', { name: 'Ancestors' }).getByRole('button', { name: 'web POST /checkout' }).click();
  await expect(page).toHaveURL(new RegExp(`span=${shop.ids.checkout}`));
});

test('shows the calls between services and the events of all spans, in both themes and narrow', async ({
  page,
  clew,
}) => {
  const shop = planShopTrace();
  await sendShopTrace(clew.urls.otlpHttp, shop);
  await expectStored(clew.urls.ui, '{ name = "charge card" }', shop.traceId);
  await page.goto(`${clew.urls.ui}/trace/${shop.traceId}`);
  await expect(page.getByRole('treegrid')).toBeVisible();
  await page.keyboard.press('5');
  const calls = page.getByRole('region', { name: 'Calls between services' });
  await expect(calls.getByRole('row', { name: /web payments/ })).toContainText(/1 1 50 ms \d+ %|1\s*1\s*50 ms\s*\d+ %/);
  await expect(page.getByRole('button', { name: /^stock, 5 spans/ })).toBeVisible();
  await page.screenshot({ path: 'test-results/screenshots/trace-map-light.png' });
  await page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(page);
  await page.screenshot({ path: 'test-results/screenshots/trace-map-dark.png' });
  const picture = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the map as PNG' }).click();
  expect((await picture).suggestedFilename()).toBe(`trace-${shop.traceId}-map.png`);
  await page.getByRole('button', { name: /^web to payments, 1 call/ }).press('Enter');
  await expect(page).toHaveURL(new RegExp(`span=${shop.ids.charge}`));

  await page.keyboard.press('6');
  const events = page.getByRole('listbox', { name: /^Events of all spans/ });
  await expect(events.getByRole('option')).toHaveCount(3);
  await expect(events.getByRole('option').nth(0)).toContainText('cart loaded');
  await expect(events.getByRole('option', { name: /CardDeclinedError: the bank said no/ })).toHaveAttribute(
    'aria-selected',
    'true',
  );
  await page.getByLabel('Filter events').fill('C-77');
  await expect(events.getByRole('option')).toHaveCount(1);
  await expect(page).toHaveURL(/ev=C-77/);
  await page.emulateMedia({ colorScheme: 'light' });
  await expectAccessible(page);
  await events.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`span=${shop.ids.checkout}`));
  await page.setViewportSize({ width: 360, height: 740 });
  await expect(events.getByRole('option')).toBeVisible();
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
  await page.screenshot({ path: 'test-results/screenshots/trace-events-narrow.png' });
});

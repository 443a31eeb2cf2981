/** Services: from the list to a service, to the map, to Explore; with the keyboard, in both themes, in wide and narrow windows. */
import type { Page } from '@playwright/test';
import { sendServices } from './send-services.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'services' });

const WINDOWS = [
  { width: 1024, height: 768, theme: 'light' },
  { width: 360, height: 740, theme: 'dark' },
] as const;

const row = (page: Page, name: string) => page.getByRole('row', { name: new RegExp(`${name} `) });

test.beforeAll(async ({ clew }) => {
  const nowMs = Date.now();
  const spans = await sendServices(clew.urls.otlpHttp, {
    ...{ seed: 5, services: 36, traces: 240 },
    ...{ fromMs: nowMs - 2 * 3_600_000, toMs: nowMs - 5_000 },
  });
  await expect(async () => {
    const status = await fetch(`${clew.urls.ui}/api/v1/status`);
    expect(((await status.json()) as { spans: { stored: number } }).spans.stored).toBe(spans);
  }).toPass();
});

test('leads from the list to a service, to its place on the map and to its traces', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
  // The two keys are one only when they follow each other quickly, which a busy machine may prevent.
  await expect(async () => {
    await page.keyboard.press('g');
    await page.keyboard.press('s');
    await expect(page).toHaveURL(/\/services$/, { timeout: 1_000 });
  }).toPass();
  await page.getByPlaceholder('Find a service').fill('pay-');
  await expect(page.getByRole('rowgroup').getByRole('row')).toHaveCount(await matching(page, 'pay-'));
  await page.getByRole('button', { name: 'p95' }).click();
  await expect(page).toHaveURL(/find=pay-.*sort=p95|sort=p95.*find=pay-/);
  await expect(row(page, 'pay-gateway')).toContainText('/');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/services\/pay-/);
  await page.goBack();
  await expect(page.getByPlaceholder('Find a service')).toHaveValue('pay-');

  await page.getByRole('link', { name: 'pay-gateway' }).click();
  await expect(page.getByRole('heading', { name: /pay-gateway/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Operations' }).getByRole('row')).toHaveCount(5);
  await expect(page.getByRole('region', { name: 'Calls' })).toContainText('pay-');
  await page.getByRole('link', { name: 'On the map' }).click();
  await expect(page).toHaveURL(/view=map&focus=service%3Apay-gateway/);
  await expect(page.locator('.map-node')).not.toHaveCount(0);
  await page.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const card = page.getByRole('complementary').filter({ hasText: 'Open the service' });
  await expect(card).toContainText('Service');
  await card.getByRole('link', { name: 'Traces' }).click();
  await expect(page).toHaveURL(/\/explore\?q=/);
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
});

test('shows a service to everybody', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/services/pay-gateway`);
  await expect(page.getByRole('region', { name: 'Calls' })).toContainText('pay-');
  for (const { theme, ...size } of WINDOWS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    await expectAccessible(page);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  }
});

test('groups the map, opens a group, and says the same in a table', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/services?view=map&groups=namespace`);
  const group = page.locator('.map-node.is-group').filter({ hasText: /^shop/ });
  await group.click();
  await page.getByRole('button', { name: 'Open the group' }).click();
  await expect(page).toHaveURL(/open=shop/);
  await expect(page.locator('[data-id="service:shop-gateway"]')).toBeVisible();
  await page.goBack();
  await expect(page.locator('[data-id="service:shop-gateway"]')).toHaveCount(0);
  await page.getByText('Calls as a table').click();
  await expect(page.getByRole('region', { name: 'Calls as a table' }).getByRole('row')).not.toHaveCount(1);
  for (const { theme, ...size } of WINDOWS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme: theme });
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto(`${clew.urls.ui}/services?find=pay-`);
  await expect(page.getByRole('rowgroup').getByRole('row').first()).toBeVisible();
  await expectAccessible(page);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
});

/** How many services of the list have this in their name, as the server has them. */
async function matching(page: Page, part: string): Promise<number> {
  const answer = await page.request.get(new URL('/api/v1/services-overview', page.url()).href);
  const { services } = (await answer.json()) as { services: readonly { readonly name: string }[] };
  return services.filter(({ name }) => name.includes(part)).length;
}

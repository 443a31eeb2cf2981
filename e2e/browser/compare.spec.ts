/** The Compare page: two traces span by span, two sets of traces by figures, structure and attributes. */
import type { Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { planCheckout } from './plan-checkout.ts';
import { replaceQuery } from './replace-query.ts';
import { sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'compare' });

const SETTINGS = [
  { colorScheme: 'dark', width: 360, height: 780 },
  { colorScheme: 'light', width: 1024, height: 768 },
  { colorScheme: 'light', width: 1440, height: 900 },
] as const;

async function expectGoodEverywhere(page: Page): Promise<void> {
  for (const { colorScheme, width, height } of SETTINGS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height });
    if (width !== 1024) await expectAccessible(page);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `pixels beyond ${width}`).toBeLessThanOrEqual(0);
  }
}

test('two traces become one tree: what is slower, more often, gone and new, down to the attributes', async ({
  page,
  clew,
}) => {
  const before = await sendTrace(clew.urls.otlpHttp, planCheckout('old'), { agoMs: 90_000 });
  const after = await sendTrace(clew.urls.otlpHttp, planCheckout('new'));
  await expectStored(clew.urls.ui, '{ name = "score order" }', after);
  await expectStored(clew.urls.ui, '{ name = "send receipt" }', before);

  await page.goto(`${clew.urls.ui}/trace/${before}`);
  await page.getByRole('main').getByRole('link', { name: 'Compare', exact: true }).click();
  await expect(page.getByRole('heading', { name: /Traces that began with web: POST \/checkout/ })).toBeVisible();
  await page.getByRole('button', { name: /as B$/ }).first().click();
  await expect(page).toHaveURL(new RegExp(`a=${before}&b=${after}`));

  const tree = page.getByRole('treegrid', { name: 'Spans of both traces as one tree' });
  const row = (name: string) => tree.getByRole('row', { name: new RegExp(`, ${name};`) });
  await expect(row('SELECT items')).toHaveAttribute(
    'aria-label',
    /slower in B; A: 3 spans, 15 ms; B: 40 spans, 200 ms/,
  );
  await expect(row('check token')).toHaveAttribute('aria-label', /faster in B/);
  await expect(row('send receipt')).toHaveAttribute('aria-label', /only in A/);
  await expect(row('score order')).toHaveAttribute('aria-label', /only in B/);
  await expect(row('charge card')).toHaveAttribute('aria-label', /other number of spans or errors/);
  await expectGoodEverywhere(page);

  // By keyboard alone: to the payment, into it, and out again.
  await tree.focus();
  await page.keyboard.press('Home');
  for (let moves = 0; moves < 12; moves++) {
    const active = tree.locator('.is-active');
    if (/charge card/.test((await active.getAttribute('aria-label')) ?? '')) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  const pair = page.getByRole('complementary', { name: 'Both spans side by side' });
  await expect(pair.getByRole('row', { name: 'differs payment.provider bank-a bank-b' })).toBeVisible();
  await expect(pair.getByRole('row', { name: 'equal currency EUR EUR' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(pair).toBeHidden();
  await page.goBack();
  await expect(pair).toBeVisible();

  await page.getByRole('button', { name: 'Exchange A and B' }).click();
  await expect(row('SELECT items')).toHaveAttribute('aria-label', /faster in B/);
});

test('two sets of traces: figures, what their paths do, and the attributes that tell them apart', async ({
  page,
  clew,
}) => {
  let last = '';
  for (let at = 0; at < 12; at++) {
    last = await sendTrace(clew.urls.otlpHttp, planCheckout(at % 2 === 0 ? 'old' : 'new'), {
      agoMs: 60_000 + at * 1000,
    });
  }
  await expectStored(clew.urls.ui, '{ name = "score order" }', last);

  await page.goto(`${clew.urls.ui}/compare`);
  await expect(page.getByRole('heading', { name: 'Recent traces' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('tab', { name: 'Good and bad' }).click();
  await page.getByRole('combobox', { name: 'Service' }).selectOption('payment');
  await page.getByRole('tabpanel').getByRole('button', { name: 'Compare' }).click();
  await expect(page).toHaveURL(/status\+%21%3D\+error/);

  const tree = page.getByRole('treegrid', { name: /Call paths/ });
  // Some thirty statements: on a busy machine that takes longer than a page does.
  await expect(tree).toBeVisible({ timeout: 40_000 });
  await expect(tree.getByRole('row', { name: /, score order;/ })).toHaveAttribute('aria-label', /only in B/);
  await expect(tree.getByRole('row', { name: /, load cart;/ })).toHaveAttribute('aria-label', /slower in B/);
  await expectAccessible(page);

  await page.getByRole('tab', { name: /Attributes/ }).click();
  const card = page.getByRole('listitem').filter({ hasText: 'span.payment.provider' });
  await expect(card.getByRole('row', { name: /^bank-b/ })).toBeVisible();
  await expectGoodEverywhere(page);
  await card.getByRole('link', { name: 'Spans of B where span.payment.provider is bank-b' }).click();
  await expect(page).toHaveURL(/\/explore\?q=.*payment\.provider/);
  await page.goBack();
  await expect(card).toBeVisible();
  // Of what is compared, though page and sets come at once.
  await expect(page).toHaveTitle(/payment.* and .*payment.* · Compare/);
});

test('queries of sets are typed with suggestions, and told what is wrong with them where it stands', async ({
  page,
  clew,
}) => {
  test.slow();
  const stored = await sendTrace(clew.urls.otlpHttp, planCheckout('new'));
  await expectStored(clew.urls.ui, '{ name = "score order" }', stored);
  await page.goto(`${clew.urls.ui}/compare`);
  await page.getByRole('tab', { name: 'Two queries' }).click();
  const a = page.getByRole('textbox', { name: 'Query of A' });
  const b = page.getByRole('textbox', { name: 'Query of B' });
  // The editor has come in place of the plain field, on both sides.
  await expect(page.locator('.cm-editor')).toHaveCount(2);
  await a.focus();
  await page.keyboard.type('{ resource.service.name = "paym');
  await page.getByRole('option', { name: /payment/ }).click();
  await expect(a).toHaveText(/"payment"/);
  await b.focus();
  await page.keyboard.type('{ statsu = error }');
  await page.keyboard.press('Escape');
  const wrong = page.getByRole('alert');
  await expect(wrong).toContainText('Did you mean status?');
  await expect(page.locator('.cm-lintRange-error')).toHaveText('statsu');
  await page.screenshot({ path: 'test-results/screenshots/compare-queries.png' });
  await expectGoodEverywhere(page);
  // Enter compares, and does not while something is wrong; metrics have no traces to compare.
  await b.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/compare$/);
  await replaceQuery(page, b, '{ status = error } | rate()');
  await page.keyboard.press('Escape');
  await page.getByRole('tabpanel').getByRole('button', { name: 'Compare' }).click();
  await expect(wrong).toContainText('without a metrics function');
  await replaceQuery(page, b, '{ status = error }');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/a=.*payment.*b=.*status/);
});

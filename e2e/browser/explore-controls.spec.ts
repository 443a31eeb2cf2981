/** Conditions as chips, facets, traces or spans, saved queries and the live view, on a store with known traces. */
import type { Page, Route } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { replaceQuery } from './replace-query.ts';
import { sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'explore-controls' });

const MS = 1_000_000;
const SHOP = '{ resource.service.name = "shop" }';

test.beforeAll(async ({ clew }) => {
  let last = '';
  for (const [name, duration, region] of [
    ['browse', 20, 'north'],
    ['search', 90, 'north'],
    ['pay', 700, 'south'],
  ] as const) {
    last = await sendTrace(clew.urls.otlpHttp, [
      { service: 'shop', name, start: 0, duration: duration * MS, attributes: { region } },
      { service: 'bank', name: `${name} call`, parent: 0, start: MS, duration: 5 * MS, error: name === 'pay' },
    ]);
  }
  await expectStored(clew.urls.ui, SHOP, last);
});

async function openExplore(page: Page, ui: string, search: string): Promise<void> {
  await page.goto(`${ui}/explore?${search}`);
  await expect(page.locator('.query-editor')).toBeVisible();
}

const asked = (page: Page): string => new URL(page.url()).searchParams.get('q') ?? '';
const traceLinks = (page: Page) => page.getByRole('region', { name: 'Traces' }).getByRole('link');

test('shows conditions as chips that say what the text says, and changes them', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, `q=${encodeURIComponent('{ span.region = "north" && duration > 1ms }')}`);
  const chips = page.getByRole('list', { name: 'Conditions of the query' });
  await expect(chips.locator('code')).toHaveText(['span.region = "north"', 'duration > 1ms']);
  await chips.getByRole('button', { name: 'Change span.region = "north"' }).click();
  const value = page.getByRole('combobox', { name: 'Value' });
  await value.fill('');
  const option = page.getByRole('listbox', { name: 'Value' }).getByRole('option', { name: /south/ });
  await expect(option).toBeVisible();
  await expectAccessible(page);
  await page.keyboard.type('sou');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await expect.poll(() => asked(page)).toBe('{ span.region = "south" && duration > 1ms }');
  await expect(traceLinks(page)).toHaveCount(1);
  await chips.getByRole('button', { name: 'Change span.region = "south"' }).click();
  await page.getByRole('button', { name: 'Exclude instead' }).click();
  await expect.poll(() => asked(page)).toBe('{ span.region != "south" && duration > 1ms }');
  await chips.getByRole('button', { name: 'Remove duration > 1ms' }).click();
  await expect.poll(() => asked(page)).toBe('{ span.region != "south" }');
  await chips.getByRole('button', { name: 'Add filter' }).click();
  await page.getByRole('combobox', { name: 'Key' }).fill('name');
  await page.getByRole('combobox', { name: 'Operator' }).selectOption('=~');
  await page.getByRole('combobox', { name: 'Value' }).fill('bro.*');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect.poll(() => asked(page)).toBe('{ span.region != "south" && name =~ "bro.*" }');
  await expect(traceLinks(page)).toHaveCount(1);
  const query = page.getByRole('textbox', { name: 'Query' });
  await replaceQuery(page, query, '{ } | count() > 1');
  await expect(page.getByText('More than a list of conditions')).toBeVisible();
  await page.goBack();
  await expect(chips.locator('code')).toHaveText(['span.region != "south"']);
});

test('counts facets, includes and excludes a value, and hides where the window is narrow', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, '');
  const facets = page.getByRole('complementary', { name: 'Facets' });
  await expect(facets).toContainText('Counted in 6 matching spans.');
  // Counts of before are as easy to read as others while the next ones are awaited, and say that they are old.
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const hold = async (route: Route): Promise<void> => {
    await held;
    await route.continue();
  };
  await page.route('**/search/facets?*', hold, { times: 1 });
  await facets.getByRole('button', { name: 'Only shop' }).click();
  await expect(facets).toHaveAttribute('aria-busy', 'true');
  await expect(facets).toHaveCSS('opacity', '1');
  release();
  await expect(facets).toHaveAttribute('aria-busy', 'false');
  await expect.poll(() => asked(page)).toBe(SHOP);
  await expect(facets.getByRole('button', { name: 'No longer ask for shop' })).toHaveAttribute('aria-pressed', 'true');
  await facets.getByText('span.region').click();
  await facets.getByRole('button', { name: 'Without north' }).click();
  await expect.poll(() => asked(page)).toBe('{ resource.service.name = "shop" && span.region != "north" }');
  await expect(traceLinks(page)).toHaveCount(1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectAccessible(page);
  }
  await page.setViewportSize({ width: 360, height: 800 });
  await expect(facets).toHaveCount(0);
  await page.getByRole('button', { name: 'Facets' }).click();
  await expect(facets).toContainText('Counted in 1 matching span.');
  await expectAccessible(page);
});

test('lists traces or spans, in other orders, with chosen columns; previews and compares', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, 'sort=longest');
  const traces = page.getByRole('region', { name: 'Traces' });
  await expect(traces.getByRole('heading', { name: '3 traces' })).toBeVisible();
  await expect(traceLinks(page)).toHaveText([/pay/, /search/, /browse/]);
  await page.keyboard.press('j');
  await page.keyboard.press('Space');
  const preview = page.getByRole('complementary', { name: 'Preview of the trace' });
  await expect(preview).toContainText('pay');
  await expect(preview).toContainText('1 error');
  await page.keyboard.press('c');
  await page.keyboard.press('j');
  await expect(preview).toContainText('search');
  await page.keyboard.press('c');
  await expect(page.getByRole('link', { name: 'Compare', exact: true }).last()).toHaveAttribute(
    'href',
    /\/compare\?a=[0-9a-f]{32}&b=[0-9a-f]{32}$/,
  );
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(preview).toHaveCount(0);
  await page.getByRole('button', { name: 'Spans', exact: true }).click();
  const spans = page.getByRole('region', { name: 'Spans', exact: true });
  await expect(spans.getByRole('heading', { name: '6 spans' })).toBeVisible();
  await expect(spans.getByRole('rowheader')).toHaveText([/^pay/, /^search/, /^browse/, / call/, / call/, / call/]);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('combobox', { name: 'Attribute to show' }).fill('span.region');
  await page.keyboard.press('Enter');
  await expect(spans.getByRole('columnheader', { name: 'span.region' })).toBeVisible();
  await expect(spans.getByRole('cell', { name: 'north' })).toHaveCount(2);
  await page.reload();
  await expect(spans.getByRole('cell', { name: 'north' })).toHaveCount(2);
  await page.setViewportSize({ width: 360, height: 800 });
  await expectAccessible(page);
});

test('keeps queries under names, and follows one live', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, `q=${encodeURIComponent(SHOP)}`);
  await page.getByRole('button', { name: 'Saved queries' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('The shop');
  await page.keyboard.press('Enter');
  await expectAccessible(page);
  await openExplore(page, clew.urls.ui, '');
  await page.getByRole('button', { name: 'Saved queries' }).click();
  await page
    .getByRole('button', { name: /The shop/ })
    .first()
    .click();
  await expect.poll(() => asked(page)).toBe(SHOP);
  await page.getByRole('button', { name: 'Live', exact: true }).click();
  await expect(page).toHaveURL(/live=1/);
  const live = page.getByRole('region', { name: 'Live traces' });
  await expect(live.getByRole('status')).toHaveText('Live');
  await sendTrace(clew.urls.otlpHttp, [{ service: 'shop', name: 'fresh', start: 0, duration: MS }], { agoMs: 10 });
  await expect(live.getByRole('link', { name: /fresh/ })).toBeVisible({ timeout: 20_000 });
  await live.getByRole('link', { name: /fresh/ }).focus();
  await expect(live.getByRole('status')).toHaveText('Paused while you look');
  await sendTrace(clew.urls.otlpHttp, [{ service: 'shop', name: 'fresher', start: 0, duration: MS }], { agoMs: 10 });
  await live.getByRole('button', { name: '1 new' }).click({ timeout: 20_000 });
  await expect(live.getByRole('link')).toHaveText([/fresher/, /fresh/]);
  await expectAccessible(page);
});

test('follows matching spans one by one, with their columns', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, `q=${encodeURIComponent(SHOP)}&res=spans&cols=span.tier&live=1`);
  const live = page.getByRole('region', { name: 'Live spans' });
  await expect(live.getByRole('status')).toHaveText('Live');
  const spans = [
    { service: 'shop', name: 'live parent', start: 0, duration: 9 * MS },
    { service: 'shop', name: 'live child', parent: 0, start: MS, duration: MS, attributes: { tier: 'gold' } },
    { service: 'elsewhere', name: 'not asked for', parent: 0, start: 2 * MS, duration: MS },
  ];
  await sendTrace(clew.urls.otlpHttp, spans, { agoMs: 10 });
  const rows = live.getByRole('row').filter({ hasText: 'live' });
  await expect(rows).toHaveCount(2, { timeout: 20_000 });
  // Newest first.
  await expect(rows.first()).toContainText('live child');
  await expect(rows.first()).toContainText('gold');
  await expect(live).not.toContainText('not asked for');
  await expect(rows.first().getByRole('link')).toHaveAttribute('href', /\/trace\/[0-9a-f]{32}\?span=/);
  await expectAccessible(page);
});

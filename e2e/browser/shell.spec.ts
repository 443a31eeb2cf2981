/** What surrounds the pages: settings that hold everywhere, the palette and the keys, narrow windows, health, set-up. */
import type { ServicesAnswer } from '@clew/contract';
import type { Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { sendServices } from './send-services.ts';
import { sendTrace } from './send-spans.ts';
import { expectAccessible, test, expect as usual } from './watched-page.ts';

test.use({ clewOf: 'shell' });

const LOOKED_AT_HERE: readonly string[] = [
  '/import',
  '/setup',
  '/health',
  '/health?tab=quality',
  '/settings',
  '/nothing-here',
];

/** The first answers of a fresh store, on a machine with a lot to do. */
const expect = usual.configure({ timeout: 30_000 });

test.describe.configure({ mode: 'serial' });
test.beforeEach(() => test.slow());
test.use({ timezoneId: 'America/New_York' });

const MS = 1_000_000;
let traceId = '';

test('sample data is one press away, and the health pages say that all is well', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/setup`);
  await page.getByRole('tab', { name: 'Kubernetes' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('mode: daemonset');
  await page.getByRole('button', { name: 'Send sample data' }).click();
  await expect(page.getByText(/^\d[\d,]+ spans sent\.$/)).toBeVisible();
  // Visible about a second after the acknowledgement.
  await expectStored(clew.urls.ui, '{ name = "charge card" }', 'sample-web');
  await page.getByRole('link', { name: 'Show them' }).click();
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Health' }).click();
  await expect(page.getByText('All is well.')).toBeVisible();
  await expect(page.getByRole('row', { name: /OTLP over HTTP/ })).toContainText(/HTTP[1-9][\d,]+/);
  await page.getByRole('tab', { name: 'Data quality' }).click();
  await expect(page.getByRole('row', { name: /sample-catalog/ })).toBeVisible();
  await page.getByRole('tab', { name: 'Storage' }).click();
  await expect(page).toHaveURL(/tab=storage/);
  await page.goBack();
  await expect(page.getByRole('tab', { name: 'Data quality' })).toHaveAttribute('aria-selected', 'true');
});

test('the time zone holds on every page, in fields too, and other settings stay', async ({ page, clew }) => {
  traceId = await sendTrace(clew.urls.otlpHttp, [
    { service: 'cart', name: 'load', start: 0, duration: 5 * MS },
    { service: 'cart', name: 'fails', parent: 0, start: MS, duration: MS, error: true },
  ]);
  await expectStored(clew.urls.ui, '{ name = "load" }', traceId);
  await page.goto(`${clew.urls.ui}/settings`);
  await page.getByRole('radio', { name: 'Another zone' }).check();
  await page.getByLabel('Name of the zone').fill('Asia/Kathmandu');
  const chip = page.getByRole('link', { name: 'GMT+5:45' });
  await expect(chip).toBeVisible();
  await page.getByRole('radio', { name: 'Dark' }).check();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.goto(`${clew.urls.ui}/trace/${traceId}`);
  const time = page.locator('.trace-head time');
  await expect(time).toContainText('GMT+5:45');
  await expect(time).toHaveAttribute('title', /UTC: \d{4}-.*Z\n\d{19} ns/);
  await page.goto(`${clew.urls.ui}/settings`);
  await page.getByRole('radio', { name: 'UTC', exact: true }).check();
  await expect(chip).toBeHidden();
  await page.getByRole('button', { name: 'Reset the settings' }).click();
  await expect(page.getByRole('radio', { name: /Browser.s zone \(America\/New_York\)/ })).toBeChecked();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', 'dark');
});

test('palette, sheet and keys say and do the same, from the keyboard alone', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  await page.getByRole('textbox', { name: 'Query' }).focus();
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: 'Command palette' });
  await field.fill(`traceparent: 00-${traceId}-0000000000000002-01`);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/trace/${traceId}\\?.*span=0000000000000002`));
  await expect(page.getByRole('treegrid')).toBeVisible();
  // A key of one's own choice, refused where it is taken.
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const nextError = sheet.getByRole('button', { name: /^Next error:/ });
  await nextError.press('Enter');
  await page.keyboard.press('c');
  await expect(sheet.getByRole('alert')).toContainText('Next span on the critical path');
  await nextError.press('Enter');
  await page.keyboard.press('x');
  await expect(nextError).toHaveText('x');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await page.keyboard.press('?');
  await expect(sheet).toBeVisible();
  // At once: the sheet's close event comes a task later, and is not meant for the palette.
  await page.evaluate(`document.querySelector('dialog[open]').close();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true, bubbles: true }));
    new Promise((resolve) => setTimeout(resolve, 50));`);
  await field.fill('next err', { timeout: 10_000 });
  await expect(page.getByRole('option', { name: /Next error/ })).toContainText('x');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('x');
  await expect(page.locator('[role=row][aria-selected=true]')).toHaveAttribute('aria-label', /fails.*error/);
  // The trace is remembered, and the focus of the next page is in it.
  await page.keyboard.press('g');
  await page.keyboard.press('h');
  await expect(page.getByRole('heading', { name: 'Health' })).toBeVisible();
  await page.keyboard.press('Control+k');
  await field.fill('cart');
  const recent = page.getByRole('option', { name: /cart.*Recent trace/ });
  await expect(recent).toBeVisible();
  await page.keyboard.press('Escape');

  // Back again its spans are there with the page itself, as they are where an answer is faster than the page's code.
  await page.evaluate('localStorage.clear()');
  await page.goBack();
  await expect(page.getByRole('treegrid')).toBeVisible();
  await expect(page).toHaveTitle(/cart.*load/);
  await page.keyboard.press('Control+k');
  await field.fill('cart');
  await expect(recent).toBeVisible();
});

test('the palette finds services as one types, reads them once, and opens their page or their traces', async ({
  page,
  clew,
}) => {
  await sendServices(clew.urls.otlpHttp, {
    ...{ seed: 5, services: 60, traces: 120 },
    ...{ fromMs: Date.now() - 600_000, toMs: Date.now() - 60_000 },
  });
  await expect(async () => expect((await loadServices(clew.urls.ui)).length).toBeGreaterThan(30)).toPass();
  const answers: Promise<readonly string[]>[] = [];
  page.on('response', (response) => {
    if (/\/api\/v1\/services\?/.test(response.url())) answers.push(response.text().then(namesIn));
  });
  await page.goto(`${clew.urls.ui}/health`);
  await expect(page.getByRole('heading', { name: 'Health' })).toBeVisible();
  const field = page.getByRole('combobox', { name: 'Command palette' });
  await page.keyboard.press('Control+k');
  await field.pressSequentially('sample-web', { delay: 20 });
  await expect(page.getByRole('option', { name: 'sample-web' })).toHaveText([
    'sample-webService',
    /^Traces of sample-web/,
  ]);
  // However much is typed, and when it is opened again.
  const names = await answers[0];
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await field.fill('sample-web');
  await expectAccessible(page, ['light', 'dark']);
  expect(answers).toHaveLength(1);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/services\/sample-web$/);

  await page.keyboard.press('Control+k');
  await field.fill('sample-web');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/explore\?q=/);
  await expect(page.getByRole('textbox', { name: 'Query' })).toHaveText('{ resource.service.name = "sample-web" }');
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link').first()).toBeVisible();

  // A letter that many have: so many are listed, and how many there are besides is said.
  await page.keyboard.press('Control+k');
  await field.fill('a');
  const matching = names.filter((name) => name.includes('a')).length;
  expect(matching).toBeGreaterThan(9);
  await expect(page.locator('.palette-note')).toHaveText(`${matching - 8} more services match: type more of the name.`);
  await page.setViewportSize({ width: 360, height: 780 });
  await expectNoOverflow(page, 'the palette', 360);
});

test('every page fits windows of 360, 1024 and 1440 pixels, is accessible and has a title of its own', async ({
  page,
  clew,
}) => {
  const paths = [
    '/explore',
    '/services',
    '/compare',
    '/import',
    '/setup',
    '/health',
    '/health?tab=quality',
    '/settings',
  ];
  const titles = new Set<string>();
  for (const path of [...paths, `/trace/${traceId}`, '/nothing-here']) {
    await page.setViewportSize({ width: 360, height: 780 });
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await page.goto(`${clew.urls.ui}${path}`);
    await expect(page.getByRole('main')).not.toBeEmpty();
    await expect(page.getByRole('button', { name: 'Menu' })).toBeVisible();
    await expectNoOverflow(page, path, 360);
    // The others are looked at in specs of their own.
    const isShownLightHereOnly = path === '/nothing-here';
    if (LOOKED_AT_HERE.includes(path)) await expectAccessible(page, isShownLightHereOnly ? ['dark', 'light'] : []);
    for (const width of [1024, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      await expectNoOverflow(page, path, width);
    }
    titles.add(await page.title());
  }
  // Both health tabs share theirs.
  expect(titles.size).toBe(paths.length + 1);
  await page.setViewportSize({ width: 360, height: 780 });
  await page.getByRole('button', { name: 'Menu' }).click();
  await page.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

async function expectNoOverflow(page: Page, path: string, width: number): Promise<void> {
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
  expect(overflow, `${path} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
}

async function loadServices(url: string): Promise<readonly string[]> {
  return namesIn(await (await fetch(`${url}/api/v1/services?start=now-7d&end=now`)).text());
}

function namesIn(answer: string): readonly string[] {
  const { services }: ServicesAnswer = JSON.parse(answer);
  return services.map(({ name }) => name);
}

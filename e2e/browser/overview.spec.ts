/** The charts of Explore on a store with known traces: one cursor, zoom, selection by pointer and keyboard, numbers. */
import type { Locator, Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

const MS = 1_000_000;
const MINUTE_MS = 60_000;
/** Of a chart of an hour. */
const COLUMN_MS = 30_000;
const QUICK = 24;
const SLOW = 4;

// Files with the same flags may share a worker, and with it a Clew: these tests count every span there is.
test.use({ clewOf: 'overview', clewFlags: ['--store-retention-days', '5'] });

test.beforeAll(async ({ clew }) => {
  const send = (service: string, name: string, duration: number, agoMs: number, error: boolean): Promise<string> =>
    sendTrace(clew.urls.otlpHttp, [{ service, name, start: 0, duration, error }], { agoMs });
  for (let at = 0; at < QUICK; at++) {
    await send('basket', 'GET /basket', (10 + (at % 3)) * MS, (10 + at) * MINUTE_MS, at === 0);
  }
  // All in the middle of one column of half a minute, however long sending takes.
  const startMs = Math.floor((Date.now() - 4 * MINUTE_MS) / COLUMN_MS) * COLUMN_MS + COLUMN_MS / 2;
  let last = '';
  for (let at = 0; at < SLOW; at++) last = await send('courier', 'ship', 2_000 * MS, Date.now() - startMs, true);
  await expectStored(clew.urls.ui, '{ resource.service.name = "courier" }', last);
});

async function openHeatmap(page: Page, ui: string): Promise<Locator> {
  await page.goto(`${ui}/explore?viz=heat`);
  const heatmap = page.getByRole('application', { name: `Durations of ${QUICK + SLOW} spans over time` });
  await expect(heatmap).toBeVisible();
  await expect(traces(page)).toHaveCount(QUICK + SLOW);
  return heatmap;
}

function traces(page: Page): Locator {
  return page.getByRole('region', { name: 'Traces' }).getByRole('link');
}

async function drag(page: Page, over: Locator, from: readonly [number, number], to: readonly [number, number]) {
  const box = await over.boundingBox();
  if (box === null) throw new Error('the chart is not shown');
  await page.mouse.move(box.x + box.width * from[0], box.y + box.height * from[1]);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * to[0], box.y + box.height * to[1], { steps: 4 });
  await page.mouse.up();
}

test('a rectangle selects: its traces are listed, it is zoomed into, and the way back leads through both', async ({
  page,
  clew,
}) => {
  const heatmap = await openHeatmap(page, clew.urls.ui);
  // The upper half of the plot: the slow ones, whatever the time.
  await drag(page, heatmap, [0.06, 0.14], [0.98, 0.5]);
  const selection = page.getByRole('region', { name: 'Selection' });
  await expect(selection).toBeVisible();
  await expect(page).toHaveURL(/sel=\d+-\d+-\d+-\d+/);
  await expect(traces(page)).toHaveCount(SLOW);
  await expect(heatmap).toBeVisible();
  const compare = selection.getByRole('link', { name: 'Compare with the rest' });
  const sides = new URL((await compare.getAttribute('href')) ?? '', clew.urls.ui).searchParams;
  expect(sides.get('a')).toMatch(/^\{ duration > .*ms && duration <= .*s \}$/);
  expect(sides.get('b')).toMatch(/^\{ duration <= .*ms \|\| duration > .*s \}$/);
  await selection.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page).toHaveURL(/q=.*duration.*from=/);
  await expect(selection).toHaveCount(0);
  await expect(page.getByRole('application', { name: `Durations of ${SLOW} spans over time` })).toBeVisible();
  await page.goBack();
  await expect(selection).toBeVisible();
  await page.goBack();
  await expect(selection).toHaveCount(0);
  await expect(traces(page)).toHaveCount(QUICK + SLOW);
});

test('the keyboard selects what is densest, moves and resizes it, and reads it out', async ({ page, clew }) => {
  const heatmap = await openHeatmap(page, clew.urls.ui);
  await page.keyboard.press('s');
  await expect(heatmap).toBeFocused();
  const said = heatmap.locator('[aria-live]');
  // The four slow ones began at the same time: no cell has more.
  await expect(said).toHaveText(/, \d.* s – \d.* s, 4 spans, 4 errors$/);
  await page.keyboard.press('ArrowDown');
  await expect(said).toHaveText(/, 0 spans$/);
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(said).toHaveText(/, 4 spans, 4 errors$/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/sel=/);
  await expect(traces(page)).toHaveCount(SLOW);
  await expect(traces(page).first()).toContainText('courier');
  await expect(heatmap).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page).not.toHaveURL(/sel=/);
  await expect(traces(page)).toHaveCount(QUICK + SLOW);
});

test('small charts share a cursor, tell values to the keyboard, and zoom into a time', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  // Few spans are points, unless the address says otherwise.
  await expect(page.getByRole('img', { name: /^Duration of 28 traces/ })).toBeVisible();
  const rate = page.getByRole('slider', { name: 'Spans over time' });
  const errors = page.getByRole('slider', { name: 'Errors over time' });
  await expect(errors).toHaveAttribute('aria-valuetext', '18 % · 5 errors');
  await rate.focus();
  for (
    let presses = 0;
    presses < 120 && !/ 4 errors$/.test((await errors.getAttribute('aria-valuetext')) ?? '');
    presses++
  ) {
    await page.keyboard.press('ArrowLeft');
  }
  await expect(rate).toHaveAttribute('aria-valuetext', /^(?:\w+ \d+, )?\d\d:\d\d:\d\d – .*\d+\/min · [45] spans$/);
  await expect(page.locator('.red-cursor:visible')).toHaveCount(3);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(errors).toHaveAttribute('aria-valuetext', '100 % · 4 errors');
  await page.goBack();
  await expect(errors).toHaveAttribute('aria-valuetext', '18 % · 5 errors');
  await drag(page, rate, [0.5, 0.5], [0.75, 0.5]);
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(rate).not.toHaveAttribute('aria-valuetext', / 28 spans$/);
});

test('the table has the numbers of the charts, errors are told apart, and every view fits', async ({ page, clew }) => {
  await openHeatmap(page, clew.urls.ui);
  const views = page.getByRole('group', { name: 'Chart' });
  await views.getByRole('button', { name: 'Table' }).click();
  await expect(page).toHaveURL(/viz=table/);
  const table = page.getByRole('table', { name: 'Numbers of the charts' });
  const cells = (column: number): Promise<string[]> =>
    table.locator(`tbody tr > :nth-child(${column})`).allTextContents();
  const sum = (texts: readonly string[]): number => texts.reduce((total, text) => total + Number(text), 0);
  expect(sum(await cells(3))).toBe(QUICK + SLOW);
  expect(sum(await cells(4))).toBe(SLOW + 1);
  await views.getByRole('button', { name: 'Errors' }).click();
  const groups = page.getByRole('list', { name: 'Groups of errors' });
  await expect(groups.getByRole('listitem')).toHaveText([/^courier4 · 80 %$/, /^basket1 · 20 %$/]);
  await page.getByRole('combobox', { name: 'Errors by' }).selectOption('operation');
  await expect(groups.getByRole('listitem').first()).toContainText('courier · ship');
  for (const [view, colorScheme, width] of [
    ['Heatmap', 'dark', 360],
    ['Table', 'light', 1024],
    ['Errors', 'dark', 1440],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await views.getByRole('button', { name: view }).click();
    await expect(views.getByRole('button', { name: view })).toHaveAttribute('aria-pressed', 'true');
    if (view !== 'Table') await expectAccessible(page);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `${view} scrolls sideways at ${width}`).toBeLessThanOrEqual(0);
  }
  await groups.getByRole('button', { name: 'courier · ship' }).click();
  await expect(page).toHaveURL(/q=.*status.*error/);
  await expect(traces(page)).toHaveCount(SLOW);
});

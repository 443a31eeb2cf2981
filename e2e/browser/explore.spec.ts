/** The search page on a store with known traces: completion, controls beside the text, time, chart, themes. */
import type { Locator, Page } from '@playwright/test';
import { expectStored } from './expect-stored.ts';
import { replaceQuery } from './replace-query.ts';
import { sendTrace } from './send-spans.ts';
import { expect, expectAccessible, test } from './watched-page.ts';

test.use({ clewOf: 'explore' });

const MS = 1_000_000;
let slow = '';

/** Where the chart has a coloured pixel: grid and labels are grey. Runs in the page. */
const FIND_POINT = `(() => {
  const canvas = document.querySelector('.scatter canvas');
  const box = canvas.getBoundingClientRect();
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] < 128 || Math.max(data[at], data[at + 1], data[at + 2]) - Math.min(data[at], data[at + 1], data[at + 2]) < 60) continue;
    const pixel = at / 4;
    const scale = box.width / canvas.width;
    return { x: box.x + (pixel % canvas.width) * scale, y: box.y + 3 + Math.floor(pixel / canvas.width) * scale };
  }
})()`;

test.beforeAll(async ({ clew }) => {
  const beganMs = Date.now();
  const send = (service: string, duration: number, error: boolean, cart: string): Promise<string> => {
    const attributes = { 'cart id': cart, 'http.request.method': 'GET' };
    // All at one time, or buckets of a metrics query may part them.
    const agoMs = Date.now() - beganMs + 60_000;
    const name = `serve ${service}`;
    return sendTrace(clew.urls.otlpHttp, [{ service, name, start: 0, duration, error, attributes }], { agoMs });
  };
  await send('basket', 20 * MS, false, 'blue one');
  await send('basket', 30 * MS, true, 'green one');
  slow = await send('courier', 3_000 * MS, false, 'blue one');
  await expectStored(clew.urls.ui, '{ resource.service.name = "courier" }', slow);
});

/** The editor, once it has taken the place of the plain field. */
async function openExplore(page: Page, ui: string, query = ''): Promise<Locator> {
  await page.goto(`${ui}/explore${query === '' ? '' : `?q=${encodeURIComponent(query)}`}`);
  await expect(page.locator('.query-editor')).toBeVisible();
  return page.getByRole('textbox', { name: 'Query' });
}

/** Requests to such an address wait until they are released. */
async function holdRequests(page: Page, url: RegExp): Promise<{ readonly count: number; release(): void }> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let count = 0;
  await page.route(url, async (route) => {
    count++;
    await released;
    await route.continue();
  });
  return {
    get count() {
      return count;
    },
    release,
  };
}

test('completes attribute names and values of the store from the keyboard', async ({ page, clew }) => {
  const query = await openExplore(page, clew.urls.ui);
  await query.focus();
  await page.keyboard.type('{ cart');
  const option = (name: RegExp) => page.getByRole('listbox').getByRole('option', { name });
  await expect(option(/span\."cart id"/)).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(query).toHaveText(/^\{ span\."cart id" ?\}$/);
  await page.keyboard.type('= "bl');
  await expect(option(/blue one/)).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(option(/blue one/)).toHaveAttribute('aria-selected', 'true');
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(query).toHaveText('{ span."cart id" = "blue one" }');
  // The bracket that was closed with the first letter is typed over.
  await page.keyboard.type('}');
  await expect(query).toHaveText('{ span."cart id" = "blue one" }');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/[?&]q=/);
  const results = page.getByRole('region', { name: 'Traces' }).getByRole('link');
  await expect(results).toHaveCount(2);
});

test('Tab takes from the list that is still being loaded, and does not leave the field', async ({ page, clew }) => {
  const query = await openExplore(page, clew.urls.ui);
  await query.focus();
  await page.keyboard.type('{ car');
  const option = page.getByRole('listbox').getByRole('option', { name: /span\."cart id"/ });
  await expect(option).toBeVisible();
  const attributes = await holdRequests(page, /\/api\/v1\/attributes\?/);
  await page.keyboard.type('t');
  await expect.poll(() => attributes.count).toBe(1);
  await page.keyboard.press('Tab');
  await expect(query).toBeFocused();
  attributes.release();
  await expect(query).toHaveText(/^\{ span\."cart id" ?\}$/);
  await expect(query).toBeFocused();
});

test('a plain field takes queries until the editor is there, and nothing typed is lost', async ({ page, clew }) => {
  const chunk = await holdRequests(page, /\/assets\/query-editor-.*\.js$/);
  await page.goto(`${clew.urls.ui}/explore`);
  const query = page.getByRole('textbox', { name: 'Query' });
  await query.pressSequentially('{ duration >= 1s }');
  await query.press('Enter');
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link')).toHaveCount(1);
  await query.press('ArrowLeft');
  chunk.release();
  await expect(page.locator('.query-editor')).toBeVisible();
  await expect(query).toBeFocused();
  await page.keyboard.type('&& kind != client ');
  await expect(query).toHaveText('{ duration >= 1s && kind != client }');
});

test('whoever takes the field in the moment of the exchange keeps it', async ({ page, clew }) => {
  // The plain field's cursor is read for the exchange: as soon as anything else can run, somebody takes the field.
  await page.addInitScript(`{
    const property = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'selectionStart');
    const field = () => document.querySelector('.query-text textarea') ??
      document.querySelector('.query-editor').shadowRoot.querySelector('[role=textbox]');
    Object.defineProperty(HTMLTextAreaElement.prototype, 'selectionStart', {
      ...property,
      get() {
        Object.defineProperty(HTMLTextAreaElement.prototype, 'selectionStart', property);
        queueMicrotask(() => field().focus());
        return property.get.call(this);
      },
    });
  }`);
  await page.goto(`${clew.urls.ui}/explore`);
  await expect(page.locator('.query-editor')).toBeVisible();
  const query = page.getByRole('textbox', { name: 'Query' });
  await expect(query).toBeFocused();
  await page.keyboard.insertText('{ kind = server }');
  await expect(query).toHaveText('{ kind = server }');
});

test('underlines a mistake, says what is wrong, and formats what is right', async ({ page, clew }) => {
  const query = await openExplore(page, clew.urls.ui);
  await query.focus();
  await page.keyboard.type('{ duratoin > 5ms');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Did you mean duration?');
  await expect(page.locator('.cm-lintRange-error')).toHaveText('duratoin');
  await expect(query).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Column 3' }).click();
  await page.keyboard.type('duration');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await page.keyboard.press('Shift+Alt+F');
  await expect(query).toHaveText('{ duration > 5ms }');
  await page.keyboard.press('Control+z');
  await expect(query).toHaveText('{ duration > 5ms}');
  // Tab is the page's: out of the field, to the next control.
  await page.keyboard.press('Escape');
  await query.focus();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Run' })).toBeFocused();
});

test('shows groups, their numbers and selected columns', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, '{ } | by(resource.service.name) | count() > 0 | select(span."cart id")');
  const results = page.getByRole('region', { name: 'Traces' });
  await expect(results.getByRole('rowheader', { name: /by\(resource\.service\.name\) courier/ })).toContainText(
    'count() 1',
  );
  await expect(results.getByRole('columnheader', { name: 'span."cart id"' }).first()).toBeVisible();
  await expect(results.getByRole('cell', { name: 'blue one' })).toHaveCount(2);
  await expectAccessible(page);
});

for (const [colorScheme, width] of [
  ['light', 390],
  ['dark', 1440],
] as const) {
  test(`draws a metrics query in the ${colorScheme} theme at ${width} pixels`, async ({ page, clew }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await openExplore(page, clew.urls.ui, '{ } | count_over_time() by(resource.service.name)');
    const table = page.getByRole('table', { name: 'Figures of the series' });
    await expect(table.getByRole('row', { name: /^basket/ })).toContainText('2');
    const chart = page.getByRole('img', { name: /^2 series over time/ });
    await chart.focus();
    // Back to the bucket of the spans: the last ones may still be empty.
    const tip = page.locator('.series-tip');
    await expect(async () => {
      await page.keyboard.press('ArrowLeft');
      await expect(tip).toContainText(/basket\s*2/, { timeout: 50 });
    }).toPass();
    await expectAccessible(page);
    const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, 'scrolls sideways').toBeLessThanOrEqual(0);
  });
}

test('leads from the lines of a metrics query to traces', async ({ page, clew }) => {
  const query = '{ resource.service.name = "courier" } | max_over_time(duration) by(resource.service.name)';
  await openExplore(page, clew.urls.ui, query);
  const points = page.locator('.series-example');
  await expect(points).toHaveCount(1);
  await expect(points).toHaveAttribute('title', /^A trace of courier, /);
  // On the line: the middle of the point is at the height of the largest value.
  const box = await points.boundingBox();
  const line = await page.locator('.series-chart > .series-line').boundingBox();
  expect(Math.abs((box?.y ?? 0) + (box?.height ?? 0) / 2 - (line?.y ?? 0))).toBeLessThan(2);
  await points.click();
  await expect(page).toHaveURL(new RegExp(`/trace/${slow}\\?.*span=`));
  await page.goBack();
  // The same from the keyboard: the list below the chart.
  const list = page.locator('.series-examples');
  await list.getByText('1 example trace').focus();
  await page.keyboard.press('Enter');
  const link = list.getByRole('link', { name: /courier/ });
  await expect(link).toBeVisible();
  await expect(link).toContainText(/3(?:\.0+)? s$/);
  await expectAccessible(page, ['light', 'dark']);
  await page.keyboard.press('Tab');
  await expect(link).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/trace/${slow}\\?.*span=`));
});

test('says what was probably meant when no span has an attribute', async ({ page, clew }) => {
  await openExplore(page, clew.urls.ui, '{ span.http.request.methd = "GET" }');
  await expect(page.getByText('No span has span.http.request.methd. Did you mean')).toContainText(
    'span.http.request.method',
  );
  await expectAccessible(page);
});

test('keeps the controls and the text of the query the same', async ({ page, clew }) => {
  const query = await openExplore(page, clew.urls.ui);
  const service = page.getByRole('combobox', { name: 'Service' });
  const results = page.getByRole('region', { name: 'Traces' }).getByRole('link');
  await expect(results).toHaveCount(3);
  await service.selectOption('basket');
  await expect(query).toHaveText('{ resource.service.name = "basket" }');
  await expect(results).toHaveCount(2);
  await page.getByRole('button', { name: 'Errors only' }).click();
  await expect(query).toHaveText(/status = error/);
  await expect(results).toHaveCount(1);
  await replaceQuery(page, query, '{ duration >= 1s }');
  await query.press('Enter');
  await expect(service).toHaveValue('');
  await expect(page.getByRole('textbox', { name: 'Shortest duration' })).toHaveValue('1 s');
  await expect(page.getByRole('button', { name: 'Errors only' })).toHaveAttribute('aria-pressed', 'false');
  await expect(results).toHaveCount(1);
  await expect(results.first()).toHaveAttribute('href', new RegExp(slow));
  await page.goBack();
  await expect(query).toHaveText(/status = error/);
});

test('takes relative and absolute time ranges into the address', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  await page.getByRole('button', { name: /Last hour/ }).click();
  await page.getByRole('button', { name: 'Last 15 minutes' }).click();
  await expect(page).toHaveURL(/from=now-15m/);
  const results = page.getByRole('region', { name: 'Traces' }).getByRole('link');
  await expect(results).toHaveCount(3);
  await page.getByRole('button', { name: /Last 15 minutes/ }).click();
  await page.getByLabel('From', { exact: true }).fill('2001-01-01T00:00:00');
  await page.getByLabel('To', { exact: true }).fill('2001-01-02T00:00:00');
  await page.getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(results).toHaveCount(0);
  await expect(page.getByRole('button', { name: /^Search last/ })).toBeVisible();
  await page.goBack();
  await expect(results).toHaveCount(3);
});

test('opens the trace of a point in the chart', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore?q=${encodeURIComponent('{ duration > 1s }')}`);
  await expect(page.getByRole('region', { name: 'Traces' }).getByRole('link')).toHaveCount(1);
  await expect(page.getByRole('img', { name: /^Duration of 1 trace/ })).toBeVisible();
  await expect.poll(() => page.evaluate(FIND_POINT)).toBeDefined();
  const point = await page.evaluate<{ readonly x: number; readonly y: number }>(FIND_POINT);
  await page.mouse.move(point.x, point.y);
  await expect(page.locator('.scatter-tip')).toContainText('courier');
  await page.mouse.down();
  await page.mouse.up();
  await expect(page).toHaveURL(new RegExp(`/trace/${slow}`));
});

test('changes the theme and remembers it', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  const colour = (): Promise<string> => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const before = await colour();
  await page.getByRole('button', { name: /^System theme/ }).click();
  await page.getByRole('button', { name: /^Light theme/ }).click();
  await expect(page.getByRole('button', { name: /^Dark theme/ })).toBeVisible();
  const dark = await colour();
  expect(dark).not.toBe(before);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Dark theme/ })).toBeVisible();
  expect(await colour()).toBe(dark);
});

// Both themes and both widths; first-trace.spec.ts has both themes at 1440, shell.spec.ts the pages besides.
for (const [colorScheme, width] of [
  ['light', 390],
  ['dark', 1024],
] as const) {
  test(`is accessible in the ${colorScheme} theme at ${width} pixels`, async ({ page, clew }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    for (const path of ['/explore', `/trace/${slow}?span=0000000000000001`]) {
      await page.goto(`${clew.urls.ui}${path}`);
      await expect(page.getByRole('main')).toBeVisible();
      if (path.startsWith('/trace')) await expect(page.getByRole('treegrid')).toBeVisible();
      if (path === '/explore') await expect(page.getByRole('region', { name: 'Traces' })).toBeVisible();
      await expectAccessible(page);
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow, `${path} scrolls sideways`).toBeLessThanOrEqual(0);
    }
  });
}

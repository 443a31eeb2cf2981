/** What a reader sees when there is nothing, when it is not here yet, and when the server or its files are gone. */
import { expect as bare, test as base } from '@playwright/test';
import { type ClewProcess, freshDataDir, startClew, stopAll } from '../clew-process.ts';
import { expectStored } from './expect-stored.ts';
import { sendTrace } from './send-spans.ts';

// These pages complain on the console, and should: the plain test, not the watched one.

/** One Clew for all but the test that stops it; empty until the first test sends to it. */
const bareTest = base.extend<object, { readonly clew: ClewProcess }>({
  clew: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape.
    async ({}, use) => {
      await use(await startClew());
      await stopAll();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

bareTest('says why nothing is found, and what to do', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/explore`);
  await bare(page.getByRole('main')).toContainText('Clew has not received any span yet');
  await bare(page.getByRole('main').getByRole('link').first()).toBeVisible();
  const traceId = await sendTrace(clew.urls.otlpHttp, [{ service: 'cart', name: 'load', start: 0, duration: 1_000 }]);
  await expectStored(clew.urls.ui, '{ name = "load" }', traceId);
  await page.goto(`${clew.urls.ui}/explore?q=${encodeURIComponent('{ name = "nothing has this name" }')}`);
  await bare(page.getByRole('heading', { name: 'No trace matches' })).toBeVisible();
  await page.getByRole('button', { name: 'Clear the query' }).click();
  await bare(page.getByRole('region', { name: 'Traces' }).getByRole('link')).toHaveCount(1);
});

bareTest('waits for a trace that has not arrived and shows it when it has', async ({ page, clew }) => {
  await page.goto(`${clew.urls.ui}/trace/not-an-id`);
  await bare(page.getByRole('main')).toContainText('not-an-id');
  let asked = 0;
  const traceId = 'abcdef00000000000000000000000001';
  page.on('request', (request) => {
    if (request.url().includes(`/api/v1/traces/${traceId}`)) asked++;
  });
  await page.goto(`${clew.urls.ui}/trace/${traceId}`);
  await bare(page.getByRole('main')).toContainText(traceId);
  await bare.poll(() => asked).toBeGreaterThan(1);
  await sendTrace(clew.urls.otlpHttp, [{ service: 'cart', name: 'late', start: 0, duration: 1_000 }], { traceId });
  // On a host whose disk stands still for a while the first insert has taken ten seconds.
  await bare(page.getByRole('row', { name: /^cart, late/ })).toBeVisible({ timeout: 30_000 });
});

bareTest('names a server that is gone and goes on when it is back', async ({ page }) => {
  const dataDir = await freshDataDir();
  const first = await startClew({ dataDir });
  const traceId = await sendTrace(first.urls.otlpHttp, [{ service: 'cart', name: 'load', start: 0, duration: 1_000 }]);
  await expectStored(first.urls.ui, '{ name = "load" }', traceId);
  await page.goto(`${first.urls.ui}/explore`);
  const results = page.getByRole('region', { name: 'Traces' }).getByRole('link');
  await bare(results).toHaveCount(1);
  await first.kill('SIGTERM');
  await bare(page.getByText('No connection')).toBeVisible();
  await page.getByRole('button', { name: 'Run' }).click();
  await bare(page.getByRole('alert')).toContainText('Clew does not answer');
  await startClew({ dataDir, flags: ['--port', new URL(first.urls.ui).port] });
  await bare(page.getByText('No connection')).toBeHidden();
  await page.getByRole('button', { name: 'Try again' }).click();
  await bare(results).toHaveCount(1);
});

bareTest('reloads once when a newer Clew has replaced the files of the page', async ({ page, clew }) => {
  let gone = true;
  let loads = 0;
  page.on('domcontentloaded', () => {
    loads++;
  });
  await page.route(/assets\/setup-page-.*\.(js|css)$/, (route) =>
    gone ? route.fulfill({ status: 404, body: 'not found' }) : route.continue(),
  );
  await page.goto(`${clew.urls.ui}/explore`);
  bare(loads).toBe(1);
  page.once('domcontentloaded', () => {
    gone = false;
  });
  await page.getByRole('navigation').getByRole('link', { name: 'Send data' }).click();
  await bare(page.getByRole('heading', { name: 'Send your first span' })).toBeVisible();
  bare(loads).toBe(2);
});

/** The pictures of README.md, from the demo shop with two faults and a fixed seed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from '../browser/watched-page.ts';
import { PROGRAM } from '../clew-process.ts';

const image = (name: string): string => fileURLToPath(new URL(`../../docs/images/${name}.png`, import.meta.url));

const FAILED_PAYMENTS = '{ name =~ ".*PaymentService/Charge" && status = error }';

test('pictures the search and a failed checkout in both themes', async ({ page, clew }) => {
  const demo = spawn(
    process.execPath,
    [PROGRAM, 'demo', '--endpoint', clew.urls.otlpGrpc, '--seed', '7', '--backfill', '20m', '--duration', '10s'].concat(
      ['--fault', 'slow-db', '--fault', 'payment-errors'],
    ),
    { stdio: 'ignore' },
  );
  await once(demo, 'exit');
  await page.emulateMedia({ colorScheme: 'light' });
  const results = page.getByRole('region', { name: 'Traces' });
  await page.goto(`${clew.urls.ui}/explore?q=${encodeURIComponent('{ duration > 250ms }')}`);
  await expect(results.getByRole('link').first()).toBeVisible();
  await page.screenshot({ path: image('explore-light') });

  await page.goto(`${clew.urls.ui}/explore?q=${encodeURIComponent(FAILED_PAYMENTS)}`);
  await results
    .getByRole('link', { name: /checkout/ })
    .first()
    .click();
  await page
    .getByRole('row', { name: /^checkout, .*PaymentService\/Charge.*error/ })
    .first()
    .click();
  await expect(page.getByRole('complementary', { name: 'Span details' })).toContainText('rpc.method');
  // The row under the pointer is tinted, and the critical path comes after the rows.
  await page.mouse.move(400, 60);
  await expect(page.locator('.wf-critical:visible').first()).toBeVisible();
  await page.screenshot({ path: image('trace-light') });
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.screenshot({ path: image('trace-dark') });
});

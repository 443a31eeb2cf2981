import { defineConfig } from '@playwright/test';
import { chromiumLaunchOptions } from './chromium.ts';

export default defineConfig({
  testDir: './browser',
  testMatch: '*.spec.ts',
  globalSetup: './browser.setup.ts',
  outputDir: '../test-results/browser',
  // Each file starts a Clew of its own; two at a time are enough for two cores.
  workers: 2,
  // On a machine of unknown load; `npm test` names what needed it.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: {
    timeout: 10_000,
    // Text is drawn by the same browser with the same fonts everywhere; the rest is a hair of antialiasing.
    toHaveScreenshot: { maxDiffPixelRatio: 0.01, animations: 'disabled', caret: 'hide', scale: 'css' },
  },
  // Reviewed pictures, which the documentation shows.
  snapshotPathTemplate: '../docs/images/ui/{arg}{ext}',
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? '../test-results/browser.json' }],
  ],
  use: {
    viewport: { width: 1440, height: 900 },
    screenshot: 'only-on-failure',
    // Recording every test costs about as much as running it: on CI only what is run again.
    trace: process.env.CI ? 'on-first-retry' : 'retain-on-failure',
    launchOptions: chromiumLaunchOptions(),
  },
});

/** Takes the pictures of README.md; run by hand: npx playwright test -c e2e/screenshots.config.ts */
import { defineConfig } from '@playwright/test';
import base from './playwright.config.ts';

export default defineConfig({ ...base, testDir: './screenshots', timeout: 90_000 });

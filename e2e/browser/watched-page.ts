/**
 * Playwright's test with a Clew of its own for each file that says `test.use({ clewOf: … })`, and pages that must stay
 * silent and accessible.
 */
import AxeBuilder from '@axe-core/playwright';
import { test as base, expect, type Page } from '@playwright/test';
import { type ClewProcess, startClew, stopAll } from '../clew-process.ts';

export { expect };

export const test = base.extend<
  { readonly page: Page },
  { readonly clewOf: string; readonly clewFlags: readonly string[]; readonly clew: ClewProcess }
>({
  /** A name of the file's own: Playwright lets files whose options are equal share what a worker holds. */
  clewOf: ['', { scope: 'worker', option: true }],
  /** More flags for `clew serve`. */
  clewFlags: [[], { scope: 'worker', option: true }],
  clew: [
    async ({ clewFlags }, use) => {
      const clew = await startClew({ flags: clewFlags });
      await use(clew);
      await stopAll();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
    page.on('response', (response) => {
      if (response.status() >= 500) complaints.push(`${response.status()} ${response.url()}`);
    });
    await use(page);
    expect(complaints, 'what the console said').toEqual([]);
  },
});

/** What can be a fault in one theme and not in the other: themes change colours only. */
const RULES_OF_COLOURS = ['color-contrast', 'link-in-text-block'];

/**
 * No violation of WCAG 2.2 A and AA rules that axe can find, as the page is or in each of the themes, once nothing of
 * an answer of before is shown any more.
 */
export async function expectAccessible(page: Page, themes: readonly ('light' | 'dark')[] = []): Promise<void> {
  await expect(page.locator('[aria-busy="true"]'), 'what is being refreshed').toHaveCount(0);
  for (const [at, colorScheme] of (themes.length > 0 ? themes : [undefined]).entries()) {
    if (colorScheme !== undefined) await page.emulateMedia({ colorScheme });
    const axe = new AxeBuilder({ page });
    const { violations } = await (at === 0
      ? axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      : axe.withRules(RULES_OF_COLOURS)
    ).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      `accessibility violations${colorScheme === undefined ? '' : ` in the ${colorScheme} theme`}`,
    ).toEqual([]);
  }
}

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

/** No violation of WCAG 2.2 A and AA rules that axe can find, as the page is or in each of the themes. */
export async function expectAccessible(page: Page, themes: readonly ('light' | 'dark')[] = []): Promise<void> {
  for (const colorScheme of themes.length > 0 ? themes : [undefined]) {
    if (colorScheme !== undefined) await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
      `accessibility violations${colorScheme === undefined ? '' : ` in the ${colorScheme} theme`}`,
    ).toEqual([]);
  }
}

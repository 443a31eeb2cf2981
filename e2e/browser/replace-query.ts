import type { Locator, Page } from '@playwright/test';

/**
 * Puts a text in place of the query, as a person would. `fill` selects and types over highlighted text, and Chromium
 * then tries to carry the old colour over as an inline style, which the page's content security policy refuses aloud.
 */
export async function replaceQuery(page: Page, query: Locator, text: string): Promise<void> {
  await query.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(text);
}

/**
 * What a page says that is not from the catalogue, while it is shown in the pseudo-locale and all data sent is Greek.
 *
 * The rule: outside of the catalogue's brackets stand no Latin letters but those of (1) what is written for machines:
 * `code`, `pre`, `kbd`, the query editor, and what parsers and the server say themselves, marked `lang="en"`; (2) keys
 * of attributes, TraceQL's values and queries; (3) ids, addresses and versions; (4) numbers with units and dates as
 * Intl writes them. Names and values that were sent are Greek, so none of them can hide a word that should have been
 * translated.
 */
import type { Page } from '@playwright/test';

/** Texts of the page and of attributes that are read aloud or shown, one by one; run in the page. */
const READ_TEXTS = `(() => {
  const machine = '[lang=en], script, style, code, pre, kbd, samp, textarea, .cm-editor';
  const found = [];
  const add = (element, words) => {
    const path = element.className && typeof element.className === 'string' ? '.' + element.className.split(' ')[0] : '';
    if (words && words.trim()) found.push({ where: element.tagName.toLowerCase() + path, words: words.trim() });
  };
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (parent === null || parent.closest(machine) !== null) continue;
    if (parent.closest('head') !== null ? parent.tagName === 'TITLE' : parent.checkVisibility()) {
      add(parent, walker.currentNode.data);
    }
  }
  for (const name of ['title', 'aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'placeholder', 'alt']) {
    for (const element of document.body.querySelectorAll('[' + name + ']')) {
      if (element.closest(machine) === null && element.checkVisibility()) add(element, element.getAttribute(name));
    }
  }
  return found;
})()`;

const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec';
const ALLOWED: readonly RegExp[] = [
  /https?:\/\/\S+/g,
  // Attributes, metrics and configuration: words joined by dots or underscores, with a scope before them or not.
  /\.?[a-z][\w-]*(?:[._][\w-]+)+/g,
  // The name of a label, of a series that has several.
  /(?<![\w.])\w+(?==)/g,
  /\b[0-9a-f]{8,32}\b/g,
  /\d{4}-\d{2}-\d{2}T[\d:.]+Z/g,
  new RegExp(`\\b(?:${MONTHS}) \\d{1,2}\\b`, 'g'),
  /\b\d+[smhd] ago\b/g,
  /\b(?:UTC|GMT(?:[+-]\d{1,2}(?::\d{2})?)?)\b/g,
  /\d(?:[\d.,]*\d)?\s?(?:ns|µs|ms|s|min|h|d|[kKMGT]?B?)(?![\w])/g,
];
/** A text of its own that is a field or value of TraceQL, a type of OTLP or the name OpenTelemetry gives an event. */
const VALUE =
  /^(?:name|kind|status|server|client|producer|consumer|internal|error|unset|ok|true|false|bool|int|double|string|exception)$/;
/** A query, as it is listed among what was asked before. */
const QUERY = /^\{[^⟦⟧]*$/;

/** One line for each text that breaks the rule. */
export async function findUndisguised(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate<readonly { readonly where: string; readonly words: string }[]>(READ_TEXTS);
  const found = texts.filter(({ words }) => /[A-Za-z]/.test(outsideOf(words)));
  return [...new Set(found.map(({ where, words }) => `${where}: ${words}`))];
}

/** What is left of a text without what may stand outside of brackets, and without what stands in them. */
export function outsideOf(words: string): string {
  const lines = words.split('\n').filter((line) => !VALUE.test(line) && !QUERY.test(line));
  let left = lines.join('\n');
  // From the inside: a text of the catalogue can be part of another.
  for (let before = ''; before !== left; ) {
    before = left;
    left = left.replace(/⟦[^⟦⟧]*⟧/g, ' ');
  }
  for (const pattern of ALLOWED) left = left.replace(pattern, ' ');
  return left;
}

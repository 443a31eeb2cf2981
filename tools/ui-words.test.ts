import { describe, expect, it } from 'vitest';
import { findLooseWords, findLooseWordsOfUi } from './ui-words.mjs';

const of = (jsx: string) => findLooseWords('page.tsx', `export const Page = (p: { a?: string }) => ${jsx};`);

describe('words of components', () => {
  it.each([
    ['<p>Hello</p>', '"Hello"'],
    ['<p>{p.a}Grüße {p.a}</p>', '"Grüße"'],
    ['<p>{"Hello"}</p>', '"Hello"'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text.
    ['<p>{p.a ? `on ${p.a}` : "off"}</p>', '"on"'],
    ['<img alt="A cat" />', '"A cat"'],
    ['<button aria-label={p.a ?? "Close"} />', '"Close"'],
    ['<>{p.a && <i>deep</i>}</>', '"deep"'],
  ])('are found in %s', (jsx, words) => {
    expect(of(jsx)[0]).toBe(`page.tsx:1: ${words}`);
  });

  it.each([
    '<p className="is wide">{p.a}</p>',
    '<p>· × 5 %</p>',
    '<p title={text(p.a, "key")}>–</p>',
    '<a href="x" />',
  ])('are none in %s', (jsx) => {
    expect(of(jsx)).toEqual([]);
  });

  it('of this interface are all in the catalogue', () => {
    expect(findLooseWordsOfUi()).toEqual([]);
  });
});

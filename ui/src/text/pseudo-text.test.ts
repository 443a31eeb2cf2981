import { describe, expect, it } from 'vitest';
import { text } from './catalogue.ts';
import { plural } from './plural.ts';
import { buildPseudoText, pseudoText } from './pseudo-text.ts';

describe('the pseudo-locale', () => {
  const pseudo = buildPseudoText({
    words: 'Send data',
    list: ['p50', '–'],
    nested: { of: (name: string, count: number) => `Spans of ${name}: ${count}` },
    pair: (why: string): readonly [string, string] => ['Refused', `Because ${why}`],
    rows: ({ service }: { readonly service: string }) => `${service} is slow`,
  });

  it('has every text in brackets, accented and longer, and none twice', () => {
    expect(pseudo.words).toBe('⟦Šééñđ đááŧáá⟧');
    expect(pseudo.list).toEqual(['⟦þ50⟧', '–']);
    expect(pseudoText('')).toBe('');
  });

  it('keeps what a function is given', () => {
    expect(pseudo.nested.of('cart-store', 3)).toBe('⟦Šþááñš óóƒ cart-store: 3⟧');
    expect(pseudo.pair('disk')).toEqual(['⟦Řééƒúúšééđ⟧', '⟦Ɓééçááúúšéé disk⟧']);
    expect(pseudo.rows({ service: 'cart' })).toBe('⟦cart ííš šļóóŵ⟧');
    expect(pseudoText('cart-store and cart', ['cart', 'cart-store'])).toBe('⟦cart-store ááñđ cart⟧');
  });

  it('is a third longer and more', () => {
    const words = Object.values(text.commands.trace).filter((one) => typeof one === 'string');
    const length = (all: readonly string[]): number => all.join('').length;
    const longer = length(words.map((one) => pseudoText(one).slice(1, -1))) / length(words);
    expect(longer).toBeGreaterThan(1.3);
    expect(longer).toBeLessThan(1.5);
  });
});

describe('a number of things', () => {
  it('has the form of its number', () => {
    expect(plural(1, 'span', 'spans')).toBe('1 span');
    expect(plural(0, 'span', 'spans')).toBe('0 spans');
    expect(plural(12_345, 'span', 'spans')).toBe('12,345 spans');
    expect(plural(1_200_000, 'span', 'spans', '1.2M')).toBe('1.2M spans');
  });
});

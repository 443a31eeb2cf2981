import { afterEach, describe, expect, it, vi } from 'vitest';

/** The modules as a page loads them that keeps `stored`. */
async function loadWith(stored: string | null) {
  vi.resetModules();
  vi.stubGlobal('localStorage', { getItem: (name: string) => (name === 'clew.locale.1' ? stored : null) });
  const { locale, intlLocale } = await import('./locale.ts');
  const { text } = await import('./catalogue.ts');
  const { formatCount } = await import('./format-count.ts');
  return { locale, intlLocale, page: text.explore.page, count: formatCount(12_345) };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe('the language of the interface', () => {
  it('is English where nothing or nothing known is stored', async () => {
    const english = { locale: 'en', intlLocale: 'en', page: 'Explore', count: '12,345' };
    expect(await loadWith(null)).toEqual(english);
    expect(await loadWith('tlh')).toEqual(english);
  });

  it('is the pseudo-locale where that is stored, with the numbers of English', async () => {
    const expected = { locale: 'en-XA', intlLocale: 'en', page: '⟦ÉÉẋþļóóřéé⟧', count: '12,345' };
    expect(await loadWith('en-XA')).toEqual(expected);
  });
});

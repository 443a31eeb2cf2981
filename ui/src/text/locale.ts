/** The languages the interface is written in. `en-XA` is English made to look foreign: see pseudo-text.ts. */
const LOCALES = ['en', 'en-XA'] as const;
export type Locale = (typeof LOCALES)[number];

/** Its name in the browser's storage; absent: English. */
export const LOCALE_KEY = 'clew.locale.1';

function readLocale(): Locale {
  try {
    const stored = localStorage.getItem(LOCALE_KEY);
    return LOCALES.find((known) => known === stored) ?? 'en';
  } catch {
    return 'en'; // A worker, or a browser that keeps nothing for us.
  }
}

/** Read once: another language is another page load, since words are also in what was built from them. */
export const locale: Locale = readLocale();

/** What numbers, dates and plurals are formatted by, everywhere. */
export const intlLocale: string = locale === 'en-XA' ? 'en' : locale;

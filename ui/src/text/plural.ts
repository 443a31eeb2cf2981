import { formatCount } from './format-count.ts';
import { intlLocale } from './locale.ts';

const RULES = new Intl.PluralRules(intlLocale);

/**
 * "1 span", "2 spans", "1,234 spans": the form the language has for a number of things.
 * @param formatted the number as it is shown; in full where it is left out
 */
export function plural(count: number, one: string, other: string, formatted: string = formatCount(count)): string {
  return `${formatted} ${RULES.select(count) === 'one' ? one : other}`;
}

import { text } from '../../text/catalogue.ts';
import { formatSignificant } from '../../text/format-number.ts';
import { intlLocale } from '../../text/locale.ts';

const NUMBER = new Intl.NumberFormat(intlLocale, { notation: 'compact', maximumSignificantDigits: 3 });

/** So many a second, a minute or an hour: what makes a number that people can picture. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 1 || perSecond === 0) return text.overview.perSecond(NUMBER.format(perSecond));
  if (perSecond >= 1 / 60) return text.overview.perMinute(NUMBER.format(perSecond * 60));
  return text.overview.perHour(NUMBER.format(perSecond * 3600));
}

/** "3.2 %"; below a tenth of a percent with what digits it has. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return text.overview.none;
  return text.overview.share(formatSignificant((100 * part) / whole, 2));
}

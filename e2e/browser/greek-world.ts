/** Spans whose every name and value is written in Greek letters: what is Latin on a page is the page's own. */
import { planShopTrace, type ShopTrace, sendShopTrace } from './shop-trace.ts';

const LATIN = 'abcdefghijklmnopqrstuvwxyz';
const GREEK = 'αβκδεφγηιξκλμνοπθρστυωωχψζ';
const LETTERS = new Map(
  [...LATIN].flatMap((letter, at): [string, string][] => {
    const greek = GREEK.charAt(at);
    return [
      [letter, greek],
      [letter.toUpperCase(), greek.toUpperCase()],
    ];
  }),
);
/** Values of these fields are texts of people; all others are ids, keys and numbers. */
const WRITTEN = new Set(['name', 'message', 'stringValue']);

/** "cart" as "καρτ". */
export function greek(words: string): string {
  return [...words].map((letter) => LETTERS.get(letter) ?? letter).join('');
}

/** The checkout over five services, in Greek. */
export function planGreekTrace(startUnixMs?: number): ShopTrace {
  const shop = planShopTrace(startUnixMs);
  const translated: unknown = JSON.parse(JSON.stringify(shop.data), (key, value: unknown) =>
    WRITTEN.has(key) && typeof value === 'string' && value !== 'exception' ? greek(value) : value,
  );
  return { ...shop, data: translated as ShopTrace['data'] };
}

export { sendShopTrace };

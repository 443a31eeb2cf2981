/**
 * English in disguise: brackets show where a text of the catalogue begins and ends, accents that it came from there,
 * and the doubled vowels are the room that other languages take. What stands outside of brackets was not
 * written in the catalogue; what is cut off has no room in German.
 */
const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = 'áƀçđéƒğĥíĵķļɱñóþǫřšŧúṽŵẋýžÁƁÇĐÉƑĞĤÍĴĶĻṀÑÓÞǪŘŠŦÚṼŴẊÝŽ';
const FORMS = new Map([...LETTERS].map((letter, at) => [letter, [...ACCENTED][at] ?? letter]));
const VOWEL = /[aeiouy]/i;
const LETTER = /\p{L}/u;

/** The same catalogue with every text disguised; what its functions are given (names, ids, numbers) is left as it is. */
export function buildPseudoText<Catalogue>(catalogue: Catalogue): Catalogue {
  return disguise(catalogue, []) as Catalogue;
}

function disguise(value: unknown, data: readonly string[]): unknown {
  if (typeof value === 'string') return pseudoText(value, data);
  if (Array.isArray(value)) return value.map((one) => disguise(one, data));
  if (typeof value === 'function') {
    return (...given: unknown[]): unknown => disguise(Reflect.apply(value, undefined, given), given.flatMap(textsOf));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, disguise(one, data)]));
}

/** @param data parts that are kept, such as the name of a span */
export function pseudoText(text: string, data: readonly string[] = []): string {
  if (!LETTER.test(text)) return text;
  // The longest first: "cart" must not break "cart-store" in two.
  const kept = data.filter((one) => one !== '').toSorted((a, b) => b.length - a.length);
  let written = '';
  for (let at = 0; at < text.length; ) {
    const part = kept.find((one) => text.startsWith(one, at));
    const letter = text.charAt(at);
    const form = FORMS.get(letter) ?? letter;
    written += part ?? (VOWEL.test(letter) ? form + form : form);
    at += part?.length ?? 1;
  }
  return `⟦${written}⟧`;
}

function textsOf(given: unknown): readonly string[] {
  if (typeof given === 'string') return [given];
  return typeof given === 'object' && given !== null ? Object.values(given).flatMap(textsOf) : [];
}

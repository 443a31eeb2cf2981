/**
 * Regular expressions that are no more than texts with gaps: `a|b|c`, `.*text.*`, `prefix.*`, `^GET /.*$`. Such are
 * compared without a regex engine, and in forms that indexes understand. Everything else is left to RE2.
 */

/** One alternative: the texts between its gaps `.*`. One text and no gap: exactly this text. */
export type Alternative = readonly string[];

/** Alternatives of one pattern that are written out; beyond, RE2 is quicker. */
const MAX_ALTERNATIVES = 1_000;

/** The alternatives of a pattern, or undefined where it is of another shape. */
export function tryAlternatives(pattern: string): readonly Alternative[] | undefined {
  const alternatives: string[][] = [];
  let texts: string[] = [''];
  let isAnchoredEnd = false;
  const body = withoutGroup(pattern);
  for (let at = 0; at < body.length; at++) {
    const letter = body[at];
    if (letter === '|') {
      alternatives.push(texts);
      texts = [''];
      isAnchoredEnd = false;
      continue;
    }
    // The whole text is matched: anchors at its ends say nothing, elsewhere they say "never".
    if (isAnchoredEnd) return undefined;
    if (letter === '^' && texts.length === 1 && texts[0] === '') continue;
    if (letter === '$') {
      isAnchoredEnd = true;
      continue;
    }
    if (letter === '.' && body[at + 1] === '*' && !'?+*{'.includes(body[at + 2] ?? ' ')) {
      texts.push('');
      at += 1;
      continue;
    }
    const text = letterAt(body, at);
    if (text === undefined || '*+?{'.includes(body[at + text.length] ?? ' ')) return undefined;
    texts[texts.length - 1] += text.letter;
    at += text.length - 1;
  }
  alternatives.push(texts);
  // A gap matches no line feed: what has both is rare enough for RE2.
  const isPlain = alternatives.every((one) => one.length === 1 || !one.some((text) => text.includes('\n')));
  return isPlain && alternatives.length <= MAX_ALTERNATIVES ? alternatives : undefined;
}

/** What every match begins with, '' where that is not easily told. */
export function literalPrefix(pattern: string): string {
  // A quantifier behind flags, as in `a(?i)*`, is about the letter before them.
  if (pattern.includes('|') || pattern.includes('(?')) return '';
  const from = pattern.startsWith('^') ? 1 : 0;
  let prefix = '';
  for (let at = from; at < pattern.length; ) {
    const text = letterAt(pattern, at);
    if (text === undefined || '*?{'.includes(pattern[at + text.length] ?? ' ')) break;
    prefix += text.letter;
    at += text.length;
  }
  return prefix;
}

/** `(a|b)` and `(?:a|b)` around everything. */
function withoutGroup(pattern: string): string {
  const group = /^\^?\((?:\?:)?([^()[\]\\]*)\)\$?$/.exec(pattern);
  return group?.[1] ?? pattern;
}

/** A letter that stands for itself, plain or behind a backslash, and how long it is written. */
function letterAt(pattern: string, at: number): { readonly letter: string; readonly length: number } | undefined {
  const first = pattern[at];
  if (first === '\\') {
    const escaped = pattern[at + 1] ?? '';
    return /^[!-/:-@[-`{-~]$/.test(escaped) ? { letter: escaped, length: 2 } : undefined;
  }
  if ('.+*?()|[]{}^$'.includes(first)) return undefined;
  // Both halves of a letter beyond 16 bits: a quantifier behind it is about both.
  const letter = String.fromCodePoint(pattern.codePointAt(at) ?? 0);
  return { letter, length: letter.length };
}

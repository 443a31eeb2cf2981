import { badTempoRequest } from './tempo-error.ts';

/** Tags of one search. */
const MAX_TAGS = 50;
const PAIR = /\s*([^\s="]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*)))?(?=\s|$)/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/**
 * `service.name=cart http.url="a b" error` as a map; a key alone has the empty value.
 * @throws ApiError 400
 */
export function parseLogfmt(text: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  let at = 0;
  while (text.slice(at).trim() !== '') {
    PAIR.lastIndex = at;
    const match = PAIR.exec(text);
    if (match === null) throw badTempoRequest(`invalid tags: no key=value or key="value" at pos ${at + 1}.`);
    const [, key, quoted, plain] = match;
    if (pairs.has(key)) throw badTempoRequest(`invalid tags: tag ${key.slice(0, 100)} has been set twice`);
    if (pairs.size === MAX_TAGS) throw badTempoRequest(`invalid tags: more than ${MAX_TAGS} of them (limit).`);
    pairs.set(key, quoted === undefined ? (plain ?? '') : unescaped(quoted));
    at = PAIR.lastIndex;
  }
  return pairs;
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}

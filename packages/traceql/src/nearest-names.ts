import { tryNearestWord } from './nearest-word.ts';

/** Names of that many are looked at; the rest of a very large catalogue is not worth the wait. */
const MAX_CANDIDATES = 20_000;
const DEFAULT_LIMIT = 3;

/**
 * The candidates that `name` was probably meant to be, best first: the same letters in other cases or with other
 * separators (`http_status` for `http.status`), the same parts, one that ends with it or begins with it, slips of
 * the keyboard. Empty when the name is a candidate itself, or nothing is near.
 */
export function nearestNames(name: string, candidates: readonly string[], limit = DEFAULT_LIMIT): string[] {
  if (name === '' || candidates.includes(name)) return [];
  const ranked: { readonly candidate: string; readonly rank: number }[] = [];
  const wanted = partsOf(name);
  for (const candidate of candidates.slice(0, MAX_CANDIDATES)) {
    const rank = rankOf(name, wanted, candidate);
    if (rank !== undefined) ranked.push({ candidate, rank });
  }
  return ranked
    .sort((a, b) => a.rank - b.rank || a.candidate.length - b.candidate.length || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

/** `http.statusCode` and `HTTP_STATUS_CODE` have the same parts. */
function partsOf(name: string): readonly string[] {
  const spread = name.replace(/(\p{Ll}|\d)(\p{Lu})/gu, '$1.$2');
  return spread
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}

/** 0 is best; undefined is not near. */
function rankOf(name: string, wanted: readonly string[], candidate: string): number | undefined {
  const parts = partsOf(candidate);
  if (wanted.length > 0 && parts.join('.') === wanted.join('.')) return 0;
  if (tryNearestWord(name, [candidate]) !== undefined) return 1;
  if (wanted.length === 0 || wanted.join('').length < 3) return undefined;
  if (endsWith(parts, wanted) || startsWith(parts, wanted)) return 2;
  if (wanted.every((part) => parts.includes(part))) return 3;
  // `http.status` for `http.response.status_code`: most parts are there, in this order.
  let at = 0;
  for (const part of parts) if (part === wanted[at]) at++;
  return wanted.length > 1 && at === wanted.length ? 4 : undefined;
}

function endsWith(parts: readonly string[], wanted: readonly string[]): boolean {
  return parts.length > wanted.length && parts.slice(-wanted.length).join('.') === wanted.join('.');
}

function startsWith(parts: readonly string[], wanted: readonly string[]): boolean {
  return parts.length > wanted.length && parts.slice(0, wanted.length).join('.') === wanted.join('.');
}

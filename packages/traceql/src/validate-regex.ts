/** RE2 through re2js. Apart from the rest of the package: it is large, and the browser does without it. */
import { RE2JS } from 're2js';
import { MAX_REGEX_LENGTH, MAX_REGEX_SIZE } from './limits.ts';

/**
 * Why a pattern is not a regular expression of RE2, or undefined when it is one.
 * Pass it to `parseQuery(text, { checkRegex })`.
 */
export function checkRegex(pattern: string): string | undefined {
  if (pattern.length > MAX_REGEX_LENGTH) return `too long: ${pattern.length} characters (limit ${MAX_REGEX_LENGTH})`;
  let repetitions = 0;
  for (const [, least, most] of pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)) repetitions += Number(most || least);
  const size = pattern.length * repetitions;
  if (size > MAX_REGEX_SIZE) return `too large: length times repetitions is ${size} (limit ${MAX_REGEX_SIZE})`;
  try {
    RE2JS.compile(pattern);
    // An open \Q would swallow whatever the SQL compiler puts behind the pattern.
    if (pattern.includes('\\Q')) RE2JS.compile(`\\A(?-s:${pattern})\\z`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * A predicate "the whole text matches", with `.` not matching a line feed unless the pattern says `(?s)`.
 * The pattern has passed `checkRegex`.
 */
export function compileRegex(pattern: string): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.matches(text);
}

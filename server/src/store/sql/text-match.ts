import { type Alternative, literalPrefix } from './regex-shape.ts';
import type { SqlParameters } from './sql-parameters.ts';

/** The condition that a text, never null, matches a regular expression as a whole. */
export function textMatches(value: string, pattern: string, parameters: SqlParameters): string {
  const match = `match(${value}, ${parameters.string(anchored(pattern))})`;
  const prefix = literalPrefix(pattern);
  // By the beginning of a name the sort key prunes.
  return prefix === '' ? match : `(startsWith(${value}, ${parameters.string(prefix)}) AND ${match})`;
}

/** The same of texts with gaps. A gap takes no line feed, so that the text must have none: the texts have none either. */
export function textHasShape(value: string, alternatives: readonly Alternative[], parameters: SqlParameters): string {
  const conditions = alternatives.map((texts) => {
    if (texts.length === 1) return `${value} = ${parameters.string(texts[0])}`;
    const noLineFeed = `position(${value}, '\\n') = 0`;
    if (texts.every((text) => text === '')) return noLineFeed;
    return `(${value} LIKE ${parameters.string(texts.map(escapedLike).join('%'))} AND ${noLineFeed})`;
  });
  return conditions.length === 1 ? conditions[0] : `(${conditions.join(' OR ')})`;
}

function escapedLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}

/**
 * The engine's `match` looks anywhere in the text and lets `.` match a line break; TraceQL matches the whole text
 * with RE2's own defaults. `\z` and not `$`, which a pattern ending in an open flag group could change.
 */
export function anchored(pattern: string): string {
  return `\\A(?-s:${pattern})\\z`;
}

import { printStatic, type Static } from '@clew/traceql';
import { tryParseDuration } from '../../../text/format-duration.ts';

/** Intrinsics whose values are words of the language. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  status: ['unset', 'ok', 'error'],
  kind: ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'],
};
const DURATIONS: ReadonlySet<string> = new Set(['duration', 'traceDuration', 'event:timeSinceStart']);
const NUMBER = /^-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Operators that make sense for a key. */
export function operatorsOf(field: string): readonly string[] {
  if (field in WORDS) return ['=', '!='];
  if (DURATIONS.has(field)) return ['>', '>=', '<', '<=', '=', '!='];
  return ['=', '!=', '=~', '!~', '>', '>=', '<', '<='];
}

/** The words a key's value can be; undefined where it is free. */
export function wordsOf(field: string): readonly string[] | undefined {
  return Object.hasOwn(WORDS, field) ? WORDS[field] : undefined;
}

/**
 * What a person typed as a value, as TraceQL writes it: quotes around text, none around what is a number, a duration or
 * a word of the language. What is quoted already, and `nil`, stay.
 * @param type of the picked value, where it was picked from a list
 */
export function literalText(field: string, operator: string, typed: string, type?: string): string {
  const value = typed.trim();
  if (operator === '=~' || operator === '!~') return isQuoted(value) ? value : quoted(value);
  if (type === 'string') return quoted(typed);
  if (type !== undefined) return value;
  if (isQuoted(value) || value === 'nil' || wordsOf(field)?.includes(value)) return value;
  if (DURATIONS.has(field)) {
    const nanos = tryParseDuration(value);
    return nanos === undefined ? value : printStatic({ type: 'duration', value: BigInt(Math.round(nanos)) });
  }
  return NUMBER.test(value) || value === 'true' || value === 'false' ? value : quoted(value);
}

/** A literal as a person reads and edits it: text without its quotes. */
export function editableText(value: Static): string {
  return value.type === 'string' && !looksOtherwise(value.value) ? value.value : printStatic(value);
}

/** Text that would be read as something else without quotes. */
function looksOtherwise(value: string): boolean {
  return value === '' || value === 'nil' || value !== value.trim() || literalText('', '=', value) === value;
}

function isQuoted(value: string): boolean {
  return value.length > 1 && /^(["`]).*\1$/s.test(value);
}

function quoted(value: string): string {
  return printStatic({ type: 'string', value });
}

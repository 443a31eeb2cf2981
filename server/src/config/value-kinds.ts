/**
 * The kinds of value a setting can have, as zod schemas that take what YAML, the environment and flags give
 * (numbers, booleans, lists or text) and whose messages complete the sentence "otlp.grpcPort is 99999, …".
 */
import { z } from 'zod';
import { formatByteSize, tryParseByteSize } from './byte-size.ts';
import { formatDurationMs, tryParseDurationMs } from './duration.ts';

/** A TCP port, 0 to 65535. */
export function port(): z.ZodType<number> {
  return numeric(tryParseCount, 0, 65535, String, 'a port, a whole number');
}

/** A whole number. */
export function count(min: number, max: number): z.ZodType<number> {
  return numeric(tryParseCount, min, max, String, 'a whole number');
}

/** Bytes. */
export function byteSize(min: number, max: number): z.ZodType<number> {
  return numeric(tryParseByteSize, min, max, formatByteSize, 'a size such as 64MiB, or a number of bytes,');
}

/** Milliseconds. */
export function durationMs(min: number, max: number): z.ZodType<number> {
  return numeric(tryParseDurationMs, min, max, formatDurationMs, 'a duration such as 5s, or a number of milliseconds,');
}

export function flag(): z.ZodType<boolean> {
  return z.unknown().transform((value, context): boolean => {
    if (typeof value === 'boolean') return value;
    const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
    if (word === 'true' || word === 'yes' || word === 'on' || word === '1' || word === 1) return true;
    if (word === 'false' || word === 'no' || word === 'off' || word === '0' || word === 0) return false;
    context.addIssue('must be true or false');
    return z.NEVER;
  });
}

export function oneOf<const T extends string>(choices: readonly T[]): z.ZodType<T> {
  return z.unknown().transform((value, context): T => {
    const found = choices.find((choice) => typeof value === 'string' && choice === value.trim().toLowerCase());
    if (found !== undefined) return found;
    context.addIssue(`must be one of ${choices.join(', ')}`);
    return z.NEVER;
  });
}

/** Non-empty text that matches `pattern`; `what` completes "must be …". */
export function text(pattern: RegExp, what: string): z.ZodType<string> {
  return z.unknown().transform((value, context): string => {
    if (typeof value === 'string' && pattern.test(value.trim())) return value.trim();
    context.addIssue(`must be ${what}`);
    return z.NEVER;
  });
}

/** One or several http or https addresses, without a trailing slash, with commas between. */
export function httpUrls(): z.ZodType<string> {
  return z.unknown().transform((value, context): string => {
    const parts = typeof value === 'string' ? value.split(',').map(tryParseHttpUrl) : [undefined];
    const urls = parts.filter((url) => url !== undefined);
    if (urls.length === parts.length && urls.length <= 1000) return urls.join(',');
    context.addIssue('must be an address such as http://user:password@clickhouse:8123, or several with commas between');
    return z.NEVER;
  });
}

/** A list, or text with commas. At most 1000 entries. */
export function textList(pattern: RegExp, what: string): z.ZodType<readonly string[]> {
  return z.unknown().transform((value, context): readonly string[] => {
    const parts: unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : [value];
    const entries = parts.map((part) => (typeof part === 'string' ? part.trim() : part)).filter((part) => part !== '');
    const good = entries.filter((entry): entry is string => typeof entry === 'string' && pattern.test(entry));
    if (good.length === entries.length && good.length <= 1000) return Object.freeze(good);
    context.addIssue(`must be a list of at most 1000 of ${what}`);
    return z.NEVER;
  });
}

function tryParseHttpUrl(value: string): string | undefined {
  if (!URL.canParse(value.trim())) return undefined;
  const url = new URL(value.trim());
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href.replace(/\/$/, '') : undefined;
}

function tryParseCount(value: string): number | undefined {
  return /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
}

function numeric(
  tryParse: (value: string) => number | undefined,
  min: number,
  max: number,
  format: (value: number) => string,
  what: string,
): z.ZodType<number> {
  return z.unknown().transform((value, context): number => {
    const number = typeof value === 'string' ? tryParse(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
    context.addIssue(`must be ${what} from ${format(min)} to ${format(max)}`);
    return z.NEVER;
  });
}

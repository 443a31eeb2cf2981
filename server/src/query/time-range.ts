import type { TimeRange } from '../store/span-store.ts';
import { QueryError } from './query-error.ts';

/** A range without start begins this long before its end. */
export const DEFAULT_RANGE_NANO = 3_600_000_000_000n;
const MAX_UNIX_NANO = 2n ** 64n - 1n;

/**
 * The half-open range of a request. Missing: until now, from one hour before the end.
 * @throws QueryError QUERY_TIME_INVALID, QUERY_RANGE_EMPTY
 */
export function parseTimeRange(start: string | undefined, end: string | undefined, nowUnixMs: number): TimeRange {
  const toUnixNano = parseTime(end ?? 'now', nowUnixMs, 'end');
  const before = toUnixNano > DEFAULT_RANGE_NANO ? toUnixNano - DEFAULT_RANGE_NANO : 0n;
  const fromUnixNano = start === undefined ? before : parseTime(start, nowUnixMs, 'start');
  if (fromUnixNano >= toUnixNano) {
    throw new QueryError(
      'QUERY_RANGE_EMPTY',
      `time range: start '${shown(start ?? '')}' (${fromUnixNano} ns) is not before end '${shown(end ?? 'now')}' ` +
        `(${toUnixNano} ns). ` +
        'Exchange them, or leave one out.',
    );
  }
  return { fromUnixNano, toUnixNano };
}

/**
 * A point in time as unsigned nanoseconds since 1970: RFC 3339 (`2026-11-20T10:00:00.123456789Z`), Unix seconds,
 * milliseconds, microseconds or nanoseconds, or relative (`now`, `now-1h30m`, `now+5m`).
 * @param name of the parameter, for the error
 * @throws QueryError QUERY_TIME_INVALID
 */
export function parseTime(text: string, nowUnixMs: number, name: string): bigint {
  const unixNano = tryUnix(text) ?? tryRelative(text, nowUnixMs) ?? tryRfc3339(text);
  if (unixNano === undefined) {
    throw new QueryError(
      'QUERY_TIME_INVALID',
      `${name}: '${shown(text)}' is not a time. ` +
        "Write RFC 3339 ('2026-11-20T10:00:00Z'), Unix s, ms, µs or ns, or relative ('now-1h').",
    );
  }
  if (unixNano < 0n || unixNano > MAX_UNIX_NANO) {
    throw new QueryError(
      'QUERY_TIME_INVALID',
      `${name}: '${shown(text)}' is outside 1970 to 2554. Write a later or earlier time.`,
    );
  }
  return unixNano;
}

/** As much of what was sent as helps. */
function shown(text: string): string {
  return text.slice(0, 64);
}

/** Below the first bound seconds (until the year 5138), then ms, then µs, above all ns (from 1973 on). */
const MAGNITUDES: readonly { readonly below: bigint; readonly nano: bigint }[] = [
  { below: 100_000_000_000n, nano: 1_000_000_000n },
  { below: 100_000_000_000_000n, nano: 1_000_000n },
  { below: 100_000_000_000_000_000n, nano: 1_000n },
];

function tryUnix(text: string): bigint | undefined {
  const match = /^(\d{1,20})(?:\.(\d{1,9})\d*)?$/.exec(text);
  if (match === null) return undefined;
  const whole = BigInt(match[1]);
  const nano = MAGNITUDES.find(({ below }) => whole < below)?.nano ?? 1n;
  return whole * nano + (fractionNano(match[2]) * nano) / 1_000_000_000n;
}

const UNIT_NANO: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
  w: 604_800_000_000_000n,
};

function tryRelative(text: string, nowUnixMs: number): bigint | undefined {
  const match = /^now(?:([+-])((?:\d{1,9}(?:ns|us|µs|ms|s|m|h|d|w))+))?$/.exec(text);
  if (match === null) return undefined;
  const now = BigInt(Math.round(nowUnixMs)) * 1_000_000n;
  let offset = 0n;
  for (const [, amount, unit] of (match[2] ?? '').matchAll(/(\d+)([a-zµ]+)/g))
    offset += BigInt(amount) * UNIT_NANO[unit];
  return match[1] === '-' ? now - offset : now + offset;
}

/** RFC 3339 §5.6, with a space allowed for the T, and seconds and zone optional (UTC): as people type it. */
const RFC3339 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?(?:([Zz])|([+-])(\d\d):(\d\d))?)?$/;

function tryRfc3339(text: string): bigint | undefined {
  const match = RFC3339.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((part) => Number(part ?? 0));
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC lets the 31st of February pass, and reads the years 0 to 99 as 1900 to 1999.
  const isReal =
    date.getUTCFullYear() === year &&
    date.getUTCMonth() === month - 1 &&
    date.getUTCDate() === day &&
    date.getUTCHours() === hour &&
    date.getUTCMinutes() === minute;
  const zoneMinutes = Number(match[10] ?? 0) * 60 + Number(match[11] ?? 0);
  if (!isReal || second > 60 || zoneMinutes >= 24 * 60) return undefined;
  const unixMs = date.getTime() - (match[9] === '-' ? -zoneMinutes : zoneMinutes) * 60_000;
  return BigInt(unixMs) * 1_000_000n + fractionNano(match[7]);
}

/** Decimals of a second as nanoseconds. */
function fractionNano(digits: string | undefined): bigint {
  return BigInt((digits ?? '').padEnd(9, '0'));
}

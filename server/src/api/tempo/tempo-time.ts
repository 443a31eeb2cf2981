import { DEFAULT_RANGE_NANO, parseTime } from '../../query/time-range.ts';
import type { TimeRange } from '../../store/span-store.ts';
import { tryGoDuration } from './go-duration.ts';
import { badTempoRequest } from './tempo-error.ts';

const NANO_PER_SECOND = 1_000_000_000n;
const SECONDS = /^\d{1,10}$/;
const UNSIGNED = /^\d{11,20}$/;

/** Whole seconds since 1970, 0 for absent. @throws ApiError 400 */
export function parseSeconds(text: string | undefined, name: string): number {
  if (text === undefined || text === '') return 0;
  if (SECONDS.test(text) && Number(text) < 2 ** 32) return Number(text);
  throw badTempoRequest(`invalid ${name}: '${text.slice(0, 40)}' is not a time in whole seconds since 1970.`);
}

/**
 * The range of a search. Without start and end: the last `defaultNano`.
 * @param startSeconds since 1970, 0 for absent
 * @throws ApiError 400 when only one is given, or end is not after start
 */
export function secondsRange(
  startSeconds: number,
  endSeconds: number,
  nowUnixMs: number,
  defaultNano = DEFAULT_RANGE_NANO,
): TimeRange {
  if (startSeconds === 0 && endSeconds === 0) {
    const toUnixNano = BigInt(nowUnixMs) * 1_000_000n;
    return { fromUnixNano: toUnixNano - defaultNano, toUnixNano };
  }
  if (endSeconds <= startSeconds) {
    throw badTempoRequest(
      `http parameter start must be before end: start=${startSeconds} end=${endSeconds}. Give both or neither.`,
    );
  }
  return { fromUnixNano: BigInt(startSeconds) * NANO_PER_SECOND, toUnixNano: BigInt(endSeconds) * NANO_PER_SECOND };
}

/**
 * The range of metrics: times are seconds of at most ten digits, nanoseconds, decimal seconds or RFC 3339; without
 * start, `since` (one hour by default) before the end.
 * @throws ApiError 400, QueryError
 */
export function metricsRange(
  start: string | undefined,
  end: string | undefined,
  since: string | undefined,
  nowUnixMs: number,
): TimeRange {
  const toUnixNano = end === undefined ? BigInt(nowUnixMs) * 1_000_000n : metricsTime(end, nowUnixMs, 'end');
  const fromUnixNano = start === undefined ? toUnixNano - sinceNano(since) : metricsTime(start, nowUnixMs, 'start');
  if (fromUnixNano < 0n || fromUnixNano >= toUnixNano) {
    throw badTempoRequest(`start must be before end: ${fromUnixNano} ns is not before ${toUnixNano} ns.`);
  }
  return { fromUnixNano, toUnixNano };
}

function metricsTime(text: string, nowUnixMs: number, name: string): bigint {
  return UNSIGNED.test(text) ? BigInt(text) : parseTime(text, nowUnixMs, name);
}

function sinceNano(since: string | undefined): bigint {
  if (since === undefined) return DEFAULT_RANGE_NANO;
  const nano = tryGoDuration(since);
  if (nano === undefined || nano <= 0n) {
    throw badTempoRequest(`invalid since: '${since.slice(0, 40)}' is not a duration such as 1h or 30m.`);
  }
  return nano;
}

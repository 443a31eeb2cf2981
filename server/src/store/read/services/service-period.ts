import type { ServicesRequest } from '../../span-store.ts';

export const MINUTE_NANO = 60_000_000_000n;
const SECOND_NANO = 1e9;
/** The last minute whose nanoseconds are a signed 64-bit number. */
const LAST_MINUTE = (2n ** 63n - 1n) / MINUTE_NANO;

/**
 * The asked range widened to whole minutes, as span_minutes has them: a span belongs to it with
 * originUnixNano < start ≤ endUnixNano. The period before is as long and ends at the origin.
 */
export interface Period {
  readonly originUnixNano: bigint;
  readonly endUnixNano: bigint;
  /** Minutes since 1970, exclusive and inclusive. */
  readonly originMinute: bigint;
  readonly endMinute: bigint;
  readonly beforeMinute: bigint;
  readonly stepMinutes: bigint;
  readonly pointCount: number;
  /** Seconds of the period, and of each bucket, that have passed; at least one of the period. */
  readonly seconds: number;
  readonly bucketSeconds: readonly number[];
  readonly beforeSeconds: number;
}

export function periodOf({ range, nowUnixNano, points }: ServicesRequest): Period {
  const clamp = (minute: bigint): bigint => (minute > LAST_MINUTE ? LAST_MINUTE : minute);
  const endMinute = clamp((range.toUnixNano + MINUTE_NANO - 1n) / MINUTE_NANO);
  const wanted = clamp(range.fromUnixNano / MINUTE_NANO);
  const originMinute = wanted < endMinute ? wanted : endMinute - 1n;
  const minutes = endMinute - originMinute;
  const stepMinutes = (minutes + BigInt(points) - 1n) / BigInt(points);
  const pointCount = Number((minutes + stepMinutes - 1n) / stepMinutes);
  const passedUntil = (unixNano: bigint): bigint => (unixNano < nowUnixNano ? unixNano : nowUnixNano);
  const secondsBetween = (from: bigint, to: bigint): number =>
    Math.max(0, Number(passedUntil(to * MINUTE_NANO) - from * MINUTE_NANO) / SECOND_NANO);
  const before = originMinute - minutes;
  return {
    originUnixNano: originMinute * MINUTE_NANO,
    endUnixNano: endMinute * MINUTE_NANO,
    originMinute,
    endMinute,
    beforeMinute: before > 0n ? before : 0n,
    stepMinutes,
    pointCount,
    seconds: Math.max(1, secondsBetween(originMinute, endMinute)),
    bucketSeconds: Array.from({ length: pointCount }, (_, i) => {
      const from = originMinute + BigInt(i) * stepMinutes;
      const to = from + stepMinutes < endMinute ? from + stepMinutes : endMinute;
      return secondsBetween(from, to);
    }),
    beforeSeconds: Number((originMinute - (before > 0n ? before : 0n)) * 60n),
  };
}

import { NO_PARENT_SQL } from '../../sql/intrinsic-branches.ts';
import { SPAN_WEIGHT_SQL } from '../../sql/span-weight.ts';
import { startBetween } from '../../sql/start-range.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { MINUTE_NANO } from './service-period.ts';

/** Requests of a service, in the columns of `minuteSource`: kind server or consumer, or a root. */
export const IS_REQUEST_MINUTE = '(kind IN (2, 5) OR is_root)';
/** The same of spans. */
export const IS_REQUEST_SPAN = `(kind IN (2, 5) OR ${NO_PARENT_SQL})`;
/** Status "error" of OTLP. */
export const IS_ERROR = 'status = 2';

export interface MinuteRange {
  /** Exclusive and inclusive. */
  readonly fromMinute: bigint;
  readonly toMinute: bigint;
  /** Where the sums a minute lack what was stored before they were kept. */
  readonly fromSpans: boolean;
}

/**
 * FROM … WHERE … with the columns minute, service, name, kind, status, is_root, spans, weight and duration_weighted:
 * the sums a minute, or the spans.
 */
export function minuteSource(
  scope: TenantScope,
  { fromMinute, toMinute, fromSpans }: MinuteRange,
  conditions: readonly string[] = [],
): string {
  const { parameters } = scope;
  if (!fromSpans) {
    const inRange = `minute > ${parameters.int64(fromMinute)} AND minute <= ${parameters.int64(toMinute)}`;
    return scope.from('span_minutes', [inRange, ...conditions]);
  }
  const inRange = spansBetween(scope, fromMinute * MINUTE_NANO, toMinute * MINUTE_NANO);
  return (
    `FROM (SELECT toUInt32(intDiv(toUnixTimestamp64Nano(start) - 1, ${MINUTE_NANO}) + 1) AS minute, service, name, kind, ` +
    `status, ${NO_PARENT_SQL} AS is_root, toUInt64(1) AS spans, ${SPAN_WEIGHT_SQL} AS weight, ` +
    `weight * toFloat64(duration) AS duration_weighted ${scope.from('spans', [inRange, ...conditions])})`
  );
}

/** `origin < start ≤ end`. */
export function spansBetween({ parameters }: TenantScope, originUnixNano: bigint, endUnixNano: bigint): string {
  return startBetween(originUnixNano + 1n, endUnixNano, parameters);
}

/** Whether the sums a minute lack spans that were stored before they were kept. */
export async function lacksMinutes(runner: StatementRunner, tenant: string, fromUnixNano: bigint): Promise<boolean> {
  const scope = new TenantScope(tenant);
  const rows = await runner.rows<{ since: string }>(
    scope.statement(`SELECT toString(max(newest_start_unix_nano)) AS since ${scope.from('span_minutes_since')}`),
    {},
    'since when there are sums a minute',
  );
  return fromUnixNano < BigInt(rows[0]?.since ?? 0);
}

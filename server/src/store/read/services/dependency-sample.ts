import type { TimeRange } from '../../span-store.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { lacksMinutes, minuteSource } from './minute-source.ts';
import { MAX_DEPENDENCY_READ_SPANS, MAX_DEPENDENCY_SPANS } from './service-limits.ts';
import { MINUTE_NANO, type Period } from './service-period.ts';

export interface DependencyLimits {
  readonly maxReadSpans: number;
  readonly maxSpans: number;
}

export const DEPENDENCY_LIMITS: DependencyLimits = {
  maxReadSpans: MAX_DEPENDENCY_READ_SPANS,
  maxSpans: MAX_DEPENDENCY_SPANS,
};

/** Which spans dependencies are read of: those of a share of the traces, in the newest part of the range. */
export interface DependencySample {
  /** Starts: exclusive and inclusive. */
  readonly originUnixNano: bigint;
  readonly endUnixNano: bigint;
  readonly isShortened: boolean;
  /** More than 0, at most 1. */
  readonly share: number;
}

export async function loadDependencySample(
  runner: StatementRunner,
  tenant: string,
  period: Period,
  limits: DependencyLimits,
): Promise<DependencySample> {
  const fromSpans = await lacksMinutes(runner, tenant, period.originUnixNano);
  const scope = new TenantScope(tenant);
  const range = { fromMinute: period.originMinute, toMinute: period.endMinute, fromSpans };
  const rows = await runner.rows<{ minute: number; stored: number }>(
    scope.statement(
      `SELECT minute, toFloat64(sum(spans)) AS stored ${minuteSource(scope, range)} GROUP BY minute ORDER BY minute DESC`,
    ),
    {},
    'spans a minute',
  );
  let read = 0;
  let origin = period.originMinute;
  for (const { minute, stored } of rows) {
    if (read > 0 && read + stored > limits.maxReadSpans) {
      origin = BigInt(minute);
      break;
    }
    read += stored;
  }
  return {
    originUnixNano: origin * MINUTE_NANO,
    endUnixNano: period.endUnixNano,
    isShortened: origin > period.originMinute,
    share: read <= limits.maxSpans ? 1 : limits.maxSpans / read,
  };
}

const HASH_RANGE = 2 ** 32;

/** Conditions on spans: of the traces in the sample. */
export function inDependencySample({ share }: DependencySample): readonly string[] {
  if (share === 1) return [];
  return [`bitAnd(cityHash64(trace_id), ${HASH_RANGE - 1}) < ${Math.round(share * HASH_RANGE)}`];
}

/** A parent may have begun before the range, and an answer to a call after it; nanoseconds. */
const MARGIN_NANO = 600_000_000_000n;

export function withMargin({ originUnixNano, endUnixNano }: DependencySample): TimeRange {
  return {
    fromUnixNano: originUnixNano > MARGIN_NANO ? originUnixNano - MARGIN_NANO : 0n,
    toUnixNano: endUnixNano + MARGIN_NANO,
  };
}

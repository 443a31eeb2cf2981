/** Facts about a span's whole trace, as conditions on `trace_id`. */
import type { TraceId } from '@clew/model';
import type { Intrinsic } from '@clew/traceql';
import type { TimeRange } from '../span-store.ts';
import { NO_PARENT_SQL } from './intrinsic-branches.ts';
import { startInRange } from './start-range.ts';
import type { TenantScope } from './tenant-scope.ts';
import { traceIdIn } from './trace-id-in.ts';
import type { ValueBranch } from './value-branch.ts';

/**
 * How far outside the searched range the rest of a trace is looked for: roots and trace durations of traces that
 * began more than this before the range, or went on more than this after it, are not seen. One hour.
 */
export const TRACE_SLACK_NANO = 3_600_000_000_000n;

export type TraceIntrinsic = 'traceDuration' | 'rootName' | 'rootServiceName';

export function isTraceIntrinsic(intrinsic: Intrinsic): intrinsic is TraceIntrinsic {
  return intrinsic === 'traceDuration' || intrinsic === 'rootName' || intrinsic === 'rootServiceName';
}

/** Which traces the look-up may be about: those of a range, or, where they are known, these. */
export interface TraceFactContext {
  readonly scope: TenantScope;
  readonly range: TimeRange;
  readonly traceIds?: readonly TraceId[];
}

/** Of several spans without parent the first by this is the root. */
export const ROOT_ORDER_SQL = '(start, span_id, name, service)';

export interface TraceFact {
  /** The fact as a value of a group of rows of one trace. */
  readonly branch: ValueBranch;
  /** @param condition on the branch's value; undefined: every trace that has the fact. */
  tracesWhere(condition: string | undefined): string;
}

export function traceFact(intrinsic: TraceIntrinsic, context: TraceFactContext): TraceFact {
  if (intrinsic === 'traceDuration') {
    return {
      // Latest end - earliest start.
      branch: {
        type: 'number',
        label: 'int',
        value: 'max(last_end_unix_nano) - min(first_start_unix_nano)',
      },
      tracesWhere: (condition) => tracesIn(timesSource(context), condition),
    };
  }
  const column = intrinsic === 'rootName' ? 'name' : 'service';
  return {
    branch: { type: 'string', label: 'string', value: `argMin(${column}, ${ROOT_ORDER_SQL})` },
    tracesWhere: (condition) => tracesIn(rootsSource(context), condition),
  };
}

function tracesIn(source: string, condition: string | undefined): string {
  const having = condition === undefined ? '' : ` HAVING ${condition}`;
  return `trace_id IN (SELECT trace_id ${source} GROUP BY trace_id${having})`;
}

function timesSource({ scope, range, traceIds }: TraceFactContext): string {
  const { parameters } = scope;
  if (traceIds !== undefined) return scope.from('trace_times', [traceIdIn(traceIds, parameters)]);
  const { fromUnixNano, toUnixNano } = widened(range);
  return scope.from('trace_times', [
    `last_start_unix_nano >= ${parameters.int64(fromUnixNano)}`,
    `first_start_unix_nano < ${parameters.int64(toUnixNano)}`,
  ]);
}

function rootsSource({ scope, range, traceIds }: TraceFactContext): string {
  const conditions = [startInRange(widened(range), scope.parameters), NO_PARENT_SQL];
  if (traceIds !== undefined) conditions.push(traceIdIn(traceIds, scope.parameters));
  return scope.from('spans', conditions);
}

export function widened({ fromUnixNano, toUnixNano }: TimeRange): TimeRange {
  return {
    fromUnixNano: fromUnixNano > TRACE_SLACK_NANO ? fromUnixNano - TRACE_SLACK_NANO : 0n,
    toUnixNano: toUnixNano + TRACE_SLACK_NANO < MAX_TIME ? toUnixNano + TRACE_SLACK_NANO : MAX_TIME,
  };
}

/** The year 2262, where the column's signed nanoseconds end. */
const MAX_TIME = 2n ** 63n - 1n;

/** Facts about a span's whole trace, as conditions on `trace_id` and as values. */
import type { Intrinsic } from '@clew/traceql';
import type { CompileContext } from './compile-context.ts';
import { NO_PARENT_SQL } from './intrinsic-branches.ts';
import { constantTable } from './lookups.ts';
import type { TypedValue } from './typed-value.ts';
import type { ValueBranch } from './value-branch.ts';
import { spansOfTraces, timesOfTraces } from './whole-traces.ts';

export type TraceIntrinsic = 'traceDuration' | 'rootName' | 'rootServiceName';

export function isTraceIntrinsic(intrinsic: Intrinsic): intrinsic is TraceIntrinsic {
  return intrinsic === 'traceDuration' || intrinsic === 'rootName' || intrinsic === 'rootServiceName';
}

/** Of several spans without parent the first by this is the root. */
export const ROOT_ORDER_SQL = '(start, span_id, name, service)';

export interface TraceFact {
  /** The fact as a value of a group of rows of one trace. */
  readonly branch: ValueBranch;
  /** @param condition on the branch's value; undefined: every trace that has the fact. */
  tracesWhere(condition: string | undefined): string;
}

export function traceFact(intrinsic: TraceIntrinsic, context: CompileContext): TraceFact {
  const branch = BRANCHES[intrinsic];
  const source = (): string => factSource(intrinsic, context);
  return {
    branch,
    tracesWhere(condition) {
      const having = condition === undefined ? '' : ` HAVING ${condition}`;
      return `trace_id IN (SELECT trace_id ${source()} GROUP BY trace_id${having})`;
    },
  };
}

/** The fact as a value in a row of `spans`: a constant table of the traces of the range. */
export function traceFactValue(intrinsic: TraceIntrinsic, context: CompileContext): TypedValue {
  const { value, label } = BRANCHES[intrinsic];
  const rows = `SELECT trace_id AS known, ${value} AS found ${factSource(intrinsic, context)} GROUP BY trace_id`;
  const column = constantTable('trace_id', rows);
  const isDuration = intrinsic === 'traceDuration';
  return {
    columns: { [label]: column },
    exists: isDuration ? 'true' : `isNotNull(${column})`,
    ...(isDuration && { isDuration }),
  };
}

const BRANCHES: Readonly<Record<TraceIntrinsic, ValueBranch & { readonly label: 'string' | 'int' }>> = {
  // Latest end - earliest start.
  traceDuration: { type: 'number', label: 'int', value: 'max(last_end_unix_nano) - min(first_start_unix_nano)' },
  rootName: { type: 'string', label: 'string', value: `argMin(name, ${ROOT_ORDER_SQL})` },
  rootServiceName: { type: 'string', label: 'string', value: `argMin(service, ${ROOT_ORDER_SQL})` },
};

function factSource(intrinsic: TraceIntrinsic, context: CompileContext): string {
  if (intrinsic === 'traceDuration') return timesOfTraces(context);
  return `FROM (${spansOfTraces('trace_id, start, span_id, name, service', NO_PARENT_SQL, context)})`;
}

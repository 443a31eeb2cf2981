import type { FieldExpression } from '@clew/traceql';
import type { MatchTotals } from '../../span-order.ts';
import type { Read, TimeRange } from '../../span-store.ts';
import { compileFilter } from '../../sql/compile-filter.ts';
import { startInRange } from '../../sql/start-range.ts';
import { TenantScope } from '../../sql/tenant-scope.ts';
import { loadAttributeTypes } from '../load-attribute-types.ts';
import { type StatementRunner, tryLimitReason } from '../statement-runner.ts';

/** Traces up to this number are counted one by one; above, their number is estimated. */
export const MAX_TRACES_COUNTED = 10_000;

interface TotalsRow {
  readonly spans: string;
  readonly errors: string;
  readonly counted: string;
  readonly estimated: string;
}

/** How much satisfies a filter, in one statement in bounded memory; undefined where a limit stopped it. */
export async function loadMatchTotals(
  runner: StatementRunner,
  tenant: string,
  filter: FieldExpression,
  range: TimeRange,
): Promise<Read<MatchTotals | undefined>> {
  try {
    const types = await loadAttributeTypes(runner, tenant, filter);
    const scope = new TenantScope(tenant);
    const source = scope.from('spans', [
      startInRange(range, scope.parameters),
      compileFilter(filter, { scope, range, types }),
    ]);
    const rows = await runner.rows<TotalsRow>(
      scope.statement(
        'SELECT toString(count()) AS spans, toString(countIf(status = 2)) AS errors, ' +
          // Parameters of functions: numbers in the text.
          `toString(length(groupUniqArray(${MAX_TRACES_COUNTED + 1})(trace_id))) AS counted, ` +
          `toString(uniqCombined64(trace_id)) AS estimated ${source}`,
      ),
      {},
      'how much matches',
    );
    const [row] = rows;
    if (row === undefined) return { value: undefined, statistics: runner.statistics() };
    const isTraceCountExact = Number(row.counted) <= MAX_TRACES_COUNTED;
    const value = {
      spanCount: Number(row.spans),
      errorCount: Number(row.errors),
      traceCount: Number(isTraceCountExact ? row.counted : row.estimated),
      isTraceCountExact,
    };
    return { value, statistics: runner.statistics() };
  } catch (error) {
    const reason = tryLimitReason(error);
    if (reason === undefined) throw error;
    return { value: undefined, statistics: runner.statistics(reason) };
  }
}

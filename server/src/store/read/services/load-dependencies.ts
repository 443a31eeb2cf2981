import type { DependenciesAnswer, DependencyEdge, DependencyNode } from '@clew/contract';
import type { DependenciesRequest } from '../../span-store.ts';
import type { TenantStatement } from '../../sql/tenant-scope.ts';
import type { StatementRunner } from '../statement-runner.ts';
import { DEPENDENCY_LIMITS, type DependencyLimits, loadDependencySample } from './dependency-sample.ts';
import { deliveries, peerCalls, serviceCalls } from './dependency-statements.ts';
import { readQuantiles } from './latency-columns.ts';
import { MAX_EDGES } from './service-limits.ts';
import { periodOf } from './service-period.ts';
import { WithinLimits } from './within-limits.ts';

const SECOND_NANO = 1e9;

/** Who calls whom: from parents and children of different services, and from calls that nobody else tells of. */
export async function loadDependencies(
  runner: StatementRunner,
  tenant: string,
  request: DependenciesRequest,
  limits: DependencyLimits = DEPENDENCY_LIMITS,
): Promise<DependenciesAnswer> {
  const period = periodOf({ ...request, points: 1 });
  const sample = await loadDependencySample(runner, tenant, period, limits);
  const passed = [request.nowUnixNano, sample.endUnixNano].map((end) => Number(end - sample.originUnixNano));
  const seconds = Math.max(1, Math.min(...passed) / SECOND_NANO);
  const within = new WithinLimits();
  // One after the other: a join takes much memory.
  const found: EdgeRow[] = [];
  for (const [statement, name] of [
    [serviceCalls(tenant, sample), 'calls between services'],
    [peerCalls(tenant, sample), 'calls of what sends no spans'],
    [deliveries(tenant, sample), 'deliveries'],
  ] as const) {
    found.push(...(await within.try(name, loadRows(runner, statement, name), [])));
  }
  const edges = found
    .map((row) => edgeOf(row, sample.share, seconds))
    .sort((a, b) => b.calls - a.calls || (edgeKey(a) < edgeKey(b) ? -1 : 1));
  return {
    startUnixNano: sample.originUnixNano.toString(),
    endUnixNano: sample.endUnixNano.toString(),
    seconds,
    isShortened: sample.isShortened,
    traceShare: sample.share,
    edges: edges.slice(0, MAX_EDGES),
    hasMore: edges.length > MAX_EDGES,
    statistics: runner.statistics(within.reason),
  };
}

interface EdgeRow {
  readonly callerKind: DependencyNode['kind'];
  readonly caller: string;
  readonly calleeKind: DependencyNode['kind'];
  readonly callee: string;
  readonly calls: number;
  readonly errors: number;
  readonly seen: number;
  readonly quantiles: readonly number[];
  readonly example: string;
}

function loadRows(runner: StatementRunner, statement: TenantStatement, name: string): Promise<readonly EdgeRow[]> {
  return runner.rows<EdgeRow>(statement, {}, name);
}

function edgeOf(row: EdgeRow, share: number, seconds: number): DependencyEdge {
  const calls = row.calls / share;
  return {
    caller: { kind: row.callerKind, name: row.caller },
    callee: { kind: row.calleeKind, name: row.callee },
    calls,
    errors: row.errors / share,
    rate: calls / seconds,
    ...readQuantiles(row.quantiles),
    measuredAt: row.calleeKind === 'service' ? 'callee' : 'caller',
    seen: row.seen,
    exampleTraceId: row.example,
  };
}

function edgeKey({ caller, callee }: DependencyEdge): string {
  return [caller.kind, caller.name, callee.kind, callee.name].join('\0');
}

import { FLAG_ERROR, NO_PARENT } from '@clew/model';
import { type CriticalSections, criticalTimeOf } from '../../timeline/critical-path.ts';
import type { TraceModel } from '../../timeline/trace-model.ts';

export interface ServiceNode {
  /** Index in the columns' services. */
  readonly service: number;
  spanCount: number;
  errorCount: number;
  /** Nanoseconds. */
  selfTime: number;
}

/** Calls from one service to another. */
export interface ServiceCalls {
  readonly from: number;
  readonly to: number;
  count: number;
  errorCount: number;
  /** Nanoseconds: sum of the called spans' durations. */
  total: number;
  /** Nanoseconds of the critical path in the called service until it calls a further one. */
  critical: number;
  /** Row of the longest call. */
  longestRow: number;
}

export interface TraceGraph {
  readonly nodes: readonly ServiceNode[];
  /** The most critical first, then the longest. */
  readonly calls: readonly ServiceCalls[];
}

const NO_CALL = -1;

/** Services of a trace and their calls: one pass over the rows. */
export function buildTraceGraph(trace: TraceModel, critical: CriticalSections | undefined): TraceGraph {
  const { columns, selfTime } = trace;
  const { spanCount, parent, service, duration, flags, services } = columns;
  const nodes = services.map((_, index): ServiceNode => ({ service: index, spanCount: 0, errorCount: 0, selfTime: 0 }));
  const calls: ServiceCalls[] = [];
  const known = new Map<number, number>();
  /** By row: the call through which its service was entered. */
  const entry = new Int32Array(spanCount).fill(NO_CALL);
  for (let row = 0; row < spanCount; row++) {
    const own = service[row];
    const isError = (flags[row] & FLAG_ERROR) !== 0;
    const node = nodes[own];
    node.spanCount++;
    node.selfTime += selfTime[row];
    if (isError) node.errorCount++;
    const up = parent[row];
    if (up === NO_PARENT) continue;
    if (service[up] === own) {
      entry[row] = entry[up];
      continue;
    }
    const key = service[up] * services.length + own;
    let index = known.get(key);
    if (index === undefined) {
      const call = { from: service[up], to: own, count: 0, errorCount: 0, total: 0, critical: 0, longestRow: row };
      index = calls.push(call) - 1;
      known.set(key, index);
    }
    const call = calls[index];
    call.count++;
    call.total += duration[row];
    if (isError) call.errorCount++;
    if (duration[row] > duration[call.longestRow]) call.longestRow = row;
    entry[row] = index;
  }
  addCritical(calls, entry, critical);
  calls.sort((a, b) => b.critical - a.critical || b.total - a.total || a.from - b.from || a.to - b.to);
  return { nodes: nodes.filter((node) => node.spanCount > 0), calls };
}

function addCritical(calls: ServiceCalls[], entry: Int32Array, critical: CriticalSections | undefined): void {
  if (critical === undefined) return;
  for (let at = 0; at < critical.row.length; at++) {
    const row = critical.row[at];
    // Sections are sorted by row: each row is summed up once, at its first.
    if (at > 0 && critical.row[at - 1] === row) continue;
    if (entry[row] !== NO_CALL) calls[entry[row]].critical += criticalTimeOf(critical, row);
  }
}

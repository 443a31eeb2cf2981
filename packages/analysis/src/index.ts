/** Trace → insight: tree order, depths, self times, the critical path. Pure; the server and the browser run it. */
export { type CriticalPath, criticalPath } from './critical-path.ts';
export { type FlameLanes, flameLanes } from './flame-lanes.ts';
export { type MergedFlame, mergedFlame } from './merged-flame.ts';
export { groupSpans, type SpanGroup, type SpanGrouping } from './span-groups.ts';
export { buildTraceColumns, type UnorderedSpans } from './trace-tree.ts';
export { depthsOf, selfTimes, subtreeEnds } from './tree-measures.ts';

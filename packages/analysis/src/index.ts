/** Trace → insight: tree order, depths, self times, the critical path. Pure; the server and the browser run it. */

export {
  type ClockSkew,
  detectClockSkew,
  SKEW_AFTER_CALL,
  SKEW_BEFORE_PARENT,
  SKEW_NEGATIVE,
  SKEW_NONE,
} from './clock-skew.ts';
export { type ComparedColumns, type ComparedSide, type ComparedTraces, compareTraces } from './compare-traces.ts';
export { type CriticalPath, criticalPath } from './critical-path.ts';
export { type FlameLanes, flameLanes } from './flame-lanes.ts';
export { type MergedPath, type MergedTraces, type MergeSide, type PathFigures, TraceMerger } from './merge-traces.ts';
export { type MergedFlame, mergedFlame } from './merged-flame.ts';
export {
  CHANGE_COUNT,
  CHANGE_FASTER,
  CHANGE_NONE,
  CHANGE_ONLY_A,
  CHANGE_ONLY_B,
  CHANGE_SLOWER,
  LEAST_RELATIVE_CHANGE,
  LEAST_SHARE_OF_TRACE,
  type NodeChanges,
  nodeChanges,
} from './node-changes.ts';
export { CHANCE_OF_NONE, STANDARD_ERRORS } from './path-change.ts';
export { type AttributeRanking, type RankedAttribute, rankAttributes, type ValueCounts } from './rank-attributes.ts';
export { type ShiftedTrace, shiftTrace } from './shift-trace.ts';
export { heaviestSiblingsFirst } from './sibling-order.ts';
export { groupSpans, type SpanGroup, type SpanGrouping } from './span-groups.ts';
export { buildTraceColumns, type UnorderedSpans } from './trace-tree.ts';
export { depthsOf, selfTimes, subtreeEnds } from './tree-measures.ts';

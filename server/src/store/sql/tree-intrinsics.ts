/** Intrinsics of a span's place in the tree of its trace. A row says only whether the span is a root. */
import type { ComparisonOperator, Intrinsic, Static } from '@clew/traceql';
import { compareStatics } from '@clew/traceql/compare-statics';
import { type Condition, exactly, UNKNOWN } from './condition.ts';
import { NO_PARENT_SQL } from './intrinsic-branches.ts';

export type TreeIntrinsic = 'nestedSetLeft' | 'nestedSetRight' | 'nestedSetParent' | 'span:childCount';

/** The least and the greatest value. */
type Bounds = readonly [least: bigint, greatest: bigint];

const MOST = 2n ** 31n - 1n;

/** Roots are numbered from 1; spans that no root leads to have 0 everywhere. */
const BOUNDS: Readonly<Record<TreeIntrinsic, { readonly root: Bounds; readonly other: Bounds }>> = {
  nestedSetLeft: { root: [1n, MOST], other: [0n, MOST] },
  nestedSetRight: { root: [2n, MOST], other: [0n, MOST] },
  nestedSetParent: { root: [-1n, -1n], other: [0n, MOST] },
  'span:childCount': { root: [0n, MOST], other: [0n, MOST] },
};

export function isTreeIntrinsic(intrinsic: Intrinsic): intrinsic is TreeIntrinsic {
  return intrinsic in BOUNDS;
}

/** As far as a row says it: `nestedSetParent < 0` exactly, most others from one side or not at all. */
export function treeCondition(intrinsic: TreeIntrinsic, operator: ComparisonOperator, literal: Static): Condition {
  const { root, other } = BOUNDS[intrinsic];
  const ofRoot = decide(root, operator, literal);
  const ofOther = decide(other, operator, literal);
  if (ofRoot === ofOther) return ofRoot === undefined ? UNKNOWN : exactly(String(ofRoot));
  const bound = (open: boolean): string => {
    const [isRoot, isOther] = [ofRoot ?? open, ofOther ?? open];
    if (isRoot === isOther) return String(isRoot);
    return isRoot ? `(${NO_PARENT_SQL})` : `(NOT ${NO_PARENT_SQL})`;
  };
  return { necessary: bound(true), sufficient: bound(false) };
}

/** Whether every integer between the bounds compares so, or none; undefined when it depends. */
function decide([least, greatest]: Bounds, operator: ComparisonOperator, literal: Static): boolean | undefined {
  const holds = (value: bigint): boolean => compareStatics(operator, { type: 'int', value }, literal);
  if (operator !== '=' && operator !== '!=') {
    const isTrue = holds(least);
    return isTrue === holds(greatest) ? isTrue : undefined;
  }
  const isAbove = compareStatics('<', literal, { type: 'int', value: least });
  const isBelow = compareStatics('>', literal, { type: 'int', value: greatest });
  if (isAbove || isBelow) return operator === '!=';
  return least === greatest ? holds(least) : undefined;
}

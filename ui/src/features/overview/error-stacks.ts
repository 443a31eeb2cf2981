import type { FoundAttribute, MetricsAnswer } from '@clew/contract';
import { text } from '../../text/catalogue.ts';
import { attributeValue } from '../series/series-label.ts';

/** Groups that have a colour of their own; the others are added up. */
export const MAX_STACKS = 8;

export interface ErrorStack {
  /** Values of what the errors are told apart by; empty for all the others together. */
  readonly labels: readonly FoundAttribute[];
  readonly values: Float64Array;
  readonly total: number;
  /** How many groups are in it: one, or those that are added up. */
  readonly groups: number;
}

/** Groups of errors, the largest first, what is left together last. */
export function errorStacks({ series, pointCount }: MetricsAnswer): readonly ErrorStack[] {
  const stacks = series
    .map(({ labels, values }): ErrorStack => {
      const numbers = Float64Array.from({ length: pointCount }, (_, at) => values[at] ?? 0);
      return { labels, values: numbers, total: numbers.reduce((a, b) => a + b, 0), groups: 1 };
    })
    .filter(({ total }) => total > 0)
    .sort((a, b) => b.total - a.total);
  if (stacks.length <= MAX_STACKS) return stacks;
  const rest = stacks.slice(MAX_STACKS - 1);
  const values = new Float64Array(pointCount);
  for (const stack of rest) addTo(values, stack.values);
  const total = rest.reduce((sum, stack) => sum + stack.total, 0);
  return [...stacks.slice(0, MAX_STACKS - 1), { labels: [], values, total, groups: rest.length }];
}

/** A path of bars for each stack, each on top of those before; the largest sum at the top. */
export function stackPaths(stacks: readonly ErrorStack[], width: number, height: number): readonly string[] {
  const columns = stacks[0]?.values.length ?? 0;
  const sums = new Float64Array(columns);
  for (const { values } of stacks) addTo(sums, values);
  const most = sums.reduce((a, b) => Math.max(a, b), 0);
  const below = new Float64Array(columns);
  const step = width / Math.max(1, columns);
  const gap = step >= 4 ? 1 : 0;
  return stacks.map(({ values }) => {
    let path = '';
    values.forEach((value, at) => {
      if (value === 0) return;
      const bottom = height * (1 - below[at] / most);
      below[at] += value;
      const top = height * (1 - below[at] / most);
      path += `M${(at * step).toFixed(1)} ${bottom.toFixed(1)}V${top.toFixed(1)}h${(step - gap).toFixed(1)}V${bottom.toFixed(1)}z`;
    });
    return path;
  });
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let at = 0; at < sums.length; at++) sums[at] += values[at];
}

/** Colour classes of the series charts, and one of its own for what is added up. */
export function stackClass({ labels }: ErrorStack, index: number): string {
  return labels.length === 0 ? 'is-rest' : `is-series-${index}`;
}

export function stackLabel({ labels, groups }: ErrorStack): string {
  if (labels.length === 0) return text.overview.errorPanel.rest(groups);
  return labels.map((label) => (isEmpty(label) ? text.overview.errorPanel.unnamed : attributeValue(label))).join(' · ');
}

function isEmpty({ type, value }: FoundAttribute): boolean {
  return type === 'nil' || value === '';
}

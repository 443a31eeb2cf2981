/** What became of a path from one sample of traces to another, as far as the samples can tell it from chance. */
import {
  CHANGE_COUNT,
  CHANGE_FASTER,
  CHANGE_NONE,
  CHANGE_ONLY_A,
  CHANGE_ONLY_B,
  CHANGE_SLOWER,
  LEAST_RELATIVE_CHANGE,
} from './node-changes.ts';

/** Differences are told from chance by this many standard errors. */
export const STANDARD_ERRORS = 3;
/** A path that a side lacks is missing there when chance would leave it out no more often than this. */
export const CHANCE_OF_NONE = 0.01;

/** What is compared of one side of a path. */
export interface ComparedFigures {
  readonly traces: number;
  readonly spans: number;
  readonly errors: number;
  readonly meanNano: number;
  /** Standard error of the mean; NaN where it is not known. */
  readonly errorOfMean: number;
}

/** @param tracesA traces of the sample, with the path or without. */
export function pathChange(a: ComparedFigures, tracesA: number, b: ComparedFigures, tracesB: number): number {
  if (b.traces === 0) return isNoChance(a.traces / tracesA, tracesB) ? CHANGE_ONLY_A : CHANGE_NONE;
  if (a.traces === 0) return isNoChance(b.traces / tracesB, tracesA) ? CHANGE_ONLY_B : CHANGE_NONE;
  const more = b.meanNano - a.meanNano;
  const isLarge = Math.abs(more) > Math.max(a.meanNano, b.meanNano) * LEAST_RELATIVE_CHANGE;
  // Of one span alone nothing is known of how such spans vary: NaN, which is larger than nothing.
  const isSure = Math.abs(more) > STANDARD_ERRORS * Math.hypot(a.errorOfMean, b.errorOfMean);
  if (isLarge && isSure) return more > 0 ? CHANGE_SLOWER : CHANGE_FASTER;
  const isCount =
    differ(a.traces, tracesA, b.traces, tracesB) || differ(a.errors, a.spans, b.errors, b.spans) || isMoreOften(a, b);
  return isCount ? CHANGE_COUNT : CHANGE_NONE;
}

/** Spans in a trace that has the path, as counts of what happens at random: their variance is their number. */
function isMoreOften(a: ComparedFigures, b: ComparedFigures): boolean {
  const [each, other] = [a.spans / a.traces, b.spans / b.traces];
  const deviation = Math.sqrt(a.spans / a.traces ** 2 + b.spans / b.traces ** 2);
  const more = Math.abs(each - other);
  return more > Math.max(each, other) * LEAST_RELATIVE_CHANGE && more > STANDARD_ERRORS * deviation;
}

/** Whether none of `traces` has what `share` of them should have by more than chance. */
function isNoChance(share: number, traces: number): boolean {
  return traces > 0 && (1 - share) ** traces <= CHANCE_OF_NONE;
}

/** Two shares by the test of two proportions. */
function differ(someA: number, allA: number, someB: number, allB: number): boolean {
  const pooled = (someA + someB) / (allA + allB);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / allA + 1 / allB));
  return deviation > 0 && Math.abs(someA / allA - someB / allB) > STANDARD_ERRORS * deviation;
}

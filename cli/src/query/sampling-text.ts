import type { Sampling } from '@clew/contract';
import { formatCount } from '../text/format-values.ts';

/** What share of spans a sampler left to stand for others, and how many all of them stand for. */
export function samplingText({ spans, sampled, weight }: Sampling): string {
  if (sampled === 0) return 'no matching span stands for several: each counts once';
  const share = Number(((100 * sampled) / spans).toPrecision(3));
  return (
    `${formatCount(sampled)} of ${formatCount(spans)} matching spans (${share} %) stand for several: ` +
    `counted as ${formatCount(Math.round(weight))} in all`
  );
}

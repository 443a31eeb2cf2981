import type { Hint, Static } from '@clew/traceql';
import type { SpanSample } from '../../store/span-measure.ts';

/** Exemplars where the hint asks for some and no number is named. */
export const DEFAULT_EXEMPLARS = 100;

export interface MetricsHints {
  readonly sample?: SpanSample;
  /** Undefined: the query says nothing. */
  readonly exemplars?: number;
  readonly extrapolate: boolean;
}

/**
 * What `with (…)` asks for. `sample=true` allows an answer from a sample; exact ones are cheap enough here, so only a
 * share (`sample=0.1`) makes one.
 */
export function readMetricsHints(hints: readonly Hint[]): MetricsHints {
  const value = (name: string): Static | undefined => hints.find((hint) => hint.name === name)?.value;
  const spanShare = shareOf(value('span_sample'));
  const traceShare = shareOf(value('trace_sample')) ?? shareOf(value('sample'));
  const exemplars = countOf(value('exemplars'));
  const extrapolate = value('extrapolate');
  return {
    ...(spanShare !== undefined && { sample: { of: 'spans', share: spanShare } }),
    ...(traceShare !== undefined && { sample: { of: 'traces', share: traceShare } }),
    ...(exemplars !== undefined && { exemplars }),
    extrapolate: !(extrapolate?.type === 'bool' && !extrapolate.value),
  };
}

function shareOf(value: Static | undefined): number | undefined {
  if (value?.type !== 'float' && value?.type !== 'int') return undefined;
  const share = Number(value.value);
  return share > 0 && share < 1 ? share : undefined;
}

function countOf(value: Static | undefined): number | undefined {
  if (value?.type === 'bool') return value.value ? DEFAULT_EXEMPLARS : 0;
  return value?.type === 'int' ? Number(value.value) : undefined;
}

import type { QualityAnswer } from '@clew/contract';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { loadQuality } from '../../client/api.ts';
import { text } from '../../text/catalogue.ts';
import { ProblemMessage } from '../../widgets/problem-message.tsx';
import { staleProps } from '../../widgets/stale-props.ts';
import { QUALITY_RANGES, type QualityRange } from './health-search.ts';

/** The time whose spans are looked at, and what shows them once they have been. */
export function QualityOfRange(props: {
  readonly from: QualityRange;
  readonly onFrom: (from: QualityRange) => void;
  readonly children: (quality: QualityAnswer) => ReactNode;
}) {
  const { from } = props;
  const quality = useQuery({
    queryKey: ['quality', from],
    queryFn: ({ signal }) => loadQuality({ from, to: 'now' }, signal),
    placeholderData: (before) => before,
    staleTime: 30_000,
  });
  return (
    <>
      <p className="health-range">
        <label>
          {text.health.range}
          <select
            className="field"
            value={from}
            onChange={(event) => {
              const chosen = QUALITY_RANGES.find((known) => known === event.target.value);
              if (chosen !== undefined) props.onFrom(chosen);
            }}
          >
            {QUALITY_RANGES.map((range) => (
              <option key={range} value={range}>
                {text.health.ranges[range]}
              </option>
            ))}
          </select>
        </label>
        <span className="health-note">{text.health.tenantScope}</span>
      </p>
      {quality.error !== null && <ProblemMessage error={quality.error} onRetry={() => void quality.refetch()} />}
      {quality.data === undefined ? (
        quality.error === null && <p className="health-note">{text.shell.loading}</p>
      ) : (
        <div {...staleProps(quality.isPlaceholderData, 'health-quality')}>
          {quality.data.spanCount === 0 ? <p>{text.health.noSpans}</p> : props.children(quality.data)}
        </div>
      )}
    </>
  );
}

import type { SearchStatistics } from '@clew/contract';
import { text } from '../../../text/catalogue.ts';

/** That some of what is listed was sampled, and for how many spans it stands. */
export function SamplingLine({ statistics }: { readonly statistics: SearchStatistics }) {
  const { sampling } = statistics;
  if (sampling === undefined || sampling.sampled === 0) return null;
  return (
    <p className="explore-note" role="note">
      {text.found.sampling.some(sampling.sampled, sampling.spans, sampling.weight)}
    </p>
  );
}
